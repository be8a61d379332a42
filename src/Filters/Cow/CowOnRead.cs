// The parameter cow-on-read: never, always, or while a file exists. Not: the copying (CowFilter.Connection).

using NbdFast.Values;

namespace NbdFast.Filters;

/// <summary>When the cow filter keeps what is read: a boolean, or an absolute path whose existence means
/// true.</summary>
public readonly record struct CowOnRead : IValue<CowOnRead>
{
    private readonly bool _always;
    private readonly TriggerFile? _trigger;

    private CowOnRead(bool always, TriggerFile? trigger)
    {
        _always = always;
        _trigger = trigger;
    }

    /// <summary>What is read now is to be kept. With a path, the file is looked for.</summary>
    public bool IsActive => _always || (_trigger != null && _trigger.Exists);

    /// <summary>Parses a boolean or a path.</summary>
    /// <exception cref="ConfigException">Neither a boolean nor an absolute path.</exception>
    public static CowOnRead Parse(string value) => value.StartsWith('/')
        ? new CowOnRead(false, new TriggerFile(value))
        : new CowOnRead(Parsers.ParseBool(value), null);
}
