// Finds which of nbdkit's callbacks a unit provides, for --dump-plugin. Not: operations of requests (OperationFinder).

using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using NbdFast.Generators.Model;

namespace NbdFast.Generators.Parsing;

internal static class CallbackFinder
{
    // The order in which nbdkit prints its has_ lines.
    private static readonly string[] Order =
    [
        "longname", "description", "load", "unload", "dump_plugin", "config", "config_complete", "config_help",
        "thread_model", "get_ready", "after_fork", "cleanup", "preconnect", "list_exports", "default_export", "open",
        "prepare", "finalize", "close", "export_description", "get_size", "block_size", "can_write", "can_flush",
        "is_rotational", "can_trim", "can_zero", "can_fast_zero", "can_extents", "can_fua", "can_multi_conn",
        "can_cache", "pread", "pwrite", "flush", "trim", "zero", "extents", "cache",
    ];

    private static readonly Dictionary<string, string> OfUnitMember = new()
    {
        ["Dispose"] = "unload",
        ["DumpFields"] = "dump_plugin",
        ["Config"] = "config",
        ["ConfigComplete"] = "config_complete",
        ["EffectiveThreadModel"] = "thread_model",
        ["GetReady"] = "get_ready",
        ["AfterFork"] = "after_fork",
        ["Cleanup"] = "cleanup",
        ["Preconnect"] = "preconnect",
        ["ListExports"] = "list_exports",
        ["DefaultExport"] = "default_export",
        ["Open"] = "open",
        ["Opening"] = "open",
    };

    private static readonly Dictionary<string, string> OfConnectionMember = new()
    {
        ["Prepare"] = "prepare",
        ["Finish"] = "finalize",
        ["Close"] = "close",
    };

    private static readonly Dictionary<string, string> OfOperation = new()
    {
        ["Read"] = "pread",
        ["Write"] = "pwrite",
        ["Flush"] = "flush",
        ["Trim"] = "trim",
        ["Zero"] = "zero",
        ["Extents"] = "extents",
        ["Cache"] = "cache",
    };

    public static EquatableArray<CallbackModel> Find(UnitModel unit, INamedTypeSymbol type, INamedTypeSymbol connection)
    {
        var found = new Dictionary<string, string>();
        AddDeclared(found, unit);
        if (type.InstanceConstructors.Any(constructor => !constructor.IsImplicitlyDeclared))
            found["load"] = $"{type.Name}'s constructor";
        AddOverrides(found, type, OfUnitMember);
        AddOverrides(found, connection, OfConnectionMember);
        foreach (KeyValuePair<string, string> described in DescribedFields.Find(connection))
            AddOnce(found, described.Key, described.Value);
        foreach (OverrideModel operation in unit.Overrides)
        {
            if (OfOperation.TryGetValue(operation.Operation, out string? callback))
                AddOnce(found, callback, operation.Source);
        }
        return EquatableArray<CallbackModel>.From(
            Order.Where(found.ContainsKey).Select(name => new CallbackModel(name, found[name])));
    }

    // What follows from attributes, and what every plugin has because nbdkit does not load one without it.
    private static void AddDeclared(Dictionary<string, string> found, UnitModel unit)
    {
        if (unit.LongName.Length > 0)
            found["longname"] = "the attribute";
        if (unit.Description != null)
            found["description"] = "the attribute";
        if (unit.Kind == UnitKind.Plugin)
        {
            found["open"] = "every plugin";
            found["get_size"] = "every plugin";
        }
        if (unit.Parameters.Count == 0)
            return;
        found["config"] = "the parameters";
        found["config_help"] = "the parameters";
        if (unit.Parameters.Any(parameter => parameter.IsRequired))
            found["config_complete"] = "the required parameters";
    }

    private static void AddOverrides(
        Dictionary<string, string> found, INamedTypeSymbol type, Dictionary<string, string> callbacks)
    {
        foreach (ISymbol member in type.WrittenByAuthor().SelectMany(written => written.GetMembers()))
        {
            if (member.IsOverride && callbacks.TryGetValue(member.Name, out string? callback))
                found[callback] = TypeNames.NameForComment(member);
        }
    }

    private static void AddOnce(Dictionary<string, string> found, string callback, string source)
    {
        if (!found.ContainsKey(callback))
            found.Add(callback, source);
    }
}
