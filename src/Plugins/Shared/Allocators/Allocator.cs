// The value of allocator=. Not: the stores themselves (NbdFast.Storage).

using System;
using NbdFast.Storage;
using NbdFast.Values;

namespace NbdFast.Plugins.Shared.Allocators;

/// <summary>How a plugin gets the memory for its disk.</summary>
/// <param name="IsMalloc">All memory at once, not sparse.</param>
/// <param name="Mlock">That memory is kept out of swap.</param>
public readonly record struct Allocator(bool IsMalloc, bool Mlock) : IValue<Allocator>
{
    private const string Available = "available allocators: sparse, malloc";

    /// <summary>Parses <c>sparse</c> or <c>malloc[,mlock=BOOL]</c>; nothing at all means sparse.</summary>
    /// <exception cref="ConfigException">Another allocator or parameter.</exception>
    public static Allocator Parse(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        string[] parts = value.Split(',');
        return parts[0] switch
        {
            "" or "sparse" => parts.Length == 1
                ? default
                : throw new ConfigException("allocator=sparse does not take extra parameters"),
            "malloc" => ParseMalloc(parts.AsSpan(1)),
            "zstd" => throw new ConfigException($"allocator=zstd is not available here; {Available}"),
            _ => throw new ConfigException($"unknown allocator \"{value}\"; {Available}"),
        };
    }

    /// <summary>Makes the disk.</summary>
    /// <exception cref="ConfigException">There is not enough memory, or it may not be locked.</exception>
    internal IBlockStore Create(ulong size)
    {
        if (!IsMalloc)
        {
            Errno error = SparseStore.TryCreate(size, out SparseStore? sparse);
            return error == Errno.Ok ? sparse! : throw Failed("allocator=sparse: mmap", error);
        }

        Errno refused = MallocStore.TryCreate(size, out MallocStore? store);
        if (refused != Errno.Ok)
            throw Failed($"allocator=malloc: {size} bytes", refused);
        refused = Mlock ? store!.LockMemory() : Errno.Ok;
        if (refused == Errno.Ok)
            return store!;
        store!.Dispose();
        throw Failed("allocator=malloc: mlock", refused);
    }

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

        return new Allocator(true, mlock);
    }

    private static ConfigException Failed(string what, Errno error) =>
        new($"{what}: {error.Text()}");
}
