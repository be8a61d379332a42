// From the properties with [NbdParameter] to their models, with the rules NBDF004 to 006. Not: how a type is parsed
// (ValueTypeParser).

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using NbdFast.Generators.Model;
using NbdFast.Generators.Rules;

namespace NbdFast.Generators.Parsing;

internal static class ParameterParser
{
    /// <summary>The parameters in the order of declaration, those of the author's base classes first.</summary>
    public static EquatableArray<ParameterModel> ParseAll(
        INamedTypeSymbol unit, Compilation compilation, List<DiagnosticInfo> diagnostics)
    {
        var found = new List<ParameterModel>();
        foreach (INamedTypeSymbol type in unit.WrittenByAuthor().Reverse())
        {
            foreach (IPropertySymbol property in type.GetMembers().OfType<IPropertySymbol>())
            {
                AttributeData? attribute = property.GetAttributes().FirstOrDefault(
                    candidate => candidate.AttributeClass?.IsNamed(KnownNames.ParameterAttribute) == true);
                if (attribute != null && Parse(property, attribute, unit, compilation, diagnostics) is { } parameter &&
                    CheckAgainst(found, parameter, property, diagnostics))
                {
                    found.Add(parameter);
                }
            }
        }
        return EquatableArray<ParameterModel>.From(found);
    }

    private static ParameterModel? Parse(
        IPropertySymbol property, AttributeData attribute, INamedTypeSymbol unit, Compilation compilation,
        List<DiagnosticInfo> diagnostics)
    {
        string key = attribute.ConstructorArguments.FirstOrDefault().Value as string ?? "";
        if (!IsKey(key))
        {
            diagnostics.Add(DiagnosticInfo.Of(
                Descriptors.ParameterKey, LocationInfo.Of(property), key,
                "is no key: after a letter come letters, digits, periods, underscores and dashes"));
            return null;
        }
        ParameterModel? parsed = ValueTypeParser.Parse(property.Type, compilation, unit, out string fault);
        if (parsed != null && !parsed.IsList && !CanBeSet(property, compilation, unit))
            fault = $"property '{property.Name}' has no setter that generated code can reach";
        if (parsed == null || fault.Length > 0)
        {
            diagnostics.Add(DiagnosticInfo.Of(Descriptors.NoParser, LocationInfo.Of(property), key, fault));
            return null;
        }
        return parsed with
        {
            Key = key,
            Property = property.Name,
            IsMagic = Argument(attribute, "Magic") is true,
            IsRequired = Argument(attribute, "Required") is true,
            Help = Argument(attribute, "Help") as string ?? "",
            ValueName = Argument(attribute, "ValueName") as string ?? key.ToUpperInvariant(),
        };
    }

    private static bool CheckAgainst(
        List<ParameterModel> found, ParameterModel parameter, IPropertySymbol property,
        List<DiagnosticInfo> diagnostics)
    {
        LocationInfo? place = LocationInfo.Of(property);
        if (found.FirstOrDefault(other => other.Key == parameter.Key) is { } same)
        {
            diagnostics.Add(DiagnosticInfo.Of(
                Descriptors.ParameterKey, place, parameter.Key, $"is already taken by property '{same.Property}'"));
            return false;
        }
        if (parameter.IsMagic && found.FirstOrDefault(other => other.IsMagic) is { } magic)
            diagnostics.Add(DiagnosticInfo.Of(Descriptors.TwoMagicParameters, place, parameter.Key, magic.Key));
        return true;
    }

    private static bool CanBeSet(IPropertySymbol property, Compilation compilation, INamedTypeSymbol unit) =>
        property.SetMethod is { IsInitOnly: false } setter && compilation.IsSymbolAccessibleWithin(setter, unit);

    private static object? Argument(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value;

    private static bool IsKey(string key) =>
        key.Length > 0 && IsLetter(key[0]) &&
        key.All(c => IsLetter(c) || c is >= '0' and <= '9' || ".-_".IndexOf(c) >= 0);

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
}
