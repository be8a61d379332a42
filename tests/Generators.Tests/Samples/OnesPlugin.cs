// A plugin without state per connection: it is its own connection.

using System;
using System.Collections.Generic;
using NbdFast;
using NbdFast.Values;

namespace Sample.Ones;

public enum OnesPattern
{
    Plain,
    MarkedBlocks,
}

[NbdPlugin("ones", "sample ones plugin", Description = "Serves one repeated byte.",
    ThreadModel = ThreadModel.SerializeRequests, Latency = Latency.Memory)]
public sealed partial class OnesPlugin : Plugin
{
    [NbdParameter("size", Magic = true, Required = true, Help = "Size of the backing disk.")]
    public DiskSize Size { get; private set; }

    [NbdParameter("byte", Help = "Repeating byte to use\n(default: 0xff).")]
    public byte Byte { get; private set; } = 0xff;

    [NbdParameter("pattern", ValueName = "plain|marked-blocks", Help = "What is repeated.")]
    public OnesPattern? Pattern { get; private set; }

    [NbdParameter("wait")]
    public Delay? Wait { get; private set; }

    [NbdParameter("label", Help = "May be repeated.")]
    public List<string> Labels { get; } = [];

    [NbdParameter("level", Help = "May be repeated.")]
    public List<int>? Levels { get; private set; }

    [NbdParameter("password", Help = "Not used for anything.")]
    public Password? Password { get; private set; }

    [NbdParameter("verify")]
    public bool Verify { get; private set; }

    public override bool Config(string key, string value) => key.StartsWith("x-", StringComparison.Ordinal);

    public override Errno Describe(ref ExportInfo info)
    {
        info.Size = Size;
        info.MultiConn = true;
        info.CanFastZero = true;
        DescribeBlocks(ref info);
        return Errno.Ok;
    }

    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        buffer.Fill(Byte);
        return Errno.Ok;
    }

    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) => Errno.Ok;

    public override Errno Zero(ulong count, ulong offset, RequestFlags flags) => Errno.Ok;

    private static void DescribeBlocks(ref ExportInfo info) => info.BlockPreferred = 4096;
}
