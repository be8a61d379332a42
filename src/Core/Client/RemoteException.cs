// Why a server could not be reached, or an export not be opened. Not: errors of requests (Errno).

using System;

namespace NbdFast.Client;

/// <summary>No connection came about. The message is one line for people.</summary>
public sealed class RemoteException : Exception
{
    /// <summary>With what went wrong.</summary>
    /// <param name="errno">What a client is told.</param>
    /// <param name="message">Without a trailing full stop.</param>
    public RemoteException(Errno errno, string message) : base(message) => Errno = errno;

    /// <summary>Without more to say.</summary>
    public RemoteException() : this(Errno.EIO, "no connection")
    {
    }

    /// <summary>With a message alone.</summary>
    public RemoteException(string message) : this(Errno.EIO, message)
    {
    }

    /// <summary>With a message and its cause.</summary>
    public RemoteException(string message, Exception inner) : base(message, inner) => Errno = Errno.EIO;

    /// <summary>What a client is told.</summary>
    public Errno Errno { get; }
}
