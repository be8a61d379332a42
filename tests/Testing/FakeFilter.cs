// A filter whose overrides and answers a test chooses. Not: a unit of the command line.

using System;
using NbdFast.Chain;

namespace NbdFast.Testing;

/// <summary>Passes everything on and keeps a journal of the calls it gets.</summary>
public sealed class FakeFilter : Filter
{
    private readonly Journal _journal;
    private readonly UnitTable _table;

    /// <summary>A filter that counts as overriding <paramref name="operations"/>.</summary>
    public FakeFilter(string name, Operations operations = Operations.All, Journal? journal = null)
    {
        _journal = journal ?? new Journal();
        _table = new UnitTable { Name = name, LongName = "fake filter", Operations = operations };
    }

    /// <inheritdoc/>
    public override UnitTable Table => TableOverride ?? _table;

    /// <summary>Another table than the constructor made.</summary>
    public UnitTable? TableOverride { get; init; }

    /// <summary>Changes the description.</summary>
    public Description? Describing { get; init; }

    /// <summary>Called at the begin of each callback with its name; may throw, or answer what it returns.</summary>
    public Func<string, Errno>? Calling { get; set; }

    /// <summary>Changes what is asked of the layers below.</summary>
    public Action<OpenRequest>? Renaming { get; init; }

    /// <summary>What takes the place of <see cref="Filter.DefaultExport"/>.</summary>
    public Func<string?, string?>? DefaultName { get; init; }

    /// <summary>The key that it takes.</summary>
    public string? Key { get; init; }

    /// <summary>The last connection made.</summary>
    public Connection? Last { get; private set; }

    /// <inheritdoc/>
    public override string? MissingParameter => null;

    /// <inheritdoc/>
    public override bool Bind(string key, string value)
    {
        if (key != Key)
            return false;
        Answer($"bind {key}={value}", "bind");
        return true;
    }

    /// <inheritdoc/>
    public override void ConfigComplete() => Answer("config_complete");

    /// <inheritdoc/>
    public override void GetReady(ThreadModel model) => Answer($"get_ready {model}", "get_ready");

    /// <inheritdoc/>
    public override void AfterFork() => Answer("after_fork");

    /// <inheritdoc/>
    public override void Cleanup() => Answer("cleanup");

    /// <inheritdoc/>
    public override void Dispose() => Answer("unload");

    /// <inheritdoc/>
    public override Errno Preconnect(ClientInfo client) => Answer("preconnect");

    /// <inheritdoc/>
    public override string? DefaultExport(ClientInfo client, ExportsBelow below)
    {
        string? name = below.DefaultExport(client);
        return DefaultName == null ? name : DefaultName(name);
    }

    /// <inheritdoc/>
    public override Errno Opening(OpenRequest request)
    {
        Errno errno = Answer($"opening '{request.ExportName}' readonly={request.ReadOnly}", "opening");
        Renaming?.Invoke(request);
        return errno;
    }

    /// <inheritdoc/>
    public override Link Connect(in ChainNext next, LayerContext context)
    {
        Answer("connect");
        Last = new Connection(this);
        return Last.Attach(in next, context);
    }

    /// <summary>Opens the layers below for the test.</summary>
    public Errno OpenOnceMore(OpenRequest request, out OpenedLayers? layers) => OpenBelow(request, out layers);

    /// <summary>Opens the layers below for all clients.</summary>
    public Errno OpenForAll(string exportName, out OpenedLayers? layers) => OpenShared(exportName, false, out layers);

    private Errno Answer(string line, string? callback = null)
    {
        _journal.Add($"{Table.Name}: {line}");
        return Calling?.Invoke(callback ?? line) ?? Errno.Ok;
    }

    /// <summary>One client's layer.</summary>
    public sealed class Connection(FakeFilter filter) : FilterConnection<ChainNext>
    {
        /// <summary>What the layer below described.</summary>
        public ExportInfo InfoBelow => Next.Info;

        /// <summary>What was asked of the filter.</summary>
        public OpenRequest Asked => Request;

        /// <inheritdoc/>
        public override Errno Prepare() => filter.Answer("prepare");

        /// <inheritdoc/>
        public override Errno Describe(ref ExportInfo info)
        {
            filter.Describing?.Invoke(ref info);
            return filter.Answer("describe");
        }

        /// <inheritdoc/>
        public override Errno Finish() => filter.Answer("finish");

        /// <inheritdoc/>
        public override void Close() => filter.Answer("close");

        /// <summary>Reopens the layers below.</summary>
        public Errno Again(OpenRequest request) => Reopen(request);

        /// <inheritdoc/>
        public override Errno Read(Span<byte> buffer, ulong offset) =>
            Passing($"read {buffer.Length} {offset}") ?? Next.Read(buffer, offset);

        /// <inheritdoc/>
        public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags) =>
            Passing($"write {data.Length} {offset} {flags}") ?? Next.Write(data, offset, flags);

        /// <inheritdoc/>
        public override Errno Flush() => Passing("flush") ?? Next.Flush();

        /// <inheritdoc/>
        public override Errno Trim(ulong count, ulong offset, RequestFlags flags) =>
            Passing($"trim {count} {offset} {flags}") ?? Next.Trim(count, offset, flags);

        /// <inheritdoc/>
        public override Errno Zero(ulong count, ulong offset, RequestFlags flags) =>
            Passing($"zero {count} {offset} {flags}") ?? Next.Zero(count, offset, flags);

        /// <inheritdoc/>
        public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents) =>
            Passing($"extents {count} {offset} {flags}") ?? Next.Extents(count, offset, flags, extents);

        /// <inheritdoc/>
        public override Errno Cache(ulong count, ulong offset) =>
            Passing($"cache {count} {offset}") ?? Next.Cache(count, offset);

        private Errno? Passing(string line)
        {
            Errno errno = filter.Answer(line, line.Split(' ')[0]);
            return errno == Errno.Ok ? null : errno;
        }
    }
}
