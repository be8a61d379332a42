// The SELinux label of new sockets. Not: labels of files (chcon(1)), labels of clients (PeerIdentity).

using System;
using System.Text;
using NbdFast.Native;

namespace NbdFast.Transport;

/// <summary>While this is there, sockets made by the calling thread get a label. The kernel's own file is written;
/// SELinux's library does just that.</summary>
internal sealed class SocketLabel : IDisposable
{
    private const string Control = "/proc/thread-self/attr/sockcreate";

    private SocketLabel()
    {
    }

    /// <summary>Begins to label.</summary>
    /// <exception cref="ConfigException">The kernel refuses the label, or has no SELinux.</exception>
    public static SocketLabel Begin(string label)
    {
        if (Write(Encoding.UTF8.GetBytes(label + "\0")) is var errno and not Errno.Ok)
            throw new ConfigException($"selinux-label: {label}: {errno.Text()}");
        return new SocketLabel();
    }

    /// <summary>Ends it: sockets get the label of the process again.</summary>
    /// <exception cref="ConfigException">The kernel refuses that.</exception>
    public void Dispose()
    {
        if (Write([]) is var errno and not Errno.Ok)
            throw new ConfigException($"selinux-label: {errno.Text()}");
    }

    private static Errno Write(ReadOnlySpan<byte> text)
    {
        int descriptor = Libc.OpenExisting(Control, forWriting: true);
        if (descriptor < 0)
            return (Errno)(-descriptor);
        nint written = Libc.Write(descriptor, text);
        Libc.Close(descriptor);
        return written < 0 ? (Errno)(-written) : Errno.Ok;
    }
}
