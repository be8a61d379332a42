// What is laid over a chain costs no memory. Not: the units' own operations, nor the server around them.

using System;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain.Links;

public sealed class AllocationTests
{
    [Theory]
    [InlineData(ThreadModel.Parallel)]
    [InlineData(ThreadModel.SerializeAllRequests)]
    public void Emulation_and_locks_allocate_nothing(ThreadModel model)
    {
        ChainConfig config = ChainBuilder.Build([], new Quiet(model));
        config.Complete();
        var request = new OpenRequest(new ClientInfo(), "", readOnly: false);
        Assert.Equal(Errno.Ok, ChainOpener.Open(config, 0, request, out OpenedLayers? layers));
        using (layers)
        {
            byte[] buffer = new byte[512];
            var extents = new ExtentList(0, 1);
            Errno first = Operate(layers!.Next, buffer, extents);   // Buffers are made by the first requests.
            Errno others = Errno.Ok;
            Assert.Equal(0, HeapUse.Of(100, () => others |= Operate(layers.Next, buffer, extents)));
            Assert.Equal((Errno.Ok, Errno.Ok), (first, others));
        }
    }

    private static Errno Operate(ChainNext next, byte[] buffer, ExtentList extents)
    {
        extents.Reset(0, 4096);
        return next.Read(buffer, 0)
            | next.Write(buffer, 0, RequestFlags.Fua)
            | next.Trim(4096, 0, RequestFlags.Fua)
            | next.Zero(5 << 20, 512, RequestFlags.Fua)
            | next.Cache(5 << 20, 512)
            | next.Extents(4096, 0, RequestFlags.None, extents)
            | next.Flush();
    }

    private sealed class Quiet(ThreadModel model) : Plugin
    {
        private const Operations Overridden =
            Operations.Read | Operations.Write | Operations.Flush | Operations.Trim | Operations.Zero;

        public override UnitTable Table { get; } = new()
        {
            Name = "quiet",
            LongName = "",
            Operations = Overridden,
            ThreadModel = model,
        };

        public override string? MissingParameter => null;

        public override bool Bind(string key, string value) => false;

        public override Errno Describe(ref ExportInfo info)
        {
            info.Size = 16 << 20;
            info.Cache = CacheSupport.Emulate;
            return Errno.Ok;
        }

        public override Errno Read(Span<byte> buffer, ulong offset) => Errno.Ok;

        public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) => Errno.Ok;

        public override Errno Flush() => Errno.Ok;

        public override Errno Trim(ulong count, ulong offset, RequestFlags flags) => Errno.Ok;

        public override Errno Zero(ulong count, ulong offset, RequestFlags flags) => Errno.ENOTSUP;
    }
}
