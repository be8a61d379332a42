// What makes a type usable as a parameter. Not: the types.

namespace NbdFast.Values;

/// <summary>A type that parses its own text from the command line.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IValue<TSelf>
    where TSelf : IValue<TSelf>
{
    /// <summary>Parses the text.</summary>
    /// <exception cref="ConfigException">It is wrong; the message says what is wrong with it.</exception>
    static abstract TSelf Parse(string value);
}
