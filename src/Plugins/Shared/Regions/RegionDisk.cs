// Requests to a disk that is put together from regions. Not: which regions there are (RegionList), what one of them
// holds (its source).

using System;

namespace NbdFast.Plugins.Shared.Regions;

/// <summary>Gives each source its part of a request; where there are several, the first error ends it.</summary>
public sealed class RegionDisk : Link
{
    private readonly RegionList _regions;
    private readonly bool _ownsSources;
    private readonly bool _hasFixedContent;

    /// <summary>Serves regions.</summary>
    /// <param name="regions">They do not change any more.</param>
    /// <param name="ownsSources">The sources are this connection's alone, and closed with it.</param>
    internal RegionDisk(RegionList regions, bool ownsSources)
    {
        _regions = regions;
        _ownsSources = ownsSources;
        foreach (Link source in regions.Sources)
            _hasFixedContent |= source is FixedContent;
    }

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        bool canWrite = info.CanWrite;
        foreach (Link source in _regions.Sources)
        {
            ExportInfo own = info;
            Errno error = source.Describe(ref own);
            if (error != Errno.Ok)
                return error;
            canWrite &= own.CanWrite;               // A disk of which a part cannot be written would surprise.
            info.Rotational |= own.Rotational;
        }

        info.Size = _regions.Size;
        info.CanWrite = canWrite;
        info.CanFastZero = true;
        info.Fua = FuaSupport.Native;
        info.MultiConn = true;                      // Files meet in the page cache, all else never changes.
        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        foreach (RegionPart part in _regions.Parts((ulong)buffer.Length, offset))
        {
            Errno error = part.Source.Read(buffer.Slice((int)part.Done, (int)part.Count), part.Offset);
            if (error != Errno.Ok)
                return error;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        Errno error = _hasFixedContent ? AskFixedContent(data, offset) : Errno.Ok;
        if (error != Errno.Ok)
            return error;
        foreach (RegionPart part in _regions.Parts((ulong)data.Length, offset))
        {
            error = part.Source.Write(data.Slice((int)part.Done, (int)part.Count), part.Offset, flags);
            if (error != Errno.Ok)
                return error;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Flush()
    {
        Errno first = Errno.Ok;
        foreach (Link source in _regions.Sources)
        {
            Errno error = source.Flush();           // All of them: one that fails does not keep the others from disk.
            first = first == Errno.Ok ? error : first;
        }

        return first;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags)
    {
        foreach (RegionPart part in _regions.Parts(count, offset))
        {
            Errno error = part.Source.Trim(part.Count, part.Offset, flags);
            if (error != Errno.Ok)
                return error;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    /// <remarks>Where a source cannot, after others could, the server writes zeroes to all of the range: what was
    /// zeroed before has become what was asked for.</remarks>
    [HotPath]
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
    {
        Errno error = _hasFixedContent ? AskFixedContent(count, offset, flags) : Errno.Ok;
        if (error != Errno.Ok)
            return error;
        foreach (RegionPart part in _regions.Parts(count, offset))
        {
            error = part.Source.Zero(part.Count, part.Offset, flags);
            if (error != Errno.Ok)
                return error;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        foreach (RegionPart part in _regions.Parts(count, offset))
        {
            Errno error;
            ulong start = offset + part.Done;
            ulong end = start + part.Count;
            using (extents.Shift(unchecked(part.Offset - start), end))   // May be less than 0: then it wraps, twice.
                error = part.Source.Extents(part.Count, part.Offset, flags, extents);
            // A source may tell less than it is asked for; nothing can follow on that.
            if (error != Errno.Ok || (flags & RequestFlags.ReqOne) != 0 || extents.Reached < end)
                return error;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Errno Cache(ulong count, ulong offset)
    {
        foreach (RegionPart part in _regions.Parts(count, offset))
        {
            Errno error = part.Source.Cache(part.Count, part.Offset);
            if (error != Errno.Ok)
                return error;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Loan Lend(uint count, ulong offset, bool wantHoles)
    {
        foreach (RegionPart part in _regions.Parts(count, offset))
            return part.Source.Lend((uint)part.Count, part.Offset, wantHoles);
        return Loan.None;
    }

    /// <inheritdoc/>
    [HotPath]
    public override Loan LendForWrite(uint count, ulong offset)
    {
        foreach (RegionPart part in _regions.Parts(count, offset))
            return part.Count == count ? part.Source.LendForWrite(count, part.Offset) : Loan.None;
        return Loan.None;
    }

    /// <inheritdoc/>
    [HotPath]
    public override void Written(uint count, ulong offset)
    {
        foreach (RegionPart part in _regions.Parts(count, offset))
            part.Source.Written((uint)part.Count, part.Offset);
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (!_ownsSources)
            return;
        foreach (Link source in _regions.Sources)
            source.Close();
    }

    // Before anything is changed: a write that is refused in part is better refused as a whole.
    [HotPath]
    private Errno AskFixedContent(ReadOnlySpan<byte> data, ulong offset)
    {
        foreach (RegionPart part in _regions.Parts((ulong)data.Length, offset))
        {
            if (part.Source is not FixedContent)
                continue;
            Errno error = part.Source.Write(
                data.Slice((int)part.Done, (int)part.Count), part.Offset, RequestFlags.None);
            if (error != Errno.Ok)
                return error;
        }

        return Errno.Ok;
    }

    [HotPath]
    private Errno AskFixedContent(ulong count, ulong offset, RequestFlags flags)
    {
        foreach (RegionPart part in _regions.Parts(count, offset))
        {
            if (part.Source is not FixedContent)
                continue;
            Errno error = part.Source.Zero(part.Count, part.Offset, flags);
            if (error != Errno.Ok)
                return error;
        }

        return Errno.Ok;
    }
}
