// From the type of a property to the way its text is parsed. Not: the rest of a parameter (ParameterParser).

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using NbdFast.Generators.Model;

namespace NbdFast.Generators.Parsing;

internal static class ValueTypeParser
{
    private const string ListType = "System.Collections.Generic.List<T>";
    private const string ParseMethod = "Parse";

    private static readonly Dictionary<SpecialType, string> Builtin = new()
    {
        [SpecialType.System_Boolean] = "ParseBool",
        [SpecialType.System_SByte] = "ParseSByte",
        [SpecialType.System_Byte] = "ParseByte",
        [SpecialType.System_Int16] = "ParseInt16",
        [SpecialType.System_UInt16] = "ParseUInt16",
        [SpecialType.System_Int32] = "ParseInt32",
        [SpecialType.System_UInt32] = "ParseUInt32",
        [SpecialType.System_Int64] = "ParseInt64",
        [SpecialType.System_UInt64] = "ParseUInt64",
    };

    /// <summary>A model with nothing but the type's part filled in, or null and what is wrong.</summary>
    public static ParameterModel? Parse(
        ITypeSymbol type, Compilation compilation, INamedTypeSymbol unit, out string fault)
    {
        bool isList = type.OriginalDefinition.ToDisplayString() == ListType;
        bool isListNullable = isList && type.NullableAnnotation == NullableAnnotation.Annotated;
        ITypeSymbol value = WithoutNullable(isList ? ((INamedTypeSymbol)type).TypeArguments[0] : type);
        fault = "";
        (ParserKind Kind, string Method)? parser = Find(value, compilation, unit, ref fault);
        if (parser == null)
            return null;
        return new ParameterModel
        {
            Key = "",
            Property = "",
            ValueType = value
                .WithNullableAnnotation(NullableAnnotation.NotAnnotated)
                .ToDisplayString(TypeNames.Qualified),
            Parser = parser.Value.Kind,
            ParserMethod = parser.Value.Method,
            Words = parser.Value.Kind == ParserKind.Words ? WordsOf(value) : default,
            IsList = isList,
            IsListNullable = isListNullable,
            IsSecret = value.IsNamed(KnownNames.Password),
            IsMagic = false,
            IsRequired = false,
            Help = "",
            ValueName = "",
        };
    }

    private static (ParserKind Kind, string Method)? Find(
        ITypeSymbol value, Compilation compilation, INamedTypeSymbol unit, ref string fault)
    {
        if (value.SpecialType == SpecialType.System_String)
            return (ParserKind.Text, "");
        if (Builtin.TryGetValue(value.SpecialType, out string? method))
            return (ParserKind.Builtin, method);
        if (value.TypeKind == TypeKind.Enum)
            return (ParserKind.Words, "");
        if (HasOwnParser(value, compilation, unit))
            return (ParserKind.Own, ParseMethod);
        fault = IsOfRuntime(value)
            ? $"{value.ToDisplayString()} does not tell users what is wrong with a value; use a type of NbdFast.Values"
            : $"{value.ToDisplayString()} has no 'static {value.Name} Parse(string)'";
        return null;
    }

    // A type of the runtime would throw FormatException, which is no message for a user.
    private static bool HasOwnParser(
        ITypeSymbol value, Compilation compilation, INamedTypeSymbol unit) =>
        !IsOfRuntime(value) && value.GetMembers(ParseMethod).OfType<IMethodSymbol>().Any(method =>
            method.IsStatic && !method.IsGenericMethod &&
            SymbolEqualityComparer.Default.Equals(method.ReturnType, value) &&
            method.Parameters.Length == 1 && method.Parameters[0].Type.SpecialType == SpecialType.System_String &&
            compilation.IsSymbolAccessibleWithin(method, unit));

    private static bool IsOfRuntime(ITypeSymbol value)
    {
        string space = value.ContainingNamespace?.ToDisplayString() ?? "System";
        return space == "System" || space.StartsWith("System.", StringComparison.Ordinal);
    }

    private static ITypeSymbol WithoutNullable(ITypeSymbol type) =>
        type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T
            ? ((INamedTypeSymbol)type).TypeArguments[0]
            : type;

    private static EquatableArray<WordModel> WordsOf(ITypeSymbol type) =>
        EquatableArray<WordModel>.From(
            from field in type.GetMembers().OfType<IFieldSymbol>()
            where field.HasConstantValue
            select new WordModel(Kebab(field.Name), field.Name));

    /// <summary>FastZero becomes fast-zero, GPTTable gpt-table, Md5 md5.</summary>
    private static string Kebab(string name)
    {
        var word = new StringBuilder(name.Length + 4);
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            bool afterSmall = i > 0 && !char.IsUpper(name[i - 1]);
            bool beforeSmall = i > 0 && i + 1 < name.Length && char.IsLower(name[i + 1]);
            if (char.IsUpper(c) && (afterSmall || beforeSmall) && word.Length > 0)
                word.Append('-');
            word.Append(char.ToLowerInvariant(c));
        }
        return word.ToString();
    }
}
