// The answer to --dump-plugin: what a plugin is and can, for scripts. Not: the server itself (DumpConfig).

using System.IO;
using NbdFast.Chain;

namespace NbdFast.Cli;

/// <summary>Writes nbdkit's keys about a plugin, then what the units have to add.</summary>
internal static class DumpPlugin
{
    // Of struct nbdkit_plugin, API version 2: what a plugin that C code describes would have.
    private const string ApiVersion = "2";
    private const string StructSize = "384";

    /// <summary>Writes the lines. Parameters have been applied, but not completed, as with nbdkit.</summary>
    public static string Write(ChainConfig chain)
    {
        UnitTable plugin = chain.Plugin.Table;
        using var text = new StringWriter { NewLine = "\n" };
        Add(text, "path", Installation.FileOf("plugin", plugin.Name));
        Add(text, "name", plugin.Name);
        Add(text, "version", Release.Nbdkit);
        Add(text, "api_version", ApiVersion);
        Add(text, "struct_size", StructSize);
        Add(text, "max_thread_model", ChainConfig.NameOf(plugin.ThreadModel));
        Add(text, "thread_model", ChainConfig.NameOf(chain.ThreadModel));
        Add(text, "errno_is_preserved", "1");
        if (plugin.MagicKey != null)
            Add(text, "magic_config_key", plugin.MagicKey);
        foreach (string callback in plugin.Callbacks)
            Add(text, "has_" + callback, "1");
        chain.Plugin.DumpFields(text);
        foreach (Filter filter in chain.Filters)
        {
            string name = filter.Table.Name;
            Add(text, name + "_path", Installation.FileOf("filter", name));
            Add(text, name + "_name", name);
            filter.DumpFields(text);
        }

        return text.ToString();
    }

    private static void Add(StringWriter text, string key, string value)
    {
        text.Write(key);
        text.Write('=');
        text.WriteLine(value);
    }
}
