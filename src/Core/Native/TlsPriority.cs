// A priority string of GnuTLS, parsed. Not: which one is taken (Transport/TlsContext).

using System;
using System.Runtime.InteropServices;
using System.Text;

namespace NbdFast.Native;

/// <summary>Which protocols, ciphers and key exchanges are allowed, and in which order ("Priority strings" in the
/// manual of GnuTLS). Sessions share it.</summary>
internal sealed unsafe class TlsPriority : IDisposable
{
    private nint _priority;

    private TlsPriority(nint priority) => _priority = priority;

    internal nint Handle => _priority;

    /// <summary>Parses a priority string.</summary>
    /// <param name="text">As GnuTLS wants it; ASCII.</param>
    /// <param name="priority">What it says.</param>
    /// <param name="position">Where it is wrong.</param>
    /// <returns>0 or the library's code.</returns>
    public static int TryParse(string text, out TlsPriority? priority, out int position)
    {
        nint parsed;
        byte* wrong = null;
        fixed (byte* bytes = Encoding.UTF8.GetBytes(text + "\0"))
        {
            int code = gnutls_priority_init(&parsed, bytes, &wrong);
            position = wrong == null ? 0 : (int)(wrong - bytes);
            priority = code == 0 ? new TlsPriority(parsed) : null;
            return code;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_priority != 0)
            gnutls_priority_deinit(_priority);
        _priority = 0;
    }

    [DllImport(GnuTls.Library)]
    private static extern int gnutls_priority_init(nint* priority, byte* text, byte** errorPosition);

    [DllImport(GnuTls.Library)]
    private static extern void gnutls_priority_deinit(nint priority);
}
