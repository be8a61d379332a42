// An encrypted connection as a wire, over another wire. Not: the cipher (Native/TlsSession), who may connect
// (TlsContext).

using System;
using System.Threading;
using NbdFast.Buffers;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>
/// Encrypts and decrypts on the thread that sends or receives. Replies of a batch share records, and all records of a
/// batch go to the socket in one call; one receive takes as many records as are there. The session is used under a
/// lock, a record at a time, so that a change of keys, which concerns both directions, can happen at any time.
/// </summary>
internal sealed class TlsWire : IWire
{
    /// <summary>What <see cref="Handshake"/> returns if the client has gone.</summary>
    public const int Gone = 1;

    private const int RecordBytes = 16 << 10;
    private const int OutputBytes = 256 << 10;
    private const int RecordsBytes = OutputBytes - RecordBytes;   // Behind them is room for a record in plain.
    private const int InputBytes = 256 << 10;

    // Calls of the library in a row that neither give data nor take input: one or two for messages in one record.
    private const int MostInVain = 16;

    private readonly IWire _plain;
    private readonly BufferPool _pool;
    private readonly Lock _lock = new();
    private readonly GatherList _records = new(1);
    private RequestBuffer? _input;
    private RequestBuffer? _output;
    private nint _sealed;
    private int _sent;
    private int _maximumRecord;
    private int _failure;
    private bool _isUp;

    /// <summary>Lays a session over a wire that nobody uses until the handshake is over.</summary>
    public TlsWire(IWire plain, TlsSession session, BufferPool pool) =>
        (_plain, Session, _pool) = (plain, session, pool);

    /// <summary>The session, to be asked what was agreed on once the handshake is over.</summary>
    public TlsSession Session { get; }

    // Bytes that the socket has may be no request, and of those that were decrypted the socket does not know.
    public int Descriptor => -1;

    public bool SendsFiles => false;

    /// <summary>Shakes hands with the client.</summary>
    /// <param name="received">What was received of it already.</param>
    /// <returns>0, <see cref="Gone"/>, or the library's code.</returns>
    public int Handshake(ReadOnlySpan<byte> received)
    {
        TakeIn(received);
        for (int code = GnuTls.Again, inVain = 0; code != 0; inVain++)
        {
            int left = Session.InputLeft;
            RentOutput();
            code = Session.Handshake();
            if (Session.InputLeft < left || Session.OutputUsed > 0)
                inVain = 0;
            if (code != 0 && (GnuTls.IsFatal(code) || inVain == MostInVain))
            {
                _failure = code;   // Closing tells the client.
                return code;
            }

            if (SendRecords(wait: true) < 0)
                return Gone;
            if (code != 0 && Session.InputLeft == 0 && ReceiveInput(wait: true, missing: 0) <= 0)
                return Gone;
        }

        _maximumRecord = Math.Min(Session.MaximumRecord, RecordBytes);
        _isUp = true;
        return 0;
    }

    [HotPath]
    public nint Receive(Span<byte> buffer) => Receive(buffer, default, wait: true);

    [HotPath]
    public nint ReceiveNow(Span<byte> buffer) => Receive(buffer, default, wait: false);

    [HotPath]
    public nint Receive(Span<byte> first, Span<byte> second) => Receive(first, second, wait: true);

    [HotPath]
    public nint Send(GatherList list, bool more) => SendSealed(list, wait: true);

    [HotPath]
    public nint SendNow(GatherList list) => SendSealed(list, wait: false);

    public nint SendFile(int file, ulong offset, long count) => -(nint)Errno.ENOTSUP;

    public void StopReceiving() => _plain.StopReceiving();

    public void Abort() => _plain.Abort();

    public void Close()
    {
        if (_sealed == 0)   // Else the client has got part of a record, and nothing can follow.
            SayLast();
        Session.Dispose();
        if (_output != null)
            _pool.Return(_output);
        if (_input != null)
            _pool.Return(_input);
        _records.Dispose();
        _plain.Close();
    }

    // If it does not go at once, the client is not waiting for it.
    private void SayLast()
    {
        RentOutput();
        if (_failure != 0)
            Session.SendAlert(_failure);
        else if (_isUp)
            Session.SayBye();
        _ = SendRecords(wait: false);
    }

    [HotPath]
    private nint Receive(Span<byte> first, Span<byte> second, bool wait)
    {
        while (true)
        {
            nint opened = Open(first, second);
            if (opened != GnuTls.Again)
                return opened < 0 ? Fail((int)opened) : opened;
            nint received = ReceiveInput(wait, missing: second.IsEmpty ? 0 : first.Length);
            if (received <= 0)
                return received;
        }
    }

    // All that arrived, as far as it fits. A code is kept back as long as there are bytes before it: the library says
    // it again.
    [HotPath]
    private nint Open(Span<byte> first, Span<byte> second)
    {
        nint total = 0;
        while (first.Length > 0)
        {
            nint opened = OpenRecord(first);
            if (opened <= 0)
                return total > 0 ? total : opened;
            total += opened;
            first = first[(int)opened..];
            if (first.Length > 0)
                continue;
            first = second;
            second = default;
        }

        return total;
    }

    // A record may hold no data but a change of keys, or a warning: then the next one counts, and the library says
    // "again" although there is one.
    [HotPath]
    private nint OpenRecord(Span<byte> target)
    {
        for (int inVain = 0; inVain < MostInVain; inVain++)
        {
            int left = Session.InputLeft;
            nint opened;
            lock (_lock)
                opened = Session.Receive(target);
            if (opened >= 0 || !IsPassing((int)opened))
                return opened;
            if (Session.InputLeft < left)
                inVain = 0;
        }

        return GnuTls.UnexpectedPacket;
    }

    [HotPath]
    private bool IsPassing(int code) => code == GnuTls.Again
        ? Session.InputLeft > 0
        : code != GnuTls.Rehandshake && !GnuTls.IsFatal(code);

    private nint Fail(int code)
    {
        _failure = code;
        Log.Error($"gnutls_record_recv: {GnuTls.Text(code)}");
        return -(nint)Errno.EIO;
    }

    [HotPath]
    private nint ReceiveInput(bool wait, int missing)
    {
        _input ??= _pool.Rent(InputBytes);
        Span<byte> room = _input.Payload(InputBytes);
        nint received = wait ? PayloadWait.Receive(_plain, room, default, missing) : _plain.ReceiveNow(room);
        if (received > 0)
            Session.GiveInput(_input.PayloadAddress, (int)received);
        return received;
    }

    private void TakeIn(ReadOnlySpan<byte> received)
    {
        if (received.IsEmpty)
            return;
        _input ??= _pool.Rent(Math.Max(InputBytes, received.Length));
        received.CopyTo(_input.Payload(received.Length));
        Session.GiveInput(_input.PayloadAddress, received.Length);
    }

    // What was encrypted cannot be encrypted again: it counts as sent when all of it is, and until then the caller
    // comes with the same bytes.
    [HotPath]
    private nint SendSealed(GatherList list, bool wait)
    {
        if (_sealed == 0)
        {
            nint count = Seal(list);
            if (count < 0)
                return count;
            _sealed = count;
        }

        nint sent = SendRecords(wait);
        if (sent < 0)
            return sent;
        nint done = _sealed;
        _sealed = 0;
        return done;
    }

    [HotPath]
    private nint Seal(GatherList list)
    {
        RentOutput();
        nint scratch = _output!.PayloadAddress + RecordsBytes;
        RecordCutter cutter = new(list, _maximumRecord);
        nint total = 0;
        while (!cutter.IsDone && Session.OutputRoom >= TlsSession.RecordRoom)
        {
            int count = cutter.Next(scratch, out nint address);
            nint went;
            lock (_lock)
                went = _failure == 0 ? Session.Send(address, count) : _failure;
            if (went != count)
                return CannotSeal((int)went);
            total += went;
        }

        return total;
    }

    private nint CannotSeal(int code)
    {
        if (_failure == 0)
            Log.Error($"gnutls_record_send: {GnuTls.Text(code)}");
        return -(nint)Errno.EPIPE;
    }

    // The memory is the sender's from here until all is sent. A thread that receives may only add to it, under the
    // lock.
    [HotPath]
    private void RentOutput()
    {
        if (_output != null)
            return;
        _output = _pool.Rent(OutputBytes);
        _sent = 0;
        lock (_lock)
            Session.UseOutput(_output.PayloadAddress, RecordsBytes);
    }

    [HotPath]
    private nint SendRecords(bool wait)
    {
        while (HasRecords())
        {
            nint sent = wait ? _plain.Send(_records, more: false) : _plain.SendNow(_records);
            if (sent < 0)
                return sent;
            _sent += (int)sent;
        }

        return 0;
    }

    // Gives the memory back if there are none.
    [HotPath]
    private bool HasRecords()
    {
        lock (_lock)
        {
            int left = Session.OutputUsed - _sent;
            if (left > 0)
            {
                _records.Clear();
                _records.Add(_output!.PayloadAddress + _sent, left);
                return true;
            }

            Session.UseOutput(0, 0);
        }

        _pool.Return(_output!);
        _output = null;
        return false;
    }
}
