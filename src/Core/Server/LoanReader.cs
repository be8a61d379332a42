// Serves reads from where the bytes lie. Not: reads that the chain must run (RequestExecutor).

using System;
using NbdFast.Buffers;
using NbdFast.Chain;
using NbdFast.Native;
using NbdFast.Protocol;

namespace NbdFast.Server;

/// <summary>Asks the chain to lend the bytes of a read: memory goes out from where it lies, a file through the page
/// cache.</summary>
internal sealed class LoanReader(ChainNext chain, ReplyWriter replies, ReplyMode mode)
{
    // Measured: below it a copy is cheaper than a second call for the file.
    private const uint SmallestSentFile = 64 << 10;

    private const int ProbeBytes = 512;

    private static readonly ulong PageBytes = (ulong)Environment.SystemPageSize;

    private readonly bool _structured = mode != ReplyMode.Simple;
    private bool _readsNow = true;
    private bool _asksCache = true;

    /// <summary>The file system can read without waiting, as far as is known.</summary>
    public bool ReadsNow => _readsNow;

    /// <summary>What became of a read.</summary>
    public enum Answer
    {
        /// <summary>Nothing is lent: the chain must read.</summary>
        NoLoan,

        /// <summary>The reply is on its way.</summary>
        Served,

        /// <summary>The bytes are not in the page cache, and the caller must not wait for the disk.</summary>
        WouldWait,
    }

    /// <summary>Serves a read if the chain lends all of it, in a bounded number of pieces.</summary>
    /// <param name="request">The read.</param>
    /// <param name="mayWait">The caller may wait for the disk.</param>
    [HotPath]
    public Answer TryServe(in RequestHeader request, bool mayWait)
    {
        Loan first = chain.Lend((uint)request.Length, request.Offset, _structured);
        switch (first.Kind)
        {
            case LoanKind.None:
                return Answer.NoLoan;
            case LoanKind.File:
                // Whoever may wait gets errors of the disk told by the plugin, in its words.
                return mayWait || first.Length < request.Length ? Answer.NoLoan : ServeFile(request, first);
        }

        if (first.Length >= request.Length)
        {
            replies.Loans(request, new ReadOnlySpan<Loan>(in first));
            return Answer.Served;
        }

        bool mustBeWhole = _structured && (request.Flags & CommandFlags.Df) != 0;
        return !mustBeWhole && TryServePieces(request, first) ? Answer.Served : Answer.NoLoan;
    }

    private bool TryServePieces(in RequestHeader request, Loan first)
    {
        Span<Loan> loans = stackalloc Loan[ReplyWriter.MaximumLoans];
        loans[0] = first;
        int count = 1;
        for (ulong done = first.Length; done < request.Length; done += loans[count++].Length)
        {
            if (count == loans.Length)
                return false;
            Loan loan = chain.Lend((uint)(request.Length - done), request.Offset + done, _structured);
            if (loan.Kind is LoanKind.None or LoanKind.File)
                return false;
            loans[count] = loan;
        }

        replies.Loans(request, loans[..count]);
        return true;
    }

    [HotPath]
    private Answer ServeFile(in RequestHeader request, Loan file)
    {
        if (file.Length >= SmallestSentFile && replies.SendsFiles)
        {
            if (!IsCached(file))
                return Answer.WouldWait;
            replies.File(request, file);
            return Answer.Served;
        }

        RequestBuffer buffer = replies.Rent((int)file.Length);
        if (ReadNow(file.Descriptor, buffer.Payload((int)file.Length), file.FileOffset))
        {
            replies.Data(request, buffer);
            return Answer.Served;
        }

        replies.GiveBack(buffer);
        return Answer.WouldWait;
    }

    // To try to read a part would begin to read just that part, and who reads the whole range then waits twice. So the
    // kernel is asked what it has. Of the last part, the last to arrive, it can say by then whether it is there yet.
    [HotPath]
    private bool IsCached(Loan file)
    {
        Span<byte> probe = stackalloc byte[ProbeBytes];
        if (_asksCache)
        {
            ulong end = file.FileOffset + file.Length;
            long asked = (long)(((end - 1) / PageBytes) - (file.FileOffset / PageBytes)) + 1;
            long pages = Libc.CachedPages(file.Descriptor, file.FileOffset, file.Length);
            if (pages >= 0)
                return pages >= asked && ReadNow(file.Descriptor, probe, end - ProbeBytes);
            _asksCache = false;
        }

        return ReadNow(file.Descriptor, probe, file.FileOffset);
    }

    // Also false at the end of the file and after an error: the plugin, asked again, tells what is wrong.
    [HotPath]
    private bool ReadNow(int file, Span<byte> target, ulong offset)
    {
        if (_readsNow)
        {
            nint count = Libc.ReadAt(file, target, offset, Libc.NoWait);
            if (count != -(nint)Errno.ENOTSUP)
                return count == target.Length;
            _readsNow = false;   // A file system in memory has no need of it, others cannot: the watch sees to those.
        }

        return Libc.ReadAt(file, target, offset) == target.Length;
    }
}
