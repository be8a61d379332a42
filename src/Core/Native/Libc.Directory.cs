// Directories: the names in them. Not: what the names stand for (Libc.Status).

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

public static unsafe partial class Libc
{
    internal const int EntryBufferBytes = 32 * 1024;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>getdents64(2) until the end: the names in a directory, in no order, with "." and "..". Names that are
    /// not UTF-8 are left out, for no string stands for them.</summary>
    /// <param name="descriptor">An open directory; its position moves to the end.</param>
    /// <param name="names">Where to add them.</param>
    public static Errno ReadDirectory(int descriptor, ICollection<string> names) =>
        ReadDirectory(descriptor, names, out _);

    /// <summary>getdents64(2) until the end, as <see cref="ReadDirectory(int, ICollection{string})"/>, for who must not
    /// leave anything out.</summary>
    /// <param name="descriptor">An open directory; its position moves to the end.</param>
    /// <param name="names">Where to add the names.</param>
    /// <param name="leftOut">A name that is not UTF-8, with marks for what cannot be shown, or null if there is
    /// none.</param>
    public static Errno ReadDirectory(int descriptor, ICollection<string> names, out string? leftOut)
    {
        leftOut = null;
        byte[] buffer = new byte[EntryBufferBytes];
        fixed (byte* start = buffer)
            while (true)
            {
                nint filled = Result(getdents64(descriptor, start, EntryBufferBytes));
                if (filled <= 0)
                    return (Errno)(-filled);
                for (byte* entry = start; entry < start + filled; entry += ((DirectoryEntry*)entry)->RecordLength)
                    if (NameOf(entry) is { } name)
                        names.Add(name);
                    else
                        leftOut = Encoding.UTF8.GetString(BytesOf(entry));
            }
    }

    private static ReadOnlySpan<byte> BytesOf(byte* entry) =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + DirectoryEntry.NameOffset);

    private static string? NameOf(byte* entry)
    {
        try
        {
            return StrictUtf8.GetString(BytesOf(entry));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    [DllImport("libc")]
    private static extern nint getdents64(int fd, void* dirp, nuint length);

    /// <summary>struct dirent64 up to its name, which follows at <see cref="NameOffset"/>.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    internal struct DirectoryEntry
    {
        public const int NameOffset = 19;

        [FieldOffset(16)]
        public ushort RecordLength;
    }
}
