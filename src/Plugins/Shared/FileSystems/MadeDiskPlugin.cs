// What plugins have in common that make file systems: the parameters that say which. Not: making one (DiskCommand), for
// whom and where.

using NbdFast.Values;

namespace NbdFast.Plugins.Shared.FileSystems;

/// <summary>A plugin whose disks are made by mkfs, or by a command of the user's.</summary>
public abstract class MadeDiskPlugin : Plugin
{
    /// <summary>The size of new disks in bytes; a command may make it another.</summary>
    [NbdParameter("size", Magic = true, Required = true, Help = "Size of each new disk.")]
    public DiskSize Size { get; private protected set; }

    /// <summary>The file system, as mkfs(8) calls it.</summary>
    [NbdParameter("type", ValueName = "ext4|...", Help = "The type of the file system (default: ext4).")]
    public string? Type
    {
        get;
        private protected set => Set("type", field = value);
    }

    /// <summary>The label of the file system.</summary>
    [NbdParameter("label", Help = "The label of the file system.")]
    public string? Label
    {
        get;
        private protected set => Set("label", field = value);
    }

    /// <summary>What makes a disk instead of mkfs.</summary>
    [NbdParameter("command", Help = "A shell command that makes the disk, instead of mkfs.")]
    public string? Command
    {
        get => Making.Command;
        private protected set => Making.Command = value;
    }

    private protected DiskCommand Making { get; } = new();

    /// <summary>Any other parameter is a variable of the command.</summary>
    public sealed override bool Config(string key, string value)
    {
        Set(key, value);
        return true;
    }

    private void Set(string name, string? value) => Making.Set(name, value!);
}
