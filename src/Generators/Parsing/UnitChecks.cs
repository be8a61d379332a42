// The rules about a unit's class, name and operations: NBDF001, 002, 007, 008, 009. Not: rules about parameters
// (ParameterParser) or several units (NameConflicts).

using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NbdFast.Generators.Model;
using NbdFast.Generators.Rules;

namespace NbdFast.Generators.Parsing;

/// <summary>Each check adds what is wrong; one that returns false leaves nothing to generate code for.</summary>
internal static class UnitChecks
{
    public static bool CheckClass(INamedTypeSymbol type, UnitKind kind, List<DiagnosticInfo> diagnostics)
    {
        string wanted = kind == UnitKind.Plugin ? KnownNames.Plugin : KnownNames.Filter;
        string? fault =
            !type.DerivesFrom(wanted) ? $"must derive from {wanted}" :
            !type.IsSealed ? "must be sealed" :
            !IsPartial(type) ? "must be partial, for the generator adds members to it" :
            type.ContainingType != null ? "must not be nested in another class" :
            type.IsGenericType ? "must not be generic" :
            !HasParameterlessConstructor(type) ? "needs a constructor without parameters that the registry can call" :
            null;
        if (fault != null)
            diagnostics.Add(DiagnosticInfo.Of(Descriptors.BadUnitClass, LocationInfo.Of(type), type.Name, fault));
        return fault == null;
    }

    public static bool CheckName(INamedTypeSymbol type, string name, List<DiagnosticInfo> diagnostics)
    {
        bool valid = name.Length > 0 && name[0] != '-' && name.All(c => IsAsciiLetterOrDigit(c) || c == '-');
        if (!valid)
            diagnostics.Add(DiagnosticInfo.Of(Descriptors.BadUnitName, LocationInfo.Of(type), name));
        return valid;
    }

    /// <summary>The generated code says <c>new Connection&lt;ChainNext&gt;(this)</c>: see that this compiles.</summary>
    public static bool CheckFilterConnection(
        INamedTypeSymbol filter, INamedTypeSymbol? connection, List<DiagnosticInfo> diagnostics)
    {
        string? fault =
            connection == null ? "needs a nested class Connection<TNext>" :
            !connection.DerivesFrom(KnownNames.FilterConnection) ? "must derive from FilterConnection<TNext>" :
            !connection.IsSealed ? "must be sealed" :
            !TakesFilterAlone(connection, filter) ? $"needs a constructor whose only parameter is {filter.Name}" :
            null;
        if (fault == null)
            return true;
        ISymbol place = (ISymbol?)connection ?? filter;
        string name = connection == null ? filter.Name : $"{filter.Name}.{connection.Name}<TNext>";
        diagnostics.Add(DiagnosticInfo.Of(Descriptors.BadConnection, LocationInfo.Of(place), name, fault));
        return false;
    }

    public static void CheckOperations(
        INamedTypeSymbol type, INamedTypeSymbol connection, UnitModel model, List<DiagnosticInfo> diagnostics)
    {
        if (model.Kind == UnitKind.Filter)
            CheckNothingOutsideConnection(type, diagnostics);
        if (model.Kind == UnitKind.Filter || Overrides(model, "Write"))
            return;   // A filter passes writes on, so that a trim may well arrive without its own Write.
        foreach (string operation in new[] { "Trim", "Zero" })
        {
            if (Overrides(model, operation))
            {
                diagnostics.Add(DiagnosticInfo.Of(
                    Descriptors.ReadOnlyDiskIsChanged, LocationInfo.Of(connection) ?? LocationInfo.Of(type),
                    connection.Name, operation));
            }
        }
    }

    // A filter has no operations to override: a method of that name in it is a mistake that the compiler does not see.
    private static void CheckNothingOutsideConnection(INamedTypeSymbol filter, List<DiagnosticInfo> diagnostics)
    {
        foreach (IMethodSymbol method in filter.GetMembers().OfType<IMethodSymbol>())
        {
            if (!method.IsStatic && OperationFinder.IsOperationName(method.Name) && ReturnsErrno(method))
            {
                diagnostics.Add(DiagnosticInfo.Of(
                    Descriptors.OperationOutsideConnection, LocationInfo.Of(method), TypeNames.NameForComment(method)));
            }
        }
    }

    // Private stores may well have a Read of their own; what has an operation's name and answers as one does not.
    private static bool ReturnsErrno(IMethodSymbol method) =>
        method.ReturnType.ToDisplayString() is "NbdFast.Errno" or "System.Threading.Tasks.ValueTask<NbdFast.Errno>";

    private static bool Overrides(UnitModel model, string operation) =>
        model.Overrides.Any(found => found.Operation == operation);

    private static bool TakesFilterAlone(INamedTypeSymbol connection, INamedTypeSymbol filter) =>
        connection.InstanceConstructors.Any(constructor =>
            constructor.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal &&
            constructor.Parameters.Length == 1 &&
            SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, filter));

    private static bool HasParameterlessConstructor(INamedTypeSymbol type) =>
        type.InstanceConstructors.Any(constructor =>
            constructor.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal &&
            constructor.Parameters.Length == 0);

    private static bool IsPartial(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax() is ClassDeclarationSyntax declaration &&
            declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static bool IsAsciiLetterOrDigit(char c) =>
        c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
}
