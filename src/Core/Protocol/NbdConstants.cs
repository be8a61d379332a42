// The numbers of the NBD protocol, in the protocol's names. Source: NetworkBlockDevice/nbd, doc/proto.md. Not: rules.

using System;

namespace NbdFast.Protocol;

/// <summary>Magic numbers, sizes and limits.</summary>
internal static class Nbd
{
    public const ulong Magic = 0x4e42444d41474943;               // "NBDMAGIC"
    public const ulong OptionMagic = 0x49484156454f5054;         // "IHAVEOPT"
    public const ulong OldstyleMagic = 0x0000420281861253;
    public const ulong OptionReplyMagic = 0x0003e889045565a9;
    public const uint RequestMagic = 0x25609513;
    public const uint ExtendedRequestMagic = 0x21e41c71;
    public const uint SimpleReplyMagic = 0x67446698;
    public const uint StructuredReplyMagic = 0x668e33ef;
    public const uint ExtendedReplyMagic = 0x6e8a278c;

    public const int RequestBytes = 28;
    public const int ExtendedRequestBytes = 32;
    public const int SimpleReplyBytes = 16;
    public const int StructuredReplyBytes = 20;
    public const int ExtendedReplyBytes = 32;
    public const int OptionHeaderBytes = 16;
    public const int OptionReplyBytes = 20;

    /// <summary>The zeroes after the answer to EXPORT_NAME, and at the end of the oldstyle handshake.</summary>
    public const int HandshakePaddingBytes = 124;

    /// <summary>The longest string in bytes of UTF-8.</summary>
    public const int MaximumStringBytes = 4096;

    /// <summary>The largest read or write in bytes; nbdkit has the same bound.</summary>
    public const uint MaximumRequestBytes = 64 << 20;

    /// <summary>The largest payload of a refused request that is read and dropped; beyond it the client is
    /// disconnected.</summary>
    public const uint MaximumSkippedBytes = 128 << 20;

    /// <summary>The identifier of the one meta context.</summary>
    public const uint AllocationContextId = 1;

    /// <summary>The name of the one meta context.</summary>
    public const string AllocationContext = "base:allocation";
}

/// <summary>Flags that the server sends first in the newstyle handshake.</summary>
[Flags]
internal enum HandshakeFlags : ushort
{
    None = 0,
    FixedNewstyle = 1 << 0,
    NoZeroes = 1 << 1,
}

/// <summary>What the server advertises about an export.</summary>
[Flags]
internal enum TransmissionFlags : ushort
{
    None = 0,
    HasFlags = 1 << 0,
    ReadOnly = 1 << 1,
    SendFlush = 1 << 2,
    SendFua = 1 << 3,
    Rotational = 1 << 4,
    SendTrim = 1 << 5,
    SendWriteZeroes = 1 << 6,
    SendDf = 1 << 7,
    CanMultiConn = 1 << 8,
    SendCache = 1 << 10,
    SendFastZero = 1 << 11,
    BlockStatusPayload = 1 << 12,
}

/// <summary>Options of the newstyle handshake.</summary>
internal enum NbdOption : uint
{
    ExportName = 1,
    Abort = 2,
    List = 3,
    StartTls = 5,
    Info = 6,
    Go = 7,
    StructuredReply = 8,
    ListMetaContext = 9,
    SetMetaContext = 10,
    ExtendedHeaders = 11,
}

/// <summary>Replies to options.</summary>
internal enum NbdReply : uint
{
    Ack = 1,
    Server = 2,
    Info = 3,
    MetaContext = 4,
    ErrUnsupported = 0x80000001,
    ErrPolicy = 0x80000002,
    ErrInvalid = 0x80000003,
    ErrPlatform = 0x80000004,
    ErrTlsRequired = 0x80000005,
    ErrUnknown = 0x80000006,
    ErrShutdown = 0x80000007,
    ErrBlockSizeRequired = 0x80000008,
    ErrTooBig = 0x80000009,
    ErrExtendedHeaderRequired = 0x8000000a,
}

/// <summary>Pieces of information about an export in INFO and GO.</summary>
internal enum NbdInfo : ushort
{
    Export = 0,
    Name = 1,
    Description = 2,
    BlockSize = 3,
}

/// <summary>Requests.</summary>
internal enum NbdCommand : ushort
{
    Read = 0,
    Write = 1,
    Disconnect = 2,
    Flush = 3,
    Trim = 4,
    Cache = 5,
    WriteZeroes = 6,
    BlockStatus = 7,
}

/// <summary>Flags of requests.</summary>
[Flags]
internal enum CommandFlags : ushort
{
    None = 0,
    Fua = 1 << 0,
    NoHole = 1 << 1,
    Df = 1 << 2,
    ReqOne = 1 << 3,
    FastZero = 1 << 4,
    PayloadLength = 1 << 5,
}

/// <summary>Types of structured reply chunks.</summary>
internal enum ChunkType : ushort
{
    None = 0,
    OffsetData = 1,
    OffsetHole = 2,
    BlockStatus = 5,
    BlockStatusExtended = 6,
    Error = (1 << 15) + 1,
    ErrorOffset = (1 << 15) + 2,
}

/// <summary>Flags of structured reply chunks.</summary>
[Flags]
internal enum ChunkFlags : ushort
{
    None = 0,
    Done = 1 << 0,
}

/// <summary>Errors on the wire.</summary>
internal enum NbdError : uint
{
    Ok = 0,
    EPERM = 1,
    EIO = 5,
    ENOMEM = 12,
    EINVAL = 22,
    ENOSPC = 28,
    EOVERFLOW = 75,
    ENOTSUP = 95,
    ESHUTDOWN = 108,
}

/// <summary>The form of requests and replies that a client negotiated.</summary>
internal enum ReplyMode
{
    Simple,
    Structured,
    Extended,
}
