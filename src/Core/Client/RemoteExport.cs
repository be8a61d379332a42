// An open export of another server: what it is, and requests to it. Not: how it was negotiated (Negotiation), from
// where replies come (ReplyReader).

using System;
using System.Threading;
using NbdFast.Protocol;
using NbdFast.Transport;

namespace NbdFast.Client;

/// <summary>
/// A connection to an export. Any number of requests may be under way, from any threads; none of the calls waits. An
/// operation goes on, when its reply has come, on the thread that received it, so what follows on it must not wait
/// either. When the connection ends, all that was asked for fails.
/// </summary>
public sealed partial class RemoteExport : IDisposable
{
    private const int StackBytes = 256 << 10;

    // What every server takes if it has not told ("Block size constraints").
    private const uint CommonMaximum = 32 << 20;

    // The most of a compact request, a multiple of any block size.
    private const ulong LargestCompactEffect = uint.MaxValue & ~0xffffUL;

    private readonly ExportTerms _terms;
    private readonly IWire _wire;
    private readonly ReceiveBuffer _input;
    private readonly RequestTable _table = new();
    private readonly RequestSender _sender;
    private readonly ReplyReader _reader;
    private readonly Thread _thread;
    private readonly StartedServer? _started;
    private readonly string? _logContext = Log.Context;
    private volatile bool _hasEnded;
    private volatile bool _isClosing;
    private bool _endsItself;

    private RemoteExport(Negotiation negotiation)
    {
        _terms = negotiation.Terms;
        _wire = negotiation.Wire;
        _input = negotiation.Input;
        _sender = new RequestSender(_wire, _table, _terms.Mode == ReplyMode.Extended);
        _reader = new ReplyReader(_wire, _input, _table, _terms);
        _thread = new Thread(ReadReplies, StackBytes) { IsBackground = true, Name = "nbd replies" };
        LargestData = Math.Min(_terms.BlockMaximum == 0 ? CommonMaximum : _terms.BlockMaximum, Nbd.MaximumRequestBytes);
        LargestData -= LargestData % Math.Max(1, _terms.BlockMinimum);
        LargestEffect = _terms.Mode == ReplyMode.Extended ? ulong.MaxValue : LargestCompactEffect;
        negotiation.Watch();
        _thread.Start();
        _started = negotiation.Take();
    }

    /// <summary>The connection stands, as far as is known.</summary>
    public bool IsAlive => !_hasEnded;

    /// <summary>How many requests are under way.</summary>
    public int UnderWay => _table.UnderWay;

    private uint LargestData { get; }

    private ulong LargestEffect { get; }

    /// <summary>Connects and opens an export.</summary>
    /// <exception cref="RemoteException">There is no such server or export.</exception>
    public static RemoteExport Open(RemoteServer server, string exportName)
    {
        ArgumentNullException.ThrowIfNull(server);
        using Negotiation negotiation = Negotiation.Begin(server.Address, server.Tls, server.Buffers);
        negotiation.Open(exportName);
        try
        {
            return new RemoteExport(negotiation);
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            throw new RemoteException(Errno.ENOMEM, $"cannot start a thread: {exception.Message}");
        }
    }

    /// <summary>Describes the export as its server does.</summary>
    public void Describe(ref ExportInfo info)
    {
        info.Size = _terms.Size;
        (info.BlockMinimum, info.BlockPreferred, info.BlockMaximum) =
            (_terms.BlockMinimum, _terms.BlockPreferred, _terms.BlockMaximum);
        info.Description = _terms.Description;
        info.CanWrite = !Has(TransmissionFlags.ReadOnly);
        info.CanFlush = Has(TransmissionFlags.SendFlush);
        info.CanTrim = Has(TransmissionFlags.SendTrim);
        info.CanExtents = _terms.AllocationContext != null;
        info.Rotational = Has(TransmissionFlags.Rotational);
        info.MultiConn = Has(TransmissionFlags.CanMultiConn);
        info.Fua = Has(TransmissionFlags.SendFua) ? FuaSupport.Native : FuaSupport.None;
        info.Zero = Has(TransmissionFlags.SendWriteZeroes) ? ZeroSupport.Native : ZeroSupport.Emulate;
        info.CanFastZero = Has(TransmissionFlags.SendFastZero);
        info.Cache = Has(TransmissionFlags.SendCache) ? CacheSupport.Native : CacheSupport.None;
    }

    /// <summary>Several connections see each other's flushed writes.</summary>
    public bool CanMultiConn => Has(TransmissionFlags.CanMultiConn);

    /// <summary>Says goodbye and closes the connection. Whatever is still under way fails. From any thread, also
    /// that of a reply.</summary>
    public void Dispose()
    {
        if (_isClosing)
            return;
        _isClosing = true;
        PendingRequest bye = _table.Rent();
        bye.Load(NbdCommand.Disconnect, CommandFlags.None, 0, 0);
        _sender.Send(bye);
        Burst.SendNow();
        _wire.Abort();
        _endsItself = Thread.CurrentThread == _thread;   // It goes on behind a reply, and is needed up to its end.
        if (_endsItself)
            return;
        _thread.Join();
        Release();
    }

    private void Release()
    {
        _sender.Dispose();
        _input.Dispose();
        _wire.Close();
        _started?.Dispose();
    }

    private bool Has(TransmissionFlags flag) => (_terms.Flags & flag) != 0;

    private void ReadReplies()
    {
        Log.Context = _logContext;
        string why;
        try
        {
            why = _reader.Run();
        }
#pragma warning disable CA1031 // Without a thread that reads, all who wait would wait for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            why = $"{exception.GetType().Name}: {exception.Message}";
        }

        _hasEnded = true;
        if (!_isClosing)
            Log.Error(why);
        _wire.Abort();
        _sender.Break();
        _table.Close();
        FailAll();
        if (_endsItself)
            Release();
    }

    private void FailAll()
    {
        using (Burst.Begin())
            while (_table.TakeUnanswered() is { } request)
                request.Complete(Errno.ESHUTDOWN);
    }
}
