// The handshake with a server, from its greeting to an export. Not: the bytes of options (OptionTalk), what follows
// (RemoteExport), lists and information without opening (Negotiation.Ask).

using System;
using System.Buffers.Binary;
using System.Text;
using NbdFast.Buffers;
using NbdFast.Native;
using NbdFast.Protocol;
using NbdFast.Transport;

namespace NbdFast.Client;

/// <summary>
/// One connection while it is negotiated. As much is asked for as the server has: TLS, extended headers or else
/// structured replies, the context base:allocation, and all that can be told of an export. Servers of the older kinds
/// (plain newstyle, oldstyle) give less.
/// </summary>
internal sealed partial class Negotiation : IDisposable
{
    private const int MostReplies = 64;
    private const uint LongestText = Nbd.MaximumStringBytes;

    private readonly PatientWire _plain;
    private readonly OptionTalk _talk;
    private readonly ClientTls? _tls;
    private readonly NbdAddress _address;
    private StartedServer? _started;
    private Style _style;
    private bool _padsExport = true;
    private bool _isTaken;
    private bool _isDisposed;

    private Negotiation(NbdAddress address, ClientTls? tls, BufferPool pool)
    {
        _address = address;
        _tls = tls;
        _plain = Dialer.Connect(address, out _started);
        _talk = new OptionTalk(_plain, new ReceiveBuffer(pool));
        Pool = pool;
    }

    private enum Style
    {
        Fixed,
        Plain,
        Old,
    }

    /// <summary>Where buffers come from.</summary>
    public BufferPool Pool { get; }

    /// <summary>What was agreed on.</summary>
    public ExportTerms Terms { get; } = new();

    /// <summary>What is talked over.</summary>
    public IWire Wire => _talk.Wire;

    /// <summary>What was received behind the handshake.</summary>
    public ReceiveBuffer Input => _talk.Input;

    /// <summary>Connects, and hears what kind of server it is; where TLS is wanted and possible, begins it.</summary>
    /// <exception cref="RemoteException">The server is not there, or not as it must be.</exception>
    public static Negotiation Begin(NbdAddress address, ClientTls? tls, BufferPool pool)
    {
        Negotiation negotiation = new(address, tls, pool);
        return negotiation.Trying(() => negotiation.Greet());
    }

    /// <summary>Opens an export.</summary>
    /// <exception cref="RemoteException">There is no such export, or the server breaks the protocol.</exception>
    public void Open(string exportName) => Trying(() =>
    {
        if (_style == Style.Old)
            return;   // It was told in the greeting.
        if (_style == Style.Plain)
        {
            ExportName(exportName);
            return;
        }

        if (Accepts(NbdOption.ExtendedHeaders))
            Terms.Mode = ReplyMode.Extended;
        else if (Accepts(NbdOption.StructuredReply))
            Terms.Mode = ReplyMode.Structured;
        if (Terms.Mode != ReplyMode.Simple)
            SetContext(exportName);
        if (!Go(NbdOption.Go, exportName))
            ExportName(exportName);
    });

    /// <summary>From now on somebody sees to it that nobody waits for the server for ever.</summary>
    public void Watch() => _plain.IsWatched = true;

    /// <summary>Hands the connection on: it is the caller's from now on.</summary>
    public StartedServer? Take()
    {
        _isTaken = true;
        StartedServer? started = _started;
        _started = null;
        return started;
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _talk.Dispose();
        if (_isTaken)
            return;
        Input.Dispose();
        Wire.Close();
        _started?.Dispose();
    }

    private void Greet()
    {
        ReadOnlySpan<byte> greeting = _talk.Receive(16, "its greeting");
        ulong first = BinaryPrimitives.ReadUInt64BigEndian(greeting);
        ulong second = BinaryPrimitives.ReadUInt64BigEndian(greeting[8..]);
        if (first != Nbd.Magic || second is not (Nbd.OptionMagic or Nbd.OldstyleMagic))
            throw OptionTalk.Broken("it does not greet as NBD servers do");
        if (second == Nbd.OldstyleMagic)
            GreetOldstyle();
        else
            GreetNewstyle();
        bool needsTls = _tls is { IsRequired: true } && !(_talk.Wire is TlsWire);
        if (needsTls)
            throw new RemoteException(Errno.EIO, "the server does not support TLS, which is required");
    }

    private void GreetOldstyle()
    {
        _style = Style.Old;
        ReadOnlySpan<byte> export = _talk.Receive(12 + Nbd.HandshakePaddingBytes, "its export");
        ulong size = BinaryPrimitives.ReadUInt64BigEndian(export);
        TakeExport(size, (ushort)BinaryPrimitives.ReadUInt32BigEndian(export[8..]));
    }

    private void GreetNewstyle()
    {
        var offered = (HandshakeFlags)BinaryPrimitives.ReadUInt16BigEndian(_talk.Receive(2, "its flags"));
        HandshakeFlags taken = offered & (HandshakeFlags.FixedNewstyle | HandshakeFlags.NoZeroes);
        _padsExport = (taken & HandshakeFlags.NoZeroes) == 0;
        _style = (taken & HandshakeFlags.FixedNewstyle) != 0 ? Style.Fixed : Style.Plain;
        Span<byte> flags = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(flags, (uint)taken);
        _talk.Send(flags);
        if (_style == Style.Fixed && _tls != null)
            StartTls(_tls);
    }

    private void StartTls(ClientTls tls)
    {
        if (!Accepts(NbdOption.StartTls))
            return;
        TlsWire wire = tls.Begin(_plain, _address.HostName, Pool);
        // What stands behind the reply is the server's part of the TLS handshake, whatever it is.
        byte[] behind = _talk.Input.Available.ToArray();
        _talk.Input.Clear();
        _talk.Wire = wire;
        int code = wire.Handshake(behind);
        if (code == TlsWire.Gone)
            throw new RemoteException(Errno.EIO, "gnutls_handshake: the server has gone");
        if (code == 0)
            return;
        string fault = wire.Session.PeerFault is { Length: > 0 } text ? $" ({text})" : "";
        throw new RemoteException(Errno.EIO, $"gnutls_handshake: {GnuTls.Text(code)}{fault}");
    }

    // For options without data: yes or no.
    private bool Accepts(NbdOption option)
    {
        _talk.SendOption(option, default);
        NbdReply reply = _talk.ReceiveReply(option, out ReadOnlySpan<byte> data);
        if (reply == NbdReply.ErrTlsRequired)
            throw Refused(option, reply, data);
        return IsError(reply) ? false : reply == NbdReply.Ack ? true : throw Unexpected(option, reply);
    }

    private void SetContext(string exportName)
    {
        int length = Encoding.UTF8.GetByteCount(exportName);
        ReadOnlySpan<byte> context = "base:allocation"u8;
        Span<byte> data = stackalloc byte[12 + length + context.Length];
        WriteText(data, exportName);
        BinaryPrimitives.WriteUInt32BigEndian(data[(4 + length)..], 1);
        BinaryPrimitives.WriteUInt32BigEndian(data[(8 + length)..], (uint)context.Length);
        context.CopyTo(data[(12 + length)..]);
        _talk.SendOption(NbdOption.SetMetaContext, data);
        for (int replies = 0; replies < MostReplies; replies++)
        {
            NbdReply reply = _talk.ReceiveReply(NbdOption.SetMetaContext, out ReadOnlySpan<byte> answer);
            if (reply == NbdReply.Ack || IsError(reply))
                return;
            if (reply != NbdReply.MetaContext || answer.Length < 4)
                throw Unexpected(NbdOption.SetMetaContext, reply);
            if (answer[4..].SequenceEqual(context))
                Terms.AllocationContext = BinaryPrimitives.ReadUInt32BigEndian(answer);
        }

        throw OptionTalk.Broken("it answers NBD_OPT_SET_META_CONTEXT without an end");
    }

    // The answer of last resort, and the only one of plain newstyle. There is no way to say that there is no such
    // export.
    private void ExportName(string exportName)
    {
        Terms.AllocationContext = _style == Style.Plain ? null : Terms.AllocationContext;
        _talk.SendOption(NbdOption.ExportName, Encoding.UTF8.GetBytes(exportName));
        string what = $"the export '{exportName}'";
        ReadOnlySpan<byte> export = _talk.Receive(10, what);
        ulong size = BinaryPrimitives.ReadUInt64BigEndian(export);
        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(export[8..]);
        if (_padsExport)
            _talk.Receive(Nbd.HandshakePaddingBytes, what);
        TakeExport(size, flags);
    }

    private void TakeExport(ulong size, ushort flags)
    {
        if (size > ExportInfo.MaximumSize)
            throw OptionTalk.Broken($"the export's size is {size}");
        Terms.Size = size;
        // Without the first flag the others mean nothing; old servers leave all of them out.
        Terms.Flags = (flags & (ushort)TransmissionFlags.HasFlags) != 0
            ? (TransmissionFlags)flags
            : TransmissionFlags.None;
    }

    // Closes the connection where something goes wrong.
    private Negotiation Trying(Action step)
    {
        try
        {
            step();
            return this;
        }
        catch (RemoteException exception)
        {
            bool hasEnded = _started is { HasEnded: true };
            Dispose();
            string why = hasEnded ? $"{exception.Message} (the command has ended)" : exception.Message;
            throw new RemoteException(exception.Errno, $"{_address}: {why}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static void WriteText(Span<byte> target, string text)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, (uint)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, target[4..]);
    }

    private static bool IsError(NbdReply reply) => ((uint)reply & 0x80000000) != 0;

    private static RemoteException Unexpected(NbdOption option, NbdReply reply) =>
        OptionTalk.Broken($"it answers {WireName.Of(option)} with 0x{(uint)reply:x}");

    private static RemoteException Refused(NbdOption option, NbdReply reply, ReadOnlySpan<byte> data)
    {
        (Errno errno, string why) = reply switch
        {
            NbdReply.ErrUnsupported => (Errno.ENOTSUP, "it is not supported"),
            NbdReply.ErrPolicy => (Errno.EPERM, "the server's policy forbids it"),
            NbdReply.ErrInvalid => (Errno.EINVAL, "it is invalid"),
            NbdReply.ErrTlsRequired => (Errno.ENOTSUP, "the server requires TLS"),
            NbdReply.ErrUnknown => (Errno.ENOENT, "no such export"),
            NbdReply.ErrShutdown => (Errno.ESHUTDOWN, "the server is shutting down"),
            NbdReply.ErrBlockSizeRequired => (Errno.EINVAL, "the server wants block sizes to be heeded"),
            NbdReply.ErrTooBig => (Errno.EINVAL, "it is too big"),
            _ => (Errno.EIO, $"error 0x{(uint)reply:x}"),
        };
        string text = OptionData.TryDecode(data, out string said) && said.Length > 0 && said != why ? $": {said}" : "";
        return new RemoteException(errno, $"server replied with error to {WireName.Of(option)}: {why}{text}");
    }
}
