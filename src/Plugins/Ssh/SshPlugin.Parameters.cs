// The parameters of the ssh plugin, and what of them can be checked at once. Not: connecting (SshLogin).

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using NbdFast.Native;
using NbdFast.Values;

namespace NbdFast.Plugins.Ssh;

public sealed partial class SshPlugin
{
    private const uint MostMode = 0x1ff;                          // 0777
    private const uint MostTimeoutSeconds = int.MaxValue / 1000;  // libssh counts in milliseconds.

    /// <summary>The host.</summary>
    [NbdParameter("host", Required = true, Help = "SSH server hostname.")]
    public string Host { get; private set; } = "";

    /// <summary>The file there.</summary>
    [NbdParameter("path", Magic = true, Required = true, Help = "SSH remote path.")]
    public string Path { get; private set; } = "";

    /// <summary>A number or the name of a service.</summary>
    [NbdParameter("port", Help = "SSH protocol port number.")]
    public string? Port { get; private set; }

    /// <summary>The user there.</summary>
    [NbdParameter("user", Help = "SSH user name.")]
    public string? User { get; private set; }

    /// <summary>The password of the user there.</summary>
    [NbdParameter("password", Help = "SSH password.")]
    public Password? Password { get; private set; }

    /// <summary>A configuration file; "" for none, null for the usual ones.</summary>
    [NbdParameter("config", Help = "Alternate local SSH configuration file.")]
    public string? Configuration { get; private set; }

    /// <summary>The file of known hosts, or null for the usual ones.</summary>
    [NbdParameter("known-hosts", ValueName = "FILENAME", Help = "Set location of known_hosts file.")]
    public string? KnownHosts { get; private set; }

    /// <summary>Private keys, the last one the first to be tried.</summary>
    [NbdParameter("identity", ValueName = "FILENAME", Help = "Prepend private key (identity) file; may be repeated.")]
    public List<string> Identity { get; } = [];

    /// <summary>How long connecting may take, in seconds; 0: as libssh has it.</summary>
    [NbdParameter("timeout", ValueName = "SECS", Help = "Set SSH connection timeout.")]
    public uint Timeout { get; private set; }

    /// <summary>Look for the host's key among those of known hosts.</summary>
    [NbdParameter("verify-remote-host", ValueName = "BOOL",
        Help = "Set to false to ignore known_hosts (default: true).")]
    public bool VerifyRemoteHost { get; private set; } = true;

    /// <summary>Compress; null to leave it to the configuration file.</summary>
    [NbdParameter("compression", ValueName = "BOOL", Help = "Enable compression (default: false).")]
    public bool? Compression { get; private set; }

    /// <summary>Make the file.</summary>
    [NbdParameter("create", ValueName = "BOOL", Help = "Create the remote file (default: false).")]
    public bool Create { get; private set; }

    /// <summary>The permissions of the new file.</summary>
    [NbdParameter("create-mode", ValueName = "MODE", Help = "Set the permissions of the remote file (default: 0600).")]
    public uint CreateMode { get; private set; } = 0x180;

    /// <summary>The size of the new file.</summary>
    [NbdParameter("create-size", ValueName = "SIZE", Help = "Set the size of the remote file.")]
    public DiskSize? CreateSize { get; private set; }

    /// <summary>The port, or null for the usual one.</summary>
    internal uint? PortNumber { get; private set; }

    private void CheckParameters()
    {
        if (Host.Length == 0)
            throw new ConfigException("host: the name is empty");
        if (Path.Length == 0)
            throw new ConfigException("path: the path is empty");
        if (User is "")
            throw new ConfigException("user: the name is empty");
        if (Timeout > MostTimeoutSeconds)
            throw new ConfigException($"timeout is too large: {Timeout} (at most {MostTimeoutSeconds} seconds)");
        if (CreateMode > MostMode)
            throw new ConfigException("create-mode must be <= 0777");
        if (Create && CreateSize == null)
            throw new ConfigException(
                "if using create=true, you must specify the size of the new remote file using create-size=SIZE");
        CheckPath("config", Configuration is "" ? null : Configuration);
        CheckPath("known-hosts", KnownHosts);
        foreach (string identity in Identity)
            CheckPath("identity", identity);
        PortNumber = Port == null ? null : NumberOf(Port);
    }

    // libssh replaces what begins with a tilde or a percent sign, by an absolute path if the user has it right.
    private static void CheckPath(string parameter, string? path)
    {
        if (path is not (null or ['/' or '~' or '%', ..]))
            throw new ConfigException($"{parameter}: an absolute path was expected, not '{path}'");
    }

    private static uint NumberOf(string port)
    {
        if (port.Length > 0 && port.All(char.IsAsciiDigit))
        {
            return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number)
                && number > 0
                ? number
                : throw new ConfigException($"port: a number from 1 to {ushort.MaxValue} was expected, not {port}");
        }

        // The port stands behind the family, in the addresses of both kinds.
        const int PortOffset = sizeof(ushort);
        string? failure = AddressResolver.Resolve(null, port, 0, out IReadOnlyList<AddressResolver.Resolved> found);
        if (port.Length == 0 || failure != null || found.Count == 0)
            throw new ConfigException($"port: '{port}': {failure ?? "there is no such service"}");
        return BinaryPrimitives.ReadUInt16BigEndian(found[0].Bytes.AsSpan(PortOffset));
    }
}
