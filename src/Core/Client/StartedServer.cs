// A server that this process starts for itself (command=). Not: what is said to it (Negotiation).

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using NbdFast.Native;
using NbdFast.Transport;

namespace NbdFast.Client;

/// <summary>
/// A child process that is handed a listening socket by the protocol of systemd (sd_listen_fds(3)). The connection is
/// made before the child accepts it, so nobody has to guess when it is ready. The shell is there to tell the child its
/// own process number, which nobody knows before it is started.
/// </summary>
internal sealed class StartedServer : IDisposable
{
    private const string FolderPrefix = "/tmp/nbdfast";
    private const string Activate =
        "unset LISTEN_FDNAMES; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$0\" \"$@\"";

    private const int Terminate = 15;
    private const int Kill = 9;
    private const int PatienceMs = 10_000;
    private const int LookMs = 10;

    private readonly int _process;
    private SocketWire? _wire;
    private bool _ended;

    private StartedServer(int process, SocketWire wire) => (_process, _wire) = (process, wire);

    /// <summary>It has ended of itself.</summary>
    public bool HasEnded => _ended = _ended || Libc.HasEnded(_process);

    /// <summary>Starts the program.</summary>
    /// <exception cref="RemoteException">It cannot be started.</exception>
    public static StartedServer Start(NbdAddress.Command command)
    {
        string program = command.Arguments[0];
        if (!IsThere(program))
            throw new RemoteException(Errno.ENOENT, $"command: {program}: {Errno.ENOENT.Text()}");
        Require(Libc.MakePrivateDirectory(FolderPrefix, out string folder), $"{FolderPrefix}XXXXXX");
        string path = folder + "/socket";
        try
        {
            return Start(command, path);
        }
        finally
        {
            // Whoever is connected does not need the name any more.
            Libc.Unlink(path);
            Libc.RemoveDirectory(folder);
        }
    }

    /// <summary>The connection to it, once.</summary>
    public SocketWire TakeWire()
    {
        SocketWire wire = _wire!;
        _wire = null;
        return wire;
    }

    /// <summary>Ends it: politely, and after a while not.</summary>
    public void Dispose()
    {
        _wire?.Close();
        _wire = null;
        if (HasEnded)
            return;
        Libc.SendSignal(_process, Terminate);
        for (int waited = 0; waited < PatienceMs; waited += LookMs)
        {
            if (HasEnded)
                return;
            Thread.Sleep(LookMs);
        }

        Libc.SendSignal(_process, Kill);
        Libc.WaitForChild(_process, out _);
        _ended = true;
    }

    private static StartedServer Start(NbdAddress.Command command, string path)
    {
        int listening = Libc.Socket(Libc.AfUnix);
        if (listening < 0)
            throw new RemoteException((Errno)(-listening), $"socket: {((Errno)(-listening)).Text()}");
        int process = 0;
        try
        {
            Require(Libc.Bind(listening, SocketAddress.OfUnix(path)), path);
            Require(Libc.Listen(listening, 1), path);
            List<byte[]> arguments = ["/bin/sh"u8.ToArray(), "-c"u8.ToArray(), Encoding.UTF8.GetBytes(Activate)];
            arguments.AddRange(command.Arguments.Select(Encoding.UTF8.GetBytes));
            process = Libc.SpawnActivated(arguments, listening);
            if (process < 0)
                Require((Errno)(-process), $"command: {command.Arguments[0]}");
            SocketWire wire = Dialer.Connect(
                Libc.AfUnix, SocketAddress.OfUnix(path), command);
            return new StartedServer(process, wire);
        }
        catch (RemoteException)
        {
            if (process > 0)
            {
                Libc.SendSignal(process, Kill);
                Libc.WaitForChild(process, out _);
            }

            throw;
        }
        finally
        {
            Libc.Close(listening);   // It is the child's now: when that ends, the connection does.
        }
    }

    // What the shell would say of it names the shell.
    private static bool IsThere(string program) => program.Contains('/', StringComparison.Ordinal)
        ? File.Exists(program)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static void Require(Errno error, string what)
    {
        if (error != Errno.Ok)
            throw new RemoteException(error, $"{what}: {error.Text()}");
    }
}
