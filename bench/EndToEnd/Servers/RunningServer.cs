// A server for one cell: started afresh, ended afterwards. Not: loading it (Rows).

using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Native;

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>A server process, with those that it forks.</summary>
internal sealed class RunningServer : IDisposable
{
    private const int PatienceMs = 10_000;

    private readonly Process _started;
    private readonly Stage _stage;

    private RunningServer(Process started, Endpoint endpoint, Stage stage)
    {
        _started = started;
        _stage = stage;
        Endpoint = endpoint;
        ProcessId = started.Id;
    }

    /// <summary>Where it listens.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>Its first process.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <exception cref="LoadException">It ended instead; with what it said.</exception>
    public static RunningServer Start(Peer peer, Backend backend, bool tcp, Stage stage, bool tls = false)
    {
        string export = peer.Kind == ServerKind.NbdServer ? CommandLine.NamedExport : "";
        Endpoint endpoint = tcp
            ? new Endpoint("", FreePort(), export)
            : new Endpoint(stage.NewSocket(), 0, export) { IsTls = tls };
        File.Delete(stage.ProcessFile);
        // exec: the process is the server. A file takes what it says, so that nobody has to read it meanwhile.
        string[] shell = ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", stage.Log, peer.Path];
        ProcessStartInfo start = new(
            "/bin/sh", [.. shell, .. CommandLine.Of(peer.Kind, backend, endpoint, stage)]);
        start.Environment["LC_ALL"] = "C";
        RunningServer server = new(Process.Start(start)!, endpoint, stage);
        try
        {
            if (peer.Kind == ServerKind.NbdServer)
                server.FollowToBackground();
            server.WaitUntilListening();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A TCP port that nobody listens on.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Ends it: politely, then not.</summary>
    public void Dispose()
    {
        int[] all = [.. ServerTime.Of(ProcessId).Processes];
        foreach (int process in all)
            Signals.Send(process, Signals.Terminate);
        for (Stopwatch waited = Stopwatch.StartNew(); Array.Exists(all, IsAlive); Thread.Sleep(1))
        {
            if (waited.ElapsedMilliseconds < PatienceMs)
                continue;
            foreach (int process in all)
                Signals.Send(process, Signals.Kill);
            break;
        }

        _started.WaitForExit();
        _started.Dispose();
        File.Delete(Endpoint.Socket.Length > 0 ? Endpoint.Socket : _stage.ProcessFile);
    }

    // The process that was started ends; another one writes its number when it is ready, before or after that.
    private void FollowToBackground()
    {
        string file = _stage.ProcessFile;
        WaitFor(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), () => true);
        ProcessId = int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
    }

    // A TCP port is not tried: the server would see a client that says nothing. Its clients try again.
    private void WaitUntilListening()
    {
        if (!Endpoint.IsTcp)
            WaitFor(() => File.Exists(Endpoint.Socket), () => IsAlive(ProcessId));
    }

    private void WaitFor(Func<bool> condition, Func<bool> hope)
    {
        for (Stopwatch waited = Stopwatch.StartNew(); !condition(); Thread.Sleep(1))
            if (!hope() || waited.ElapsedMilliseconds > PatienceMs)
                throw new LoadException($"the server does not start: {LastWords()}");
    }

    private string LastWords() =>
        File.Exists(_stage.Log) ? File.ReadLines(_stage.Log).LastOrDefault("it says nothing") : "it says nothing";

    // A process that has ended and was not waited for is dead, too.
    private static bool IsAlive(int process)
    {
        try
        {
            string status = File.ReadAllText($"/proc/{process}/stat");
            return status[status.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;   // It is gone.
        }
    }
}
