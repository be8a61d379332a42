// A server that does just what a test wants, wrong things too. Not: a server for use; it shares no code with the client
// that it is to try. What it says to one client is ServerTalk.

using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using Xunit;

namespace NbdFast.Testing;

/// <summary>Listens on a Unix socket and runs a script for each client, on a thread of its own. A client that goes in
/// the middle ends its script; any other fault of a script is shown when the server is disposed of.</summary>
public sealed class ScriptedServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Thread> _threads = [];
    private readonly List<ServerTalk> _talks = [];
    private readonly List<Exception> _faults = [];
    private readonly Action<ServerTalk> _script;
    private int _clients;
    private bool _ended;

    /// <summary>Starts it.</summary>
    public ScriptedServer(Action<ServerTalk> script)
    {
        _script = script;
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
        Thread thread = new(Accept) { IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }

    /// <summary>Where it listens.</summary>
    public string SocketPath => _folder.File("s");

    /// <summary>How many clients have come.</summary>
    public int Clients => Volatile.Read(ref _clients);

    /// <summary>Ends it and its scripts. Any number of times.</summary>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        lock (_threads)
        {
            _listener.Dispose();
            foreach (ServerTalk talk in _talks)
                talk.Dispose();
        }

        Thread[] threads;
        lock (_threads)
            threads = [.. _threads];
        foreach (Thread thread in threads)
            Assert.True(thread.Join(Patience), "a script did not end");
        _folder.Dispose();
        lock (_threads)
            Assert.Empty(_faults);
    }

    private void Accept()
    {
        try
        {
            while (true)
                Begin(new ServerTalk(_listener.Accept()));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return;   // The test is over.
        }
    }

    private void Begin(ServerTalk talk)
    {
        Thread thread = new(() => Run(talk)) { IsBackground = true };
        lock (_threads)
        {
            _talks.Add(talk);
            _threads.Add(thread);
        }

        Interlocked.Increment(ref _clients);
        thread.Start();
    }

    private void Run(ServerTalk talk)
    {
        try
        {
            _script(talk);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            return;   // The client has gone, or the test is over.
        }
#pragma warning disable CA1031 // Shown when the server is disposed of, on the test's thread.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            lock (_threads)
                _faults.Add(exception);
        }
        finally
        {
            talk.Dispose();
        }
    }
}
