// A connection as its driver sees it. Not: what a request is (Server).

using NbdFast.Buffers;

namespace NbdFast.Drivers;

/// <summary>
/// A connection in its transmission phase. One thread at a time has the role of serving it. All state lies in the
/// connection, so that the role can move from a thread to another at any pause.
/// </summary>
internal abstract class Served
{
    protected Served()
    {
        ThreadWork = new ServeOnThread(this);
        EndWork = new EndOnThread(this);
    }

    /// <summary>A descriptor that tells when bytes arrive, or -1 where only receiving tells.</summary>
    public abstract int Descriptor { get; }

    /// <summary>The role of serving this connection on a thread of its own.</summary>
    public abstract Role Role { get; }

    /// <summary>The driver that the connection was given to.</summary>
    public ThreadDriver? Driver { get; set; }

    /// <summary>Where the thread that serves it has reads under way, or null where they wait on others.</summary>
    public virtual ReadRing? Reads { get; set; }

    /// <summary>A loop gave the connection to a thread, because it needs one now and then.</summary>
    public bool IsOffLoop { get; set; }

    /// <summary>The thread had to look more than once for what it received: the client has nothing to do until the
    /// first reply comes, and a core to do it on.</summary>
    public bool ClientWaits { get; set; }

    /// <summary>Serves it on a thread of its own.</summary>
    public Work ThreadWork { get; }

    /// <summary>Ends it on a thread, for that may take long.</summary>
    public Work EndWork { get; }

    /// <summary>Serves what has been received and sends the replies.</summary>
    /// <param name="role">Shows which request is being run, if that may block.</param>
    /// <param name="mayWait">The thread has nothing else to do. Otherwise the connection pauses wherever it would have
    /// to wait.</param>
    public abstract Pause Serve(Role role, bool mayWait);

    /// <summary>Receives what is there.</summary>
    /// <returns>The bytes received, 0 at the end of the stream, or the negated errno: EAGAIN if nothing is there and
    /// <paramref name="wait"/> is false.</returns>
    public abstract nint Receive(bool wait);

    /// <summary>Takes bytes that somebody else has received, with the buffer they lie in.</summary>
    /// <param name="buffer">Of the server's pool; it is the connection's from now on.</param>
    /// <param name="count">How many bytes.</param>
    public abstract void Take(RequestBuffer buffer, int count);

    /// <summary>Gives back memory that an idle connection does not need.</summary>
    public abstract void Rest();

    /// <summary>The role has been taken from a thread that is stuck in a request: gets the connection ready to be
    /// served on by the calling one.</summary>
    public abstract void TakeOver();

    /// <summary>Finishes what is under way and closes the connection.</summary>
    public abstract void End();

    private sealed class ServeOnThread(Served connection) : Work
    {
        public override void Run() => connection.Driver!.Drive(connection);
    }

    private sealed class EndOnThread(Served connection) : Work
    {
        public override void Run() => connection.End();
    }
}
