// Random requests to an open chain, each checked against a model. Not: the choice of the chain (RandomChain).

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NbdFast.Chain;

namespace NbdFast.Property;

/// <summary>Does to a part of a disk and to its model what a generator says. Throws <see cref="Mismatch"/> at the first
/// difference.</summary>
internal sealed class RandomOperations(ChainNext next, DiskModel model, Random random)
{
    private readonly List<string> _history = [];
    private readonly ExtentList _extents = new(0, 0);

    /// <summary>One request.</summary>
    public Task StepAsync()
    {
        Range(out ulong offset, out int count);
        return random.Next(20) switch
        {
            < 5 => ReadAsync(offset, count),
            < 7 => Lend(offset, count),
            < 12 => WriteAsync(offset, count),
            < 14 => ZeroAsync(offset, count),
            < 16 => TrimAsync(offset, count),
            < 18 => ExtentsAsync(offset, count),
            18 => CacheAsync(offset, count),
            _ => FlushAsync(),
        };
    }

    /// <summary>Reads the whole part.</summary>
    public Task ReadAllAsync() => ReadAsync(model.Start, model.Length);

    private async Task ReadAsync(ulong offset, int count)
    {
        bool isAsync = Tell("read", offset, count);
        byte[] buffer = new byte[count];
        random.NextBytes(buffer);
        Expect(isAsync ? await next.ReadAsync(buffer, offset) : next.Read(buffer, offset));
        Expect(model.Mismatch(buffer, offset));
    }

    private Task Lend(ulong offset, int count)
    {
        bool wantHoles = Tell("lend", offset, count);
        Loan loan = next.Lend((uint)count, offset, wantHoles);
        byte[] lent = new byte[loan.Length];
        switch (loan.Kind)
        {
            case LoanKind.Memory:
                Marshal.Copy(loan.Address, lent, 0, lent.Length);
                break;
            case LoanKind.File:
                using (var handle = new SafeFileHandle(loan.Descriptor, ownsHandle: false))
                    System.IO.RandomAccess.Read(handle, lent, (long)loan.FileOffset);
                break;
            default:
                break;
        }

        Expect(model.Mismatch(lent, offset));
        return Task.CompletedTask;
    }

    private async Task WriteAsync(ulong offset, int count)
    {
        if (!next.Info.CanWrite)
            return;
        RequestFlags flags = Fua();
        bool isAsync = Tell($"write {flags}", offset, count);
        byte[] data = new byte[count];
        if (random.Next(4) != 0)
            random.NextBytes(data);
        Expect(isAsync ? await next.WriteAsync(data, offset, flags) : next.Write(data, offset, flags));
        model.Write(data, offset);
    }

    private async Task ZeroAsync(ulong offset, int count)
    {
        if (!next.Info.CanWrite || next.Info.Zero == ZeroSupport.None)
            return;
        RequestFlags flags = Fua() | (random.Next(2) == 0 ? RequestFlags.MayTrim : RequestFlags.None);
        if (next.Info.CanFastZero && random.Next(2) == 0)
            flags |= RequestFlags.FastZero;
        bool isAsync = Tell($"zero {flags}", offset, count);
        Errno errno = isAsync
            ? await next.ZeroAsync((ulong)count, offset, flags)
            : next.Zero((ulong)count, offset, flags);

        // A fast zero that would not be fast must leave the disk as it is.
        if (errno == Errno.ENOTSUP && flags.HasFlag(RequestFlags.FastZero))
            return;
        Expect(errno);
        model.Zero(count, offset);
    }

    private async Task TrimAsync(ulong offset, int count)
    {
        if (!next.Info.CanWrite || !next.Info.CanTrim)
            return;
        RequestFlags flags = Fua();
        bool isAsync = Tell($"trim {flags}", offset, count);
        Expect(isAsync
            ? await next.TrimAsync((ulong)count, offset, flags)
            : next.Trim((ulong)count, offset, flags));
        model.Trim(count, offset);
    }

    private async Task ExtentsAsync(ulong offset, int count)
    {
        RequestFlags flags = random.Next(2) == 0 ? RequestFlags.ReqOne : RequestFlags.None;
        bool isAsync = Tell($"extents {flags}", offset, count);
        _extents.Reset(offset, (ulong)count, flags == RequestFlags.ReqOne);
        Expect(isAsync
            ? await next.ExtentsAsync((ulong)count, offset, flags, _extents)
            : next.Extents((ulong)count, offset, flags, _extents));
        ulong expected = offset;
        for (int i = 0; i < _extents.Count; i++)
        {
            Extent extent = _extents[i];
            Expect(extent.Offset == expected && extent.Length > 0 ? null : $"extent {i} begins at {extent.Offset}");
            expected = extent.End;
            if (!extent.Type.HasFlag(ExtentType.Zero))
                continue;
            ulong end = Math.Min(extent.End, model.Start + (ulong)model.Length);
            Expect(model.NotZero((int)(end - extent.Offset), extent.Offset));
        }
    }

    private async Task CacheAsync(ulong offset, int count)
    {
        if (next.Info.Cache == CacheSupport.None)
            return;
        bool isAsync = Tell("cache", offset, count);
        Expect(isAsync ? await next.CacheAsync((ulong)count, offset) : next.Cache((ulong)count, offset));
    }

    private async Task FlushAsync()
    {
        if (!next.Info.CanFlush)
            return;
        bool isAsync = Tell("flush", 0, 0);
        Expect(isAsync ? await next.FlushAsync() : next.Flush());
    }

    // Mostly small and odd, sometimes whole blocks, now and then nearly everything.
    private void Range(out ulong offset, out int count)
    {
        int unit = random.Next(3) == 0 ? 4096 : (int)Math.Max(1, next.Info.BlockMinimum);
        int most = random.Next(10) == 0 ? model.Length : Math.Min(model.Length, 20_000);
        int start = random.Next(model.Length);
        count = 1 + random.Next(Math.Min(most, model.Length - start));
        offset = model.Start + (ulong)start;
        if (model.Length < 2 * unit)
            return;
        ulong aligned = offset / (ulong)unit * (ulong)unit;
        if (aligned >= model.Start && aligned + (ulong)unit <= model.Start + (ulong)model.Length)
            (offset, count) = (aligned, Math.Max(unit, count / unit * unit));
        count = (int)Math.Min((ulong)count, model.Start + (ulong)model.Length - offset);
    }

    private RequestFlags Fua() =>
        next.Info.Fua != FuaSupport.None && random.Next(4) == 0 ? RequestFlags.Fua : RequestFlags.None;

    // Chooses the twin as well, so that both are in the same history.
    private bool Tell(string operation, ulong offset, int count)
    {
        bool isOther = random.Next(3) == 0;
        _history.Add($"{operation} offset={offset} count={count}{(isOther ? " *" : "")}");
        return isOther;
    }

    private void Expect(Errno errno) => Expect(errno == Errno.Ok ? null : $"answered {errno}: {Log.TakeLastError()}");

    private void Expect(string? difference)
    {
        if (difference != null)
            throw new Mismatch(
                $"{difference}\nafter {_history.Count} operations, the last ones (* async or with holes):\n" +
                string.Join('\n', _history[Math.Max(0, _history.Count - 30)..]));
    }
}
