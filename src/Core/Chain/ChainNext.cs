// The seven pointers: for each operation the first layer that cares about it. Not: how they come about (ChainOpener).

using System;
using System.Threading.Tasks;

namespace NbdFast.Chain;

/// <summary>
/// The layers below a filter, or below the server. Laying a layer over it copies the struct with the pointers of the
/// operations that the layer overrides replaced; an operation that nobody overrides costs nothing however many layers
/// there are.
/// </summary>
public readonly struct ChainNext : INext
{
    private readonly Link _reader;
    private readonly Link _writer;
    private readonly Link _flusher;
    private readonly Link _trimmer;
    private readonly Link _zeroer;
    private readonly Link _extenter;
    private readonly Link _cacher;
    private readonly Link? _lender;
    private readonly Link? _writeLender;
    private readonly LayerInfo _info;

    private ChainNext(
        Link reader, Link writer, Link flusher, Link trimmer, Link zeroer, Link extenter, Link cacher, Link? lender,
        Link? writeLender, LayerInfo info)
    {
        _reader = reader;
        _writer = writer;
        _flusher = flusher;
        _trimmer = trimmer;
        _zeroer = zeroer;
        _extenter = extenter;
        _cacher = cacher;
        _lender = lender;
        _writeLender = writeLender;
        _info = info;
    }

    /// <summary>The link that reads go to: generated fused code compares it with the link it knows.</summary>
    public Link Reader => _reader;

    /// <summary>The link that writes go to.</summary>
    public Link Writer => _writer;

    /// <summary>The link that flushes go to.</summary>
    public Link Flusher => _flusher;

    /// <summary>The link that trims go to.</summary>
    public Link Trimmer => _trimmer;

    /// <summary>The link that zero requests go to.</summary>
    public Link Zeroer => _zeroer;

    /// <summary>The link that extent requests go to.</summary>
    public Link Extenter => _extenter;

    /// <summary>The link that cache requests go to.</summary>
    public Link Cacher => _cacher;

    /// <summary>The link that is asked to lend, or null if none is.</summary>
    public Link? Lender => _lender;

    /// <inheritdoc/>
    public ref readonly ExportInfo Info => ref _info.Value;

    internal LayerInfo InfoPlace => _info;

    /// <summary>A chain in which <paramref name="bottom"/> has every operation, with nothing described.</summary>
    internal static ChainNext Of(Link bottom, LayerInfo info) =>
        new(bottom, bottom, bottom, bottom, bottom, bottom, bottom, null, null, info);

    /// <summary>The chain with <paramref name="link"/> laid over it for <paramref name="operations"/>.</summary>
    internal ChainNext Overlay(Link link, Operations operations, LayerInfo info) =>
        new(
            operations.HasFlag(Operations.Read) ? link : _reader,
            operations.HasFlag(Operations.Write) ? link : _writer,
            operations.HasFlag(Operations.Flush) ? link : _flusher,
            operations.HasFlag(Operations.Trim) ? link : _trimmer,
            operations.HasFlag(Operations.Zero) ? link : _zeroer,
            operations.HasFlag(Operations.Extents) ? link : _extenter,
            operations.HasFlag(Operations.Cache) ? link : _cacher,
            operations.HasFlag(Operations.Lend) ? link : operations.HasFlag(Operations.Read) ? null : _lender,
            operations.HasFlag(Operations.LendForWrite)
                ? link
                : operations.HasFlag(Operations.Write) ? null : _writeLender,
            info);

    /// <inheritdoc/>
    [HotPath]
    public Errno Read(Span<byte> buffer, ulong offset) => _reader.Read(buffer, offset);

    /// <inheritdoc/>
    [HotPath]
    public Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) => _writer.Write(data, offset, flags);

    /// <inheritdoc/>
    [HotPath]
    public Errno Flush() => _flusher.Flush();

    /// <inheritdoc/>
    [HotPath]
    public Errno Trim(ulong count, ulong offset, RequestFlags flags) => _trimmer.Trim(count, offset, flags);

    /// <inheritdoc/>
    [HotPath]
    public Errno Zero(ulong count, ulong offset, RequestFlags flags) => _zeroer.Zero(count, offset, flags);

    /// <inheritdoc/>
    [HotPath]
    public Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        _extenter.Extents(count, offset, flags, extents);

    /// <inheritdoc/>
    [HotPath]
    public Errno Cache(ulong count, ulong offset) => _cacher.Cache(count, offset);

    /// <inheritdoc/>
    [HotPath]
    public Loan Lend(uint count, ulong offset, bool wantHoles) =>
        _lender == null ? Loan.None : _lender.Lend(count, offset, wantHoles);

    /// <inheritdoc/>
    [HotPath]
    public Loan LendForWrite(uint count, ulong offset) =>
        _writeLender == null ? Loan.None : _writeLender.LendForWrite(count, offset);

    /// <inheritdoc/>
    [HotPath]
    public void Written(uint count, ulong offset) => _writeLender?.Written(count, offset);

    /// <inheritdoc/>
    public ValueTask<Errno> ReadAsync(Memory<byte> buffer, ulong offset) => _reader.ReadAsync(buffer, offset);

    /// <inheritdoc/>
    public ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> data, ulong offset, RequestFlags flags) =>
        _writer.WriteAsync(data, offset, flags);

    /// <inheritdoc/>
    public ValueTask<Errno> FlushAsync() => _flusher.FlushAsync();

    /// <inheritdoc/>
    public ValueTask<Errno> TrimAsync(ulong count, ulong offset, RequestFlags flags) =>
        _trimmer.TrimAsync(count, offset, flags);

    /// <inheritdoc/>
    public ValueTask<Errno> ZeroAsync(ulong count, ulong offset, RequestFlags flags) =>
        _zeroer.ZeroAsync(count, offset, flags);

    /// <inheritdoc/>
    public ValueTask<Errno> ExtentsAsync(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
        _extenter.ExtentsAsync(count, offset, flags, extents);

    /// <inheritdoc/>
    public ValueTask<Errno> CacheAsync(ulong count, ulong offset) => _cacher.CacheAsync(count, offset);
}
