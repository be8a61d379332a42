// The first of three samples for authors of plugins, to be read beside docs/authoring.md: the smallest plugin that
// serves something worth looking at. Not: parameters, files, state (example2, example3).

using System;

namespace NbdFast.Plugins.Example1;

/// <summary>Serves a disk of 100 MB with one empty partition, which nobody can write to.</summary>
/// <remarks>
/// A plugin is a class that is sealed, partial and derived from <see cref="Plugin"/>. The attribute gives it the name
/// for the command line: <c>nbdfast example1</c>. At compile time a generator reads the class and writes all that
/// connects it with the server into the other half of it; nothing has to be registered. <c>ThreadModel</c> says that
/// any number of calls may be under way at once, which is safe here, for nothing ever changes. <c>Latency.Memory</c>
/// says that no call ever waits, so that the server need not hand them to other threads.
/// </remarks>
[NbdPlugin("example1", "nbdkit example1 plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Memory,
    Description = "An example: a small disk with one empty partition.")]
public sealed partial class Example1Plugin : Plugin
{
    private const ulong DiskBytes = 100 << 20;

    // Where the boot record has its table. All of the disk but the table, and the mark behind it, is zeroes.
    private const int TableOffset = 446;

    // One partition of Linux (0x83) from sector 2048 to the end, three entries that are not used, and the mark.
    private static ReadOnlySpan<byte> PartitionTable =>
    [
        0x00, 0xfe, 0xff, 0xff, 0x83, 0xfe, 0xff, 0xff, 0x00, 0x08, 0x00, 0x00, 0x00, 0x18, 0x03, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x55, 0xaa,
    ];

    /// <summary>Called for each client that connects. What it finds in <paramref name="info"/> follows from the methods
    /// that this class overrides: there is no <c>Write</c>, so the disk is read-only. What differs is changed, and the
    /// size is always to be said.</summary>
    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = DiskBytes;
        info.MultiConn = true;   // All connections see the same disk: a client may use several at once.
        return Errno.Ok;
    }

    /// <summary>Fills all of <paramref name="buffer"/> with what lies at <paramref name="offset"/>. The range is on
    /// the disk: the server has checked that.</summary>
    /// <remarks>Data operations return an <see cref="Errno"/> and do not throw. The attribute asks the compiler to
    /// watch that this one does not allocate memory either, for it may be called a million times in a second.
    /// </remarks>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        buffer.Clear();
        ulong start = Math.Max(offset, TableOffset);
        ulong end = Math.Min(offset + (ulong)buffer.Length, (ulong)(TableOffset + PartitionTable.Length));
        if (start < end)
            PartitionTable[(int)(start - TableOffset)..(int)(end - TableOffset)]
                .CopyTo(buffer[(int)(start - offset)..]);
        return Errno.Ok;
    }
}
