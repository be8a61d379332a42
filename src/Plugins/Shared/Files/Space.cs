// Giving storage back and zeroing without writing: what files and devices have in common. Not: how either does it
// (FileSpace, DeviceSpace).

using NbdFast.Diagnostics;
using NbdFast.Native;

namespace NbdFast.Plugins.Shared.Files;

/// <summary>
/// The storage of an open file. Which of the kernel's ways work depends on the file system or device below, and is
/// found out by trying: a way that turned out unsupported is not tried again on this connection.
/// </summary>
/// <param name="descriptor">The open file.</param>
internal abstract class Space(int descriptor)
{
    private static bool _isTraced;

    private volatile bool _cannotPunch;

    /// <summary>Looks whether <c>-D file.zero=1</c> was given.</summary>
    public static void ReadDebugFlag() => _isTraced = DebugFlags.Get("file", "zero") != 0;

    /// <summary>The open file.</summary>
    protected int Descriptor { get; } = descriptor;

    /// <summary>Holes can be punched, as far as is known.</summary>
    protected bool CanPunch => !_cannotPunch;

    /// <summary>Gives the range's storage back if there is a way; else does nothing, for that is all that a trim
    /// promises.</summary>
    public abstract Errno Trim(ulong count, ulong offset);

    /// <summary>Makes the range read as zeroes.</summary>
    /// <returns><see cref="Errno.ENOTSUP"/> if zeroes must be written.</returns>
    public abstract Errno Zero(ulong count, ulong offset, RequestFlags flags);

    /// <summary>The call is not known here, to the kernel, the file system or the device.</summary>
    protected static bool IsUnsupported(Errno error) => error is Errno.ENOTSUP or Errno.ENOSYS or Errno.ENOTTY;

    /// <summary>Punches a hole.</summary>
    /// <returns><see cref="Errno.ENOTSUP"/> if that is not possible here.</returns>
    [HotPath]
    protected Errno Punch(ulong count, ulong offset)
    {
        Errno error;
        do
            error = Libc.Punch(Descriptor, offset, count);
        while (error == Errno.EINTR);
        if (!IsUnsupported(error))
            return error;
        _cannotPunch = true;
        return Errno.ENOTSUP;
    }

    /// <summary>With <c>-D file.zero=1</c> and <c>-v</c>: which way served a zero request.</summary>
    protected void Trace(string way, ulong count, ulong offset, Errno error)
    {
        if (_isTraced)
            Log.Debug($"zero: {way}: count={count} offset={offset}: {(error == Errno.Ok ? "done" : error.Text())}");
    }

    /// <summary>Tells of an error that is not to be worked around.</summary>
    protected static Errno Failed(string call, Errno error) => Log.Error(error, $"{call}: {error.Text()}");
}
