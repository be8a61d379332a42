// The disk that stands on the command line. Not: the language (Language), the bytes that it describes (Contents),
// requests (StorePlugin).

using System;
using System.IO;
using NbdFast.Plugins.Data.Contents;
using NbdFast.Plugins.Data.Language;
using NbdFast.Plugins.Shared.Allocators;
using NbdFast.Storage;
using NbdFast.Values;

namespace NbdFast.Plugins.Data;

/// <summary>Serves data from the command line. It may be written, and is gone when the server ends.</summary>
[NbdPlugin("data", "nbdkit data plugin", ThreadModel = ThreadModel.Parallel, Latency = Latency.Memory,
    Description = "Serve data that is given on the command line.")]
public sealed partial class DataPlugin : StorePlugin
{
    // What is larger takes longer to write down than a user waits for.
    private const ulong LargestPainted = 64 << 20;

    private readonly Variables _variables = new();
    private byte[]? _given;
    private Func<byte[], Evaluation, Value>? _read;

    /// <summary>The disk in the language of this plugin.</summary>
    [NbdParameter("data", Magic = true, ValueName = "DATA", Help = "The disk, as bytes, offsets, strings, files ...")]
    public string? Data
    {
        get;
        private set => field = Give("data", value!, ReadExpression);
    }

    /// <summary>The disk in base64.</summary>
    [NbdParameter("base64", ValueName = "BASE64", Help = "The disk in base64.")]
    public string? Base64
    {
        get;
        private set => field = Give("base64", value!, ReadBase64);
    }

    /// <summary>The disk as it is.</summary>
    [NbdParameter("raw", ValueName = "BINARY", Help = "The disk as it is.")]
    public string? Raw
    {
        get;
        private set => field = Give("raw", value!, (bytes, _) => new Value(Literal.Of(bytes)));
    }

    /// <summary>The size of the disk in bytes; that of the data by default.</summary>
    [NbdParameter("size", Help = "Size of the disk: the data is cut off, or zeroes follow it.")]
    public DiskSize? Size { get; private set; }

    /// <summary>Where the memory comes from; sparse by default.</summary>
    [NbdParameter("allocator", ValueName = "sparse|malloc[,mlock=true]|zstd", Help = "Backend allocation strategy.")]
    public Allocator Allocator { get; private set; }

    /// <inheritdoc/>
    public override Latency EffectiveLatency => Allocator.IsSlow ? Latency.Blocking : base.EffectiveLatency;

    /// <summary>Any other parameter is a variable.</summary>
    public override bool Config(string key, string value)
    {
        _variables.Add(key, RawArgument.BytesOf(key, value));
        return true;
    }

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        if (_given == null)
            throw new ConfigException("raw|base64|data parameter was not specified");
    }

    /// <inheritdoc/>
    public override void DumpFields(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("data_base64=yes\n");
        base.DumpFields(output);
    }

    private protected override IBlockStore Create()
    {
        Shelf shelf = new();
        bool isKept = false;
        try
        {
            using Evaluation evaluation = new(_variables, shelf);
            Value value = _read!(_given!, evaluation);
            Content content = Size is { } size ? Cut(value, size) : value.All();
            if (!IsBetterComputed(content, evaluation.SourceBytes))
                return Paint(content);
            Content kept = shelf.Keep(content);
            ComputedStore disk = ComputedStore.Create(kept, Allocator.Create(Size ?? content.Length), shelf);
            isKept = true;
            return disk;
        }
        finally
        {
            if (!isKept)
                shelf.Dispose();
        }
    }

    // Mostly repetitions, of which there are too many to write them all down. Who asks for all memory at once gets it.
    private bool IsBetterComputed(Content content, ulong sourceBytes) =>
        content.PaintedBytes > LargestPainted && content.PaintedBytes / 2 > sourceBytes
        && Allocator.Kind != AllocatorKind.Malloc;

    private IBlockStore Paint(Content content)
    {
        ulong available = Shortage.AvailableBytes();
        if (content.MemoryBytes > available)
            throw Shortage.Of(content.MemoryBytes, available);
        IBlockStore store = Allocator.Create(Size ?? content.Length);
        try
        {
            content.Paint(new StoreCanvas(store, available), 0);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    // No more is read than fits; if there is less, that is all.
    private static Content Cut(Value value, ulong size) => (value with { IsSource = true }).Slice(0, size)!;

    private static Value ReadExpression(byte[] bytes, Evaluation evaluation) =>
        evaluation.Evaluate(new Text(null, bytes));

    private static Value ReadBase64(byte[] bytes, Evaluation evaluation) =>
        Base64Text.Decode(bytes) is { } decoded
            ? new Value(Literal.Of(decoded))
            : throw new ConfigException("base64: Base64 decoding error");

    private string Give(string key, string value, Func<byte[], Evaluation, Value> read)
    {
        if (_given != null)
            throw new ConfigException("raw|base64|data parameter must be specified exactly once");
        _given = RawArgument.BytesOf(key, value);
        _read = read;
        return value;
    }
}
