// Where the output of scripts is kept until the disk is filled. Not: the disk.

using System;
using System.Collections.Generic;
using NbdFast.Storage;

namespace NbdFast.Plugins.Data.Contents;

/// <summary>Keeps bytes outside of the heap, which is small. Gone with all that was kept when it is disposed of.
/// </summary>
internal sealed class Shelf : IDisposable
{
    // So few bytes are kept where they are.
    private const int Short = 4096;

    private SparseStore? _store;
    private StoreCanvas? _canvas;
    private readonly Dictionary<Content, Content> _kept = [];
    private ulong _used;

    /// <summary>How many bytes are kept here.</summary>
    public ulong UsedBytes => _used;

    /// <summary>Keeps some bytes.</summary>
    /// <exception cref="ConfigException">There is not enough memory.</exception>
    public Content Keep(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAnyExcept((byte)0))
            return new Zeroes((ulong)bytes.Length);
        if (bytes.Length <= Short)
            return Literal.Of(bytes.ToArray());
        if (_store == null)
        {
            Errno errno = SparseStore.TryCreate(SparseStore.FlatBytes, out _store);
            if (errno != Errno.Ok)
                throw new ConfigException($"mmap: {errno.Text()}");
            _canvas = new StoreCanvas(_store!, Shortage.AvailableBytes());
        }

        if ((ulong)bytes.Length > _store!.Size - _used)
            throw Shortage.Of(_used, _store.Size);
        _canvas!.Write(bytes, _used);
        StorePart part = new(_store, _used, (ulong)bytes.Length);
        _used += part.Length;
        return part;
    }

    /// <summary>Keeps what a content takes from elsewhere. What has several names, or stands at several places, is kept
    /// once.</summary>
    /// <returns>The same content, which can be read in parts from now on.</returns>
    /// <exception cref="ConfigException">A file cannot be read, or there is not enough memory.</exception>
    public Content Keep(Content content)
    {
        if (!_kept.TryGetValue(content, out Content? kept))
            _kept.Add(content, kept = content.KeptOn(this));
        return kept;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _store?.Dispose();
}
