// The answer to --dump-config: what this build can do, for scripts. Not: anything about one plugin (DumpPlugin).

using System.Runtime.InteropServices;
using System.Text;
using NbdFast.Storage;

namespace NbdFast.Cli;

/// <summary>Writes nbdkit's keys, and ours, which begin with <c>nbdfast_</c>; sorted.</summary>
internal static class DumpConfig
{
    /// <summary>Writes the lines. A key whose value is a folder that this program does not use has no value.</summary>
    public static string Write()
    {
        var text = new StringBuilder();
        Add(text, "binary", Installation.Binary);
        Add(text, "bindir", Installation.BinaryFolder);
        Add(text, "exit_with_parent", "yes");
        Add(text, "filterdir", Installation.UnitFolder("filter"));
        Add(text, "host_cpu", RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64");
        Add(text, "host_os", "linux-gnu");
        Add(text, "libdir", Installation.LibraryFolder);
        Add(text, "mandir", Installation.ManualFolder);
        Add(text, "name", "nbdkit");
        Add(text, "nbdfast_filters", string.Join(' ', UnitCatalogue.FilterNames));
        Add(text, "nbdfast_plugins", string.Join(' ', UnitCatalogue.PluginNames));
        Add(text, "nbdfast_version", Release.Own);
        Add(text, "plugindir", Installation.UnitFolder("plugin"));
        Add(text, "root_tls_certificates_dir", TlsSetup.RootFolder);
        Add(text, "sbindir", Installation.BinaryFolder);
        Add(text, "selinux", "yes");
        Add(text, "sysconfdir", Installation.SettingsFolder);
        Add(text, "tls", "yes");
        Add(text, "version", Release.Nbdkit);
        Add(text, "version_major", Release.NbdkitMajor);
        Add(text, "version_minor", Release.NbdkitMinor);
        Add(text, "zstd", ZstdStore.IsAvailable ? "yes" : "no");
        return text.ToString();
    }

    private static void Add(StringBuilder text, string key, string value) =>
        text.Append(key).Append('=').Append(value).Append('\n');
}
