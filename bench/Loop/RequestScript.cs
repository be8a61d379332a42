// All that a client will ever say, made before it says it. Not: when it says it (ReplayWire).

using NbdFast.Testing;

namespace NbdFast.Bench.Loop;

/// <summary>The bytes of a handshake, and of a round of requests of one kind, which is repeated.</summary>
internal sealed class RequestScript
{
    /// <summary>Bytes of the disk that requests go to, one after another.</summary>
    public const int DiskBytes = 4 << 20;

    private const int Requests = 256;
    private const string Context = "base:allocation";

    /// <summary>Makes the bytes.</summary>
    /// <param name="mode">The form of replies.</param>
    /// <param name="command">The command of all requests.</param>
    /// <param name="length">Their length in bytes.</param>
    public RequestScript(ReplyMode mode, ushort command, int length)
    {
        Handshake = MakeHandshake(mode, hasContext: command == NbdWire.CmdBlockStatus);
        Message requests = new();
        byte[] payload = command == NbdWire.CmdWrite ? new byte[length] : [];
        for (int i = 0; i < Requests; i++)
        {
            ulong offset = length == 0 ? 0 : (ulong)((long)i * length % DiskBytes);
            bool extended = mode == ReplyMode.Extended;
            bool saysPayload = extended && command == NbdWire.CmdWrite;
            requests.U32(extended ? NbdWire.ExtendedRequestMagic : NbdWire.RequestMagic)
                .U16(saysPayload ? NbdWire.FlagPayloadLength : (ushort)0).U16(command).U64((ulong)i).U64(offset);
            _ = extended ? requests.U64((ulong)length) : requests.U32((uint)length);
            requests.Raw(payload);
        }

        Round = requests.Bytes.ToArray();
        RequestBytes = Round.Length / Requests;
    }

    /// <summary>From the client's flags to GO.</summary>
    public byte[] Handshake { get; }

    /// <summary>A round of requests.</summary>
    public byte[] Round { get; }

    /// <summary>Bytes of one of them.</summary>
    public int RequestBytes { get; }

    private static byte[] MakeHandshake(ReplyMode mode, bool hasContext)
    {
        Message all = new Message().U32(NbdWire.FixedNewstyle | NbdWire.NoZeroes);
        if (mode != ReplyMode.Simple)
            Add(all, mode == ReplyMode.Structured ? NbdWire.OptStructuredReply : NbdWire.OptExtendedHeaders, new());
        if (hasContext)
            Add(all, NbdWire.OptSetMetaContext, new Message().LengthAndText("").U32(1).LengthAndText(Context));
        Add(all, NbdWire.OptGo, RawClient.InfoRequest(""));
        return all.Bytes.ToArray();
    }

    private static void Add(Message all, uint option, Message data) =>
        all.U64(NbdWire.OptionMagic).U32(option).U32((uint)data.Bytes.Length).Raw(data.Bytes);
}
