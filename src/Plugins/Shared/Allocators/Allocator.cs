// The value of allocator=. Not: the stores themselves (NbdFast.Storage).

using System;
using NbdFast.Storage;
using NbdFast.Values;

namespace NbdFast.Plugins.Shared.Allocators;

/// <summary>How a plugin gets the memory for its disk.</summary>
/// <param name="Kind">How its bytes are kept.</param>
/// <param name="Mlock">That memory is kept out of swap: with <see cref="AllocatorKind.Malloc"/> only.</param>
public readonly record struct Allocator(AllocatorKind Kind, bool Mlock) : IValue<Allocator>
{
    private const string Available = "available allocators: sparse, malloc, zstd";

    /// <summary>The processor works on each request for longer than a thread should that others wait for.</summary>
    internal bool IsSlow => Kind == AllocatorKind.Zstd;

    /// <summary>Parses <c>sparse</c>, <c>malloc[,mlock=BOOL]</c> or <c>zstd</c>; nothing at all means
    /// sparse.</summary>
    /// <exception cref="ConfigException">Another allocator or parameter.</exception>
    public static Allocator Parse(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        string[] parts = value.Split(',');
        return parts[0] switch
        {
            "" or "sparse" => Alone(parts, AllocatorKind.Sparse),
            "malloc" => ParseMalloc(parts.AsSpan(1)),
            "zstd" => Alone(parts, AllocatorKind.Zstd),
            _ => throw new ConfigException($"unknown allocator \"{value}\"; {Available}"),
        };
    }

    /// <summary>Makes the disk.</summary>
    /// <exception cref="ConfigException">There is not enough memory, it may not be locked, or a library is
    /// missing.</exception>
    internal IBlockStore Create(ulong size) => Kind switch
    {
        AllocatorKind.Malloc => CreateMalloc(size),
        AllocatorKind.Zstd => CreateZstd(size),
        _ => CreateSparse(size),
    };

    private static SparseStore CreateSparse(ulong size)
    {
        Errno error = SparseStore.TryCreate(size, out SparseStore? store);
        return error == Errno.Ok ? store! : throw Failed("allocator=sparse: mmap", error);
    }

    private static ZstdStore CreateZstd(ulong size)
    {
        if (!ZstdStore.IsAvailable)
            throw new ConfigException(
                $"allocator=zstd: the library {ZstdStore.Library} cannot be loaded: please install it "
                + "(Debian's package is libzstd1)");
        Errno error = ZstdStore.TryCreate(size, out ZstdStore? store);
        return error == Errno.Ok ? store! : throw Failed("allocator=zstd: mmap", error);
    }

    private MallocStore CreateMalloc(ulong size)
    {
        Errno refused = MallocStore.TryCreate(size, out MallocStore? store);
        if (refused != Errno.Ok)
            throw Failed($"allocator=malloc: {size} bytes", refused);
        refused = Mlock ? store!.LockMemory() : Errno.Ok;
        if (refused == Errno.Ok)
            return store!;
        store!.Dispose();
        throw Failed("allocator=malloc: mlock", refused);
    }

    private static Allocator Alone(string[] parts, AllocatorKind kind) => parts.Length == 1
        ? new Allocator(kind, false)
        : throw new ConfigException($"allocator={parts[0]} does not take extra parameters");

    private static Allocator ParseMalloc(ReadOnlySpan<string> parameters)
    {
        bool mlock = false;
        foreach (string parameter in parameters)
        {
            int equals = parameter.IndexOf('=');
            string key = equals < 0 ? parameter : parameter[..equals];
            if (key != "mlock")
                throw new ConfigException($"allocator=malloc: unknown parameter {key}");
            mlock = equals < 0 || Parsers.ParseBool(parameter[(equals + 1)..]);
        }

        return new Allocator(AllocatorKind.Malloc, mlock);
    }

    private static ConfigException Failed(string what, Errno error) =>
        new($"{what}: {error.Text()}");
}
