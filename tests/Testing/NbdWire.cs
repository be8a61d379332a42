// The numbers of the NBD protocol, written down a second time: a test that took them from the product would not notice
// a wrong one. Not: layouts (RawClient).

namespace NbdFast.Testing;

/// <summary>Numbers of the protocol document (proto.md) of the NBD project.</summary>
public static class NbdWire
{
    public const ulong Magic = 0x4e42444d41474943;               // NBDMAGIC
    public const ulong OptionMagic = 0x49484156454f5054;         // IHAVEOPT
    public const ulong OldstyleMagic = 0x0000420281861253;
    public const ulong OptionReplyMagic = 0x0003e889045565a9;
    public const uint RequestMagic = 0x25609513;
    public const uint ExtendedRequestMagic = 0x21e41c71;
    public const uint SimpleReplyMagic = 0x67446698;
    public const uint StructuredReplyMagic = 0x668e33ef;
    public const uint ExtendedReplyMagic = 0x6e8a278c;

    public const ushort FixedNewstyle = 1;                       // Handshake and client flags.
    public const ushort NoZeroes = 2;

    public const uint OptExportName = 1;
    public const uint OptAbort = 2;
    public const uint OptList = 3;
    public const uint OptStartTls = 5;
    public const uint OptInfo = 6;
    public const uint OptGo = 7;
    public const uint OptStructuredReply = 8;
    public const uint OptListMetaContext = 9;
    public const uint OptSetMetaContext = 10;
    public const uint OptExtendedHeaders = 11;

    public const uint ReplyAck = 1;
    public const uint ReplyServer = 2;
    public const uint ReplyInfo = 3;
    public const uint ReplyMetaContext = 4;
    public const uint ReplyErrorBit = 1u << 31;
    public const uint ReplyUnsupported = ReplyErrorBit + 1;
    public const uint ReplyPolicy = ReplyErrorBit + 2;
    public const uint ReplyInvalid = ReplyErrorBit + 3;
    public const uint ReplyTlsRequired = ReplyErrorBit + 5;
    public const uint ReplyUnknownExport = ReplyErrorBit + 6;
    public const uint ReplyTooBig = ReplyErrorBit + 9;
    public const uint ReplyExtendedHeadersRequired = ReplyErrorBit + 10;

    public const ushort InfoExport = 0;
    public const ushort InfoName = 1;
    public const ushort InfoDescription = 2;
    public const ushort InfoBlockSize = 3;

    public const ushort HasFlags = 1 << 0;                       // Transmission flags.
    public const ushort ReadOnly = 1 << 1;
    public const ushort SendFlush = 1 << 2;
    public const ushort SendFua = 1 << 3;
    public const ushort Rotational = 1 << 4;
    public const ushort SendTrim = 1 << 5;
    public const ushort SendWriteZeroes = 1 << 6;
    public const ushort SendDf = 1 << 7;
    public const ushort CanMultiConn = 1 << 8;
    public const ushort SendCache = 1 << 10;
    public const ushort SendFastZero = 1 << 11;
    public const ushort BlockStatusPayload = 1 << 12;

    public const ushort CmdRead = 0;
    public const ushort CmdWrite = 1;
    public const ushort CmdDisconnect = 2;
    public const ushort CmdFlush = 3;
    public const ushort CmdTrim = 4;
    public const ushort CmdCache = 5;
    public const ushort CmdWriteZeroes = 6;
    public const ushort CmdBlockStatus = 7;

    public const ushort FlagFua = 1 << 0;                        // Command flags.
    public const ushort FlagNoHole = 1 << 1;
    public const ushort FlagDf = 1 << 2;
    public const ushort FlagOne = 1 << 3;
    public const ushort FlagFastZero = 1 << 4;
    public const ushort FlagPayloadLength = 1 << 5;

    public const ushort ChunkDone = 1;                           // Flag of a chunk: the last one.
    public const ushort ChunkNone = 0;
    public const ushort ChunkOffsetData = 1;
    public const ushort ChunkOffsetHole = 2;
    public const ushort ChunkBlockStatus = 5;
    public const ushort ChunkBlockStatusExtended = 6;
    public const ushort ChunkErrorBit = 1 << 15;
    public const ushort ChunkError = ChunkErrorBit + 1;
    public const ushort ChunkErrorOffset = ChunkErrorBit + 2;

    public const uint Eperm = 1;                                 // Errors, as they go over the wire.
    public const uint Eio = 5;
    public const uint Enomem = 12;
    public const uint Einval = 22;
    public const uint Enospc = 28;
    public const uint Eoverflow = 75;
    public const uint Enotsup = 95;
    public const uint Eshutdown = 108;

    public const uint StateHole = 1;                             // Flags of a base:allocation extent.
    public const uint StateZero = 2;
}
