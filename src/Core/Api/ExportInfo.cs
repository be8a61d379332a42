// What an export is and can: filled by Capabilities and the plugin, changed by filters on the way out. Not: what a
// client negotiated (Server/ConnectionState).

namespace NbdFast;

/// <summary>
/// The description of an open export. A plugin gets it with the defaults that follow from the operations it overrides;
/// a filter gets what the layer below said. <see cref="Link.Describe"/> changes what differs.
/// </summary>
public struct ExportInfo
{
    /// <summary>The largest size of an export in bytes: 2^63 - 1.</summary>
    public const ulong MaximumSize = long.MaxValue;

    /// <summary>The longest export name or description in bytes of UTF-8 (NBD protocol, "Maximum string
    /// length").</summary>
    public const int MaximumStringBytes = 4096;

    private bool? _canFastZero;

    /// <summary>The size in bytes, at most <see cref="MaximumSize"/>.</summary>
    public ulong Size { get; set; }

    /// <summary>The smallest request in bytes, a power of two up to 64 KiB; 0 in all three block sizes: nothing is
    /// known.</summary>
    public uint BlockMinimum { get; set; }

    /// <summary>The request size in bytes that costs no read-modify-write.</summary>
    public uint BlockPreferred { get; set; }

    /// <summary>The largest request in bytes.</summary>
    public uint BlockMaximum { get; set; }

    /// <summary>A text for people, at most <see cref="MaximumStringBytes"/> bytes of UTF-8, or null.</summary>
    public string? Description { get; set; }

    /// <summary>Writes are allowed. Default: Write is overridden and the export was not opened read-only.</summary>
    public bool CanWrite { get; set; }

    /// <summary>Flush works. Default: Flush is overridden.</summary>
    public bool CanFlush { get; set; }

    /// <summary>Trim works. Default: Trim is overridden.</summary>
    public bool CanTrim { get; set; }

    /// <summary>Extents works; else the whole disk counts as allocated. Default: Extents is overridden.</summary>
    public bool CanExtents { get; set; }

    /// <summary>The disk is of the spinning kind. Default: false.</summary>
    public bool Rotational { get; set; }

    /// <summary>Several connections of one client see each other's flushed writes. Default: false.</summary>
    public bool MultiConn { get; set; }

    /// <summary>Default: <see cref="ZeroSupport.Native"/> if Zero is overridden, else
    /// <see cref="ZeroSupport.Emulate"/>.</summary>
    public ZeroSupport Zero { get; set; }

    /// <summary>Default: <see cref="FuaSupport.Emulate"/> if Flush is overridden, else
    /// <see cref="FuaSupport.None"/>.</summary>
    public FuaSupport Fua { get; set; }

    /// <summary>Default: <see cref="CacheSupport.Native"/> if Cache is overridden, else
    /// <see cref="CacheSupport.None"/>.</summary>
    public CacheSupport Cache { get; set; }

    /// <summary>
    /// Fast zero requests may be sent: they are answered quickly, if need be with <see cref="Errno.ENOTSUP"/>. Default
    /// (as <c>.can_fast_zero</c> in nbdkit-plugin(3)): true unless <see cref="Zero"/> is native, for then only the
    /// plugin knows.
    /// </summary>
    public bool CanFastZero
    {
        readonly get => _canFastZero ?? Zero != ZeroSupport.Native;
        set => _canFastZero = value;
    }
}
