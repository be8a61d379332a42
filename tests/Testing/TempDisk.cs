// Disk images with known content. Not: file systems on them.

using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace NbdFast.Testing;

/// <summary>Image files for servers and clients.</summary>
public static class TempDisk
{
    private const int Piece = 1 << 20;

    /// <summary>Creates an image of random bytes, which are the same each time.</summary>
    public static void CreateRandom(string path, long size, int seed = 1)
    {
        Random random = new Seed(seed).Random;
        byte[] piece = new byte[Math.Min(size, Piece)];
        using FileStream file = File.Create(path);
        for (long left = size; left > 0; left -= piece.Length)
        {
            random.NextBytes(piece);
            file.Write(piece.AsSpan(0, (int)Math.Min(left, piece.Length)));
        }
    }

    /// <summary>Creates an image that is one hole.</summary>
    public static void CreateSparse(string path, long size)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        RandomAccess.SetLength(file, size);
    }
}
