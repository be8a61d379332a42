// One key=value parameter of a unit. Not: its value's syntax (Core's Api/Values).

namespace NbdFast.Generators.Model;

/// <summary>A property with <c>[NbdParameter]</c>.</summary>
internal sealed record ParameterModel
{
    public required string Key { get; init; }

    public required string Property { get; init; }

    /// <summary>The type of one value, fully qualified, without <c>Nullable</c> or <c>List</c> around it.</summary>
    public required string ValueType { get; init; }

    public required ParserKind Parser { get; init; }

    /// <summary>For <see cref="ParserKind.Builtin"/> the method's name; else "".</summary>
    public required string ParserMethod { get; init; }

    /// <summary>For <see cref="ParserKind.Words"/>.</summary>
    public required EquatableArray<WordModel> Words { get; init; }

    /// <summary>The property is a <c>List&lt;T&gt;</c>: the key may be repeated.</summary>
    public required bool IsList { get; init; }

    /// <summary>The list does not exist before the first value.</summary>
    public required bool IsListNullable { get; init; }

    /// <summary>The value must not be shown in messages.</summary>
    public required bool IsSecret { get; init; }

    public required bool IsMagic { get; init; }

    public required bool IsRequired { get; init; }

    public required string Help { get; init; }

    public required string ValueName { get; init; }
}
