// The library libzstd, as far as single blocks need it. Not: streams, dictionaries, which blocks there are
// (Storage/ZstdStore).

using System;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

/// <summary>What the library needs to compress and decompress, for one thread at a time, with room for one block in
/// both forms. Nothing of the library is loaded before <see cref="IsAvailable"/> is asked.</summary>
internal sealed unsafe class ZstdContext : IDisposable
{
    /// <summary>The file to load.</summary>
    public const string Library = "libzstd.so.1";

    private readonly int _blockBytes;
    private readonly nint _room;
    private nint _compressor;
    private nint _decompressor;

    private ZstdContext(nint compressor, nint decompressor, nint room, int blockBytes)
    {
        _compressor = compressor;
        _decompressor = decompressor;
        _room = room;
        _blockBytes = blockBytes;
    }

    /// <summary>The library is there.</summary>
    public static bool IsAvailable => NativeLibrary.TryLoad(Library, out _);

    /// <summary>Room for a block.</summary>
    public Span<byte> Block => new((void*)_room, _blockBytes);

    /// <summary>The next in a list.</summary>
    public ZstdContext? Next { get; set; }

    /// <summary>Makes one.</summary>
    /// <param name="blockBytes">Bytes of a block.</param>
    /// <returns>Null if there is no memory.</returns>
    public static ZstdContext? TryCreate(int blockBytes)
    {
        ZstdContext context = new(
            ZSTD_createCCtx(), ZSTD_createDCtx(), Libc.AllocateMemory(2 * blockBytes), blockBytes);
        if (context._compressor != 0 && context._decompressor != 0 && context._room != 0)
            return context;
        context.Dispose();
        return null;
    }

    /// <summary>Compresses a block.</summary>
    /// <param name="block">Bytes, at most those of a block.</param>
    /// <param name="level">The level, as zstd(1) has it.</param>
    /// <param name="compressed">What became of it; valid until the next call.</param>
    /// <returns>False if it does not become smaller.</returns>
    [HotPath]
    public bool TryCompress(ReadOnlySpan<byte> block, int level, out ReadOnlySpan<byte> compressed)
    {
        byte* target = (byte*)_room + _blockBytes;
        nuint length;
        fixed (byte* source = block)
            length = ZSTD_compressCCtx(
                _compressor, target, (nuint)(block.Length - 1), source, (nuint)block.Length, level);
        bool isSmaller = ZSTD_isError(length) == 0;   // Else there is no room for it, and no other error can be.
        compressed = isSmaller ? new ReadOnlySpan<byte>(target, (int)length) : default;
        return isSmaller;
    }

    /// <summary>Decompresses a block.</summary>
    /// <param name="compressed">What it was compressed to.</param>
    /// <param name="block">Where to; exactly as long as it was.</param>
    /// <param name="result">Its length, or what <see cref="Text"/> tells more of.</param>
    /// <returns>False if it is damaged, or of another length.</returns>
    [HotPath]
    public bool TryDecompress(ReadOnlySpan<byte> compressed, Span<byte> block, out nuint result)
    {
        fixed (byte* target = block, source = compressed)
            result = ZSTD_decompressDCtx(
                _decompressor, target, (nuint)block.Length, source, (nuint)compressed.Length);
        return result == (nuint)block.Length;
    }

    /// <summary>What the library says about a result.</summary>
    public static string Text(nuint result) =>
        Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(ZSTD_getErrorName(result)));

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _ = ZSTD_freeCCtx(_compressor);   // Nothing happens to 0.
        _ = ZSTD_freeDCtx(_decompressor);
        _compressor = _decompressor = 0;
        Libc.FreeMemory(_room);
    }

    [DllImport(Library)]
    private static extern nint ZSTD_createCCtx();

    [DllImport(Library)]
    private static extern nuint ZSTD_freeCCtx(nint context);

    [DllImport(Library)]
    private static extern nint ZSTD_createDCtx();

    [DllImport(Library)]
    private static extern nuint ZSTD_freeDCtx(nint context);

    [DllImport(Library)]
    private static extern nuint ZSTD_compressCCtx(
        nint context, byte* target, nuint capacity, byte* source, nuint length, int level);

    [DllImport(Library)]
    private static extern nuint ZSTD_decompressDCtx(
        nint context, byte* target, nuint capacity, byte* source, nuint length);

    [DllImport(Library)]
    private static extern uint ZSTD_isError(nuint result);

    [DllImport(Library)]
    private static extern byte* ZSTD_getErrorName(nuint result);
}
