// A connected wire of some kind with its peer, for tests that ask all kinds the same. Not: a server or a client.

using System;
using System.Threading;
using System.Threading.Tasks;
using NbdFast.Buffers;
using NbdFast.Native;
using NbdFast.Testing;
using NbdFast.Transport;

namespace NbdFast.Core.Tests.Transport;

/// <summary>The two ends of a connection.</summary>
internal sealed class WirePair : IDisposable
{
    private IWire? _near;
    private IWire? _far;
    private TlsContext? _tls;

    /// <summary>Connects.</summary>
    /// <param name="kind">"socket", "memory", "pipe" or "tls".</param>
    public WirePair(string kind)
    {
        if (kind == "memory")
        {
            (_near, _far) = MemoryWire.Pair(16 << 10);
            return;
        }

        if (kind == "pipe")
        {
            Assert.Equal(Errno.Ok, Libc.Pipe(out int fromFar, out int toNear));
            Assert.Equal(Errno.Ok, Libc.Pipe(out int fromNear, out int toFar));
            (_near, _far) = (new PipeWire(fromFar, Own(toFar)), new PipeWire(fromNear, Own(toNear)));
            return;
        }

        Assert.Equal(Errno.Ok, Libc.SocketPair(out int near, out int far));
        (_near, _far) = (new SocketWire(near), new SocketWire(far));
        if (kind == "tls")
            Encrypt();
    }

    /// <summary>The end that is tested.</summary>
    public IWire Near => _near!;

    /// <summary>The peer.</summary>
    public IWire Far => _far!;

    /// <summary>Sends all of it, however short the sends are.</summary>
    /// <returns>The first negated errno, else 0.</returns>
    public static nint SendAll(IWire wire, ReadOnlySpan<byte> bytes)
    {
        NativeBuffer memory = new(bytes.Length);
        using GatherList list = new();
        bytes.CopyTo(memory.Span);
        list.Add(memory.Address, bytes.Length);
        nint sent = 0;
        while (list.Count > 0 && (sent = wire.Send(list, more: false)) >= 0)
            list.Advance(sent);
        memory.Release();
        return Math.Min(sent, 0);
    }

    private void Encrypt()
    {
        _tls = TlsContext.OfPreSharedKeys(TlsFiles.Of("keys.psk"), null, isRequired: true);
        TlsWire near = _tls.Begin(_near!, new BufferPool())!;
        Task<TlsPeerWire> far = Task.Factory.StartNew(
            () => new TlsPeerWire(_far!), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        Assert.Equal(0, near.Handshake([]));
        (_near, _far) = (near, far.Result);
    }

    private static int Own(int output)
    {
        int own = PipeWire.CopyOutput(output);
        Assert.InRange(own, 0, int.MaxValue);
        Libc.Close(output);
        return own;
    }

    /// <summary>Closes the peer.</summary>
    public void CloseFar() => Interlocked.Exchange(ref _far, null)?.Close();

    public void Dispose()
    {
        CloseFar();
        Interlocked.Exchange(ref _near, null)?.Close();
        _tls?.Dispose();
    }
}
