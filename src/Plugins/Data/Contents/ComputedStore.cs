// A disk whose content is computed when it is read, until it is written over. Not: one whose content lies in memory
// from the start (StoreCanvas), marks of what was written (PageMarks).

using System;
using System.Threading;
using NbdFast.Storage;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>
/// Serves content that would take much more memory than its description. A page that is written to is copied to a store
/// of its own, and marked; from then on it is that store's.
/// </summary>
internal sealed class ComputedStore : IBlockStore
{
    private const uint PageBytes = Content.PageBytes;
    private const int LockCount = 64;

    // A client that asks for more is told less, which the protocol allows.
    private const ulong MostExtentBytes = 64UL << 30;

    private readonly Content _content;
    private readonly IBlockStore _written;
    private readonly PageMarks _marks;
    private readonly Shelf _shelf;
    private readonly Lock[] _locks = new Lock[LockCount];

    private ComputedStore(Content content, IBlockStore written, PageMarks marks, Shelf shelf)
    {
        _content = content;
        _written = written;
        _marks = marks;
        _shelf = shelf;
        for (int i = 0; i < LockCount; i++)
            _locks[i] = new Lock();
    }

    /// <inheritdoc/>
    public ulong Size => _written.Size;

    /// <summary>Makes the disk. All that it is given is disposed of with it.</summary>
    /// <param name="content">What is on it, kept on the shelf; zeroes follow on that.</param>
    /// <param name="written">For what is written; it has the size of the disk, at least 1.</param>
    /// <param name="shelf">What the content is kept on.</param>
    /// <exception cref="ConfigException">There is not enough memory.</exception>
    public static ComputedStore Create(Content content, IBlockStore written, Shelf shelf)
    {
        Errno errno = PageMarks.TryCreate(((written.Size - 1) / PageBytes) + 1, out PageMarks? marks);
        if (errno == Errno.Ok)
            return new ComputedStore(content, written, marks!, shelf);
        written.Dispose();
        throw new ConfigException($"mmap: {errno.Text()}");
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Read(Span<byte> buffer, ulong offset)
    {
        while (!buffer.IsEmpty)
        {
            int length = (int)WrittenRun(offset, (ulong)buffer.Length, out bool isWritten);
            Errno errno = Errno.Ok;
            if (isWritten)
                errno = _written.Read(buffer[..length], offset);
            else
                Compute(buffer[..length], offset);
            if (errno != Errno.Ok)
                return errno;
            buffer = buffer[length..];
            offset += (ulong)length;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Write(ReadOnlySpan<byte> data, ulong offset)
    {
        while (!data.IsEmpty)
        {
            int length = Math.Min(data.Length, (int)(PageBytes - (offset % PageBytes)));
            Errno errno = WriteInPage(data[..length], offset);
            if (errno != Errno.Ok)
                return errno;
            data = data[length..];
            offset += (ulong)length;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Zero(ulong count, ulong offset)
    {
        ulong end = offset + count;
        ulong first = (offset + PageBytes - 1) / PageBytes;
        ulong last = (end == Size ? end + PageBytes - 1 : end) / PageBytes;
        if (first >= last)
            return WriteZeroes(offset, end);
        Errno errno = WriteZeroes(offset, first * PageBytes);
        if (errno == Errno.Ok)
            errno = ZeroPages(first, last);
        return errno == Errno.Ok ? WriteZeroes(last * PageBytes, end) : errno;
    }

    /// <inheritdoc/>
    [HotPath]
    public Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        ulong end = offset + Math.Min(count, MostExtentBytes);
        while (offset < end && !extents.IsFull)
        {
            ulong length = Run(offset, end - offset, out bool isWritten, out bool isZero);
            Errno errno = isWritten
                ? _written.Extents(length, offset, flags, extents)
                : extents.Add(offset, length, isZero ? ExtentType.HoleZero : ExtentType.Data);
            if (errno != Errno.Ok)
                return errno;
            offset += length;
        }

        return Errno.Ok;
    }

    /// <inheritdoc/>
    [HotPath]
    public Loan Lend(uint count, ulong offset)
    {
        ulong length = Run(offset, count, out bool isWritten, out bool isZero);
        return isWritten ? _written.Lend((uint)length, offset)
            : isZero ? Loan.OfHole((uint)length)
            : Loan.None;
    }

    /// <inheritdoc/>
    /// <remarks>A page is marked before anybody writes to it in place, which cannot be done here.</remarks>
    [HotPath]
    public Loan LendForWrite(uint count, ulong offset) => Loan.None;

    /// <inheritdoc/>
    [HotPath]
    public void Written(uint count, ulong offset)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _written.Dispose();
        _marks.Dispose();
        _shelf.Dispose();
    }

    [HotPath]
    private Errno WriteInPage(ReadOnlySpan<byte> data, ulong offset)
    {
        ulong page = offset / PageBytes;
        ulong start = page * PageBytes;
        Span<byte> whole = stackalloc byte[(int)PageBytes];
        whole = whole[..(int)Math.Min(PageBytes, Size - start)];
        lock (_locks[(int)(page % LockCount)])
        {
            _marks.Run(page, 1, out bool isMarked);
            if (isMarked)
                return _written.Write(data, offset);
            Compute(whole, start);
            data.CopyTo(whole[(int)(offset - start)..]);
            Errno errno = _written.Write(whole, start);
            Interlocked.MemoryBarrier();   // The page is there before its mark is.
            return errno == Errno.Ok ? _marks.Mark(page, 1) : errno;
        }
    }

    // Parts of pages.
    private Errno WriteZeroes(ulong offset, ulong end)
    {
        Span<byte> zeroes = stackalloc byte[(int)PageBytes];
        zeroes.Clear();
        Errno errno = Errno.Ok;
        for (; offset < end && errno == Errno.Ok; offset += PageBytes)
            errno = Write(zeroes[..(int)Math.Min(PageBytes, end - offset)], offset);
        return errno;
    }

    // With all locks: nobody may be about to put a page back as it was.
    private Errno ZeroPages(ulong first, ulong end)
    {
        int taken = 0;
        try
        {
            for (; taken < LockCount; taken++)
                _locks[taken].Enter();
            ulong offset = first * PageBytes;
            Errno errno = _written.Zero(Math.Min(end * PageBytes, Size) - offset, offset);
            Interlocked.MemoryBarrier();
            return errno == Errno.Ok ? _marks.Mark(first, end - first) : errno;
        }
        finally
        {
            while (taken > 0)
                _locks[--taken].Exit();
        }
    }

    private void Compute(Span<byte> buffer, ulong offset)
    {
        int known = offset < _content.Length ? (int)Math.Min((ulong)buffer.Length, _content.Length - offset) : 0;
        if (known > 0)
            _content.Read(buffer[..known], offset);
        buffer[known..].Clear();
    }

    // How many bytes are alike in that they were written, or not.
    private ulong WrittenRun(ulong offset, ulong limit, out bool isWritten)
    {
        ulong inside = offset % PageBytes;
        ulong pages = (inside + limit + PageBytes - 1) / PageBytes;
        ulong run = _marks.Run(offset / PageBytes, pages, out isWritten);
        Interlocked.MemoryBarrier();   // The mark first, then the page.
        return Math.Min(limit, (run * PageBytes) - inside);
    }

    // Pages are zeroes or not as a whole.
    private ulong Run(ulong offset, ulong limit, out bool isWritten, out bool isZero)
    {
        isZero = false;
        ulong length = WrittenRun(offset, limit, out isWritten);
        if (isWritten)
            return length;
        ulong start = offset - (offset % PageBytes);
        ulong position = start;
        do
        {
            position += ComputedRun(position, out isZero);
        }
        while (isZero && position < start + PageBytes && position < Size);
        if (position < Size)
            position = isZero ? position - (position % PageBytes) : (position + PageBytes - 1) / PageBytes * PageBytes;
        return Math.Min(length, position - offset);
    }

    private ulong ComputedRun(ulong offset, out bool isZero)
    {
        isZero = true;
        return offset < _content.Length ? _content.Run(offset, out isZero) : Size - offset;
    }
}
