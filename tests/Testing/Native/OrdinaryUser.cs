// Files as somebody sees them who is not root, in a test that root runs. Not: processes of another user (setpriv in a
// command line, IdentityTests).

using System;
using System.Runtime.InteropServices;
using System.Threading;
using Xunit;

namespace NbdFast.Testing.Native;

/// <summary>
/// Until it is disposed, the calling thread opens files as an ordinary user who owns none of them; the other threads
/// go on as before. Where the tests run as an ordinary user anyway, nothing changes. One thread must make both calls.
/// </summary>
public sealed class OrdinaryUser : IDisposable
{
    private const uint Nobody = 65534;
    private const uint Unchanged = uint.MaxValue;   // No valid user: setfsuid(2) then only tells who it is.

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly uint _before;

    private OrdinaryUser()
    {
        _before = (uint)setfsuid(Unchanged);
        if (_before == 0)
            Become(Nobody);
    }

    /// <summary>Begins.</summary>
    public static OrdinaryUser Enter() => new();

    /// <summary>The thread is again who it was.</summary>
    public void Dispose()
    {
        Assert.Equal(_thread, Environment.CurrentManagedThreadId);
        if (_before == 0)
            Become(_before);
    }

    // It does not say whether it worked.
    private static void Become(uint user)
    {
        _ = setfsuid(user);
        Assert.Equal(user, (uint)setfsuid(Unchanged));
    }

    [DllImport("libc")]
    private static extern int setfsuid(uint user);
}
