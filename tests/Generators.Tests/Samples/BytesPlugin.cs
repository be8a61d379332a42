// A plugin over a byte array, with a connection class of its own that inherits from one of the author's.

using System;
using System.Threading.Tasks;
using NbdFast;

namespace Sample.Bytes;

[NbdPlugin("bytes", "")]
public sealed partial class BytesPlugin : Plugin
{
    public byte[] Store { get; } = new byte[64];

    public override Connection Open(OpenRequest request) => new(this);

    public sealed class Connection(BytesPlugin plugin) : ReadingConnection(plugin.Store)
    {
        public override Errno Describe(ref ExportInfo info)
        {
            info.Size = (ulong)plugin.Store.Length;
            return Errno.Ok;
        }

        public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
        {
            data.CopyTo(plugin.Store.AsSpan((int)offset));
            return Errno.Ok;
        }

        public override ValueTask<Errno> FlushAsync() => new(Errno.Ok);
    }
}

public abstract class ReadingConnection(byte[] store) : Link
{
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        store.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
        return Errno.Ok;
    }
}
