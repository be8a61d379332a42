// A plugin whose overrides, answers and description a test chooses. Not: a unit of the command line.

using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using NbdFast.Chain;

namespace NbdFast.Testing;

/// <summary>Serves an array and keeps a journal of the calls it gets, as "plugin: zero 512 0 MayTrim".</summary>
public sealed class FakePlugin : Plugin
{
    private readonly Journal _journal;
    private readonly UnitTable _table;

    /// <summary>A plugin of 1 MiB unless the description says otherwise.</summary>
    /// <param name="operations">What counts as overridden; the rest must never be called.</param>
    /// <param name="journal">Where calls are written.</param>
    public FakePlugin(Operations operations = Operations.All, Journal? journal = null)
    {
        _journal = journal ?? new Journal();
        _table = new UnitTable { Name = "plugin", LongName = "fake plugin", Operations = operations };
    }

    /// <inheritdoc/>
    public override UnitTable Table => TableOverride ?? _table;

    /// <summary>Another table than the constructor made.</summary>
    public UnitTable? TableOverride { get; init; }

    /// <summary>The disk.</summary>
    public byte[] Disk { get; init; } = new byte[1 << 20];

    /// <summary>Changes the description.</summary>
    public Description? Describing { get; init; }

    /// <summary>Called at the begin of each callback with its name; may throw, or answer what it returns.</summary>
    public Func<string, Errno>? Calling { get; set; }

    /// <summary>What is lent: count, offset and whether holes are wanted, as in <see cref="Link.Lend"/>.</summary>
    public Func<uint, ulong, bool, Loan>? Lending { get; init; }

    /// <summary>What of a range (count, offset) is allocated; by default all but its zeroes.</summary>
    public Func<ulong, ulong, ExtentList, Errno>? Mapping { get; init; }

    /// <summary>The name that stands for "".</summary>
    public string? DefaultName { get; init; } = "";

    /// <summary>The exports listed; null lists the default export.</summary>
    public IReadOnlyList<string>? Exports { get; init; }

    /// <summary>The thread model after configuration.</summary>
    public ThreadModel? Model { get; init; }

    /// <summary>The message about a required parameter.</summary>
    public string? Missing { get; init; }

    /// <summary>The keys that it takes.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <inheritdoc/>
    public override ThreadModel EffectiveThreadModel => Model ?? Table.ThreadModel;

    /// <inheritdoc/>
    public override string? MissingParameter => Missing;

    /// <inheritdoc/>
    public override bool Bind(string key, string value) => Contains(Keys, key) && Tell($"bind {key}={value}", "bind");

    /// <inheritdoc/>
    public override bool Config(string key, string value) => key == "raw" && Tell($"config {key}={value}", "config");

    /// <inheritdoc/>
    public override void ConfigComplete() => Tell("config_complete");

    /// <inheritdoc/>
    public override void GetReady(ThreadModel model) => Tell($"get_ready {model}", "get_ready");

    /// <inheritdoc/>
    public override void AfterFork() => Tell("after_fork");

    /// <inheritdoc/>
    public override void Cleanup() => Tell("cleanup");

    /// <inheritdoc/>
    public override void Dispose() => Tell("unload");

    /// <inheritdoc/>
    public override Errno Preconnect(ClientInfo client) => Answer("preconnect");

    /// <inheritdoc/>
    public override string? DefaultExport(ClientInfo client)
    {
        Tell("default_export");
        return DefaultName;
    }

    /// <inheritdoc/>
    public override Errno ListExports(ClientInfo client, ExportList exports)
    {
        Tell("list_exports");
        foreach (string name in Exports ?? [])
            exports.Add(name);
        exports.UseDefaultExport = Exports == null;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    public override Link? Open(OpenRequest request)
    {
        Errno errno = Answer($"open '{request.ExportName}' readonly={request.ReadOnly}", "open");
        request.Error = errno;
        return errno == Errno.Ok ? this : null;
    }

    /// <inheritdoc/>
    public override Errno Prepare() => Answer("prepare");

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        Errno errno = Answer("describe");
        info.Size = (ulong)Disk.Length;
        Describing?.Invoke(ref info);
        return errno;
    }

    /// <inheritdoc/>
    public override Errno Finish() => Answer("finish");

    /// <inheritdoc/>
    public override void Close() => Tell("close");

    /// <inheritdoc/>
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        Errno errno = Answer($"read {buffer.Length} {offset}", "read");
        if (errno == Errno.Ok)
            Disk.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
        return errno;
    }

    /// <inheritdoc/>
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        Errno errno = Answer($"write {data.Length} {offset} {flags}", "write");
        if (errno == Errno.Ok)
            data.CopyTo(Disk.AsSpan((int)offset));
        return errno;
    }

    /// <inheritdoc/>
    public override Errno Flush() => Answer("flush");

    /// <inheritdoc/>
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) =>
        Answer($"trim {count} {offset} {flags}", "trim");

    /// <inheritdoc/>
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
    {
        Errno errno = Answer($"zero {count} {offset} {flags}", "zero");
        if (errno == Errno.Ok)
            Disk.AsSpan((int)offset, (int)count).Clear();
        return errno;
    }

    /// <inheritdoc/>
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        Errno errno = Answer($"extents {count} {offset} {flags}", "extents");
        if (errno == Errno.Ok && Mapping != null)
            return Mapping(count, offset, extents);
        ulong end = offset + count;
        while (errno == Errno.Ok && offset < end)
        {
            ReadOnlySpan<byte> rest = Disk.AsSpan((int)offset, (int)(end - offset));
            bool isZero = rest[0] == 0;
            int length = isZero ? rest.IndexOfAnyExcept((byte)0) : rest.IndexOf((byte)0);
            ulong run = length < 0 ? (ulong)rest.Length : (ulong)length;
            errno = extents.Add(offset, run, isZero ? ExtentType.HoleZero : ExtentType.Data);
            offset += run;
        }

        return errno;
    }

    /// <inheritdoc/>
    public override Errno Cache(ulong count, ulong offset) => Answer($"cache {count} {offset}", "cache");

    /// <inheritdoc/>
    public override Loan Lend(uint count, ulong offset, bool wantHoles) =>
        Lending?.Invoke(count, offset, wantHoles) ?? Loan.None;

    private static bool Contains(IReadOnlyList<string> keys, string key)
    {
        foreach (string one in keys)
            if (one == key)
                return true;
        return false;
    }

    private bool Tell(string line, string? callback = null) => Answer(line, callback) == Errno.Ok;

    private Errno Answer(string line, string? callback = null)
    {
        _journal.Add($"{Table.Name}: {line}");
        return Calling?.Invoke(callback ?? line) ?? Errno.Ok;
    }
}
