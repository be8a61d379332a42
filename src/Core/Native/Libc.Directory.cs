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
    public static Errno ReadDirectory(int descriptor, ICollection<string> names)
    {
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
            }
    }

    private static string? NameOf(byte* entry)
    {
        ReadOnlySpan<byte> bytes =
            MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + DirectoryEntry.NameOffset);
        try
        {
            return StrictUtf8.GetString(bytes);
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
