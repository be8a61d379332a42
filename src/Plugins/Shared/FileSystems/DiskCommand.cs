// Making a disk by a shell command: mkfs, or what the user wants instead. Not: where the disk is kept, who gets it
// (the plugins).

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using NbdFast.Native;
using NbdFast.Values;

namespace NbdFast.Plugins.Shared.FileSystems;

/// <summary>
/// The command and its shell variables ("The command parameter" in nbdkit-tmpdisk-plugin(1)). Nothing is exported: the
/// variables stand before the command in one script.
/// </summary>
internal sealed class DiskCommand
{
    private const string Shell = "/bin/sh";
    private const string DiskVariable = "disk";
    private const string DefaultType = "ext4";
    private const int Kill = 9;

    // A child gives no sign when it ends but to those who do nothing but wait.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(32);

    // Each mkfs has its own ways of being quiet, of taking a file for a disk, and of taking a label.
    private const string MakeFileSystem = """
        PATH=$PATH:/usr/sbin:/sbin
        case "$type" in
            ext[234]) set -- -q -F ;;
            xfs | btrfs) set -- -q -f ;;
            ntfs) set -- -q -Q -F ;;
            jfs | reiserfs) set -- -q ;;
            *) set -- ;;
        esac
        if [ -n "$label" ]; then
            case "$type" in
                fat | vfat | msdos) set -- "$@" -n "$label" ;;
                f2fs | reiserfs | udf) set -- "$@" -l "$label" ;;
                hfs | hfsplus) set -- "$@" -v "$label" ;;
                *) set -- "$@" -L "$label" ;;
            esac
        fi
        truncate -s "$size" "$disk" && mkfs -t "$type" "$@" "$disk"

        """;

    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    /// <summary>The user's own command, or null for mkfs.</summary>
    public string? Command { get; set; }

    /// <summary>Sets a variable.</summary>
    /// <exception cref="ConfigException">The shell has no such variables, or this one is not the user's.</exception>
    public void Set(string name, string value)
    {
        if (name == DiskVariable)
            throw new ConfigException($"'{name}' parameter cannot be set on the command line");
        if (!name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            throw new ConfigException($"'{name}' parameter: a shell variable has letters, digits and underscores only");
        _variables[name] = value;
    }

    /// <summary>Makes a disk. Errors have been told.</summary>
    /// <param name="disk">Its path, where nothing is yet.</param>
    /// <param name="size">Its size in bytes; the user's command need not care.</param>
    public Errno Run(string disk, DiskSize size)
    {
        int process = Libc.Spawn(Shell, ["sh", "-c", ScriptFor(disk, size)], withoutInput: true, ownGroup: true);
        int status = 0;
        Errno errno = process < 0 ? (Errno)(-process) : WaitFor(process, out status);
        if (errno == Errno.ESHUTDOWN)
            return errno;   // Nobody is there any more to be told.
        if (errno != Errno.Ok)
            return Log.Error(errno, $"{Shell}: {errno.Text()}");
        if (status < 0)
            return Log.Error(Errno.EIO, $"command killed by signal {-status}");
        return status == 0 ? Errno.Ok : Log.Error(Errno.EIO, $"command exited with code {status}");
    }

    /// <summary>The script for a disk.</summary>
    internal string ScriptFor(string disk, DiskSize size)
    {
        // Standard output may be a client's connection, or belong to --run's command.
        StringBuilder script = new("exec >/dev/null\n");
        if (Command == null)
        {
            Define(script, "type", DefaultType);
            Define(script, "label", "");
        }

        foreach ((string name, string value) in _variables)
            Define(script, name, value);
        Define(script, "size", size.Bytes.ToString(CultureInfo.InvariantCulture));
        Define(script, DiskVariable, disk);
        return script.Append(Command ?? MakeFileSystem).ToString();
    }

    // Until it ends or the server does, which takes it with it, and all that it has started.
    private static Errno WaitFor(int process, out int status)
    {
        for (TimeSpan pause = ShortestPause; ; pause = pause < LongestPause ? 2 * pause : pause)
        {
            Errno errno = Libc.LookForChild(process, out bool hasEnded, out status);
            if (errno != Errno.Ok || hasEnded)
                return errno;
            if (Sleep.For(pause) == Errno.Ok)
                continue;
            Libc.SendSignal(-process, Kill);
            Libc.WaitForChild(process, out status);
            return Errno.ESHUTDOWN;
        }
    }

    private static void Define(StringBuilder script, string name, string value) =>
        script.Append(name).Append("='").Append(value.Replace("'", "'\\''", StringComparison.Ordinal)).Append("'\n");
}
