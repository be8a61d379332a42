// A server in the foreground, for one test. Not: the clients (ShellCommand, RawClient).

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using NbdFast.Testing.Native;
using Xunit;

namespace NbdFast.Testing;

/// <summary>
/// The native binary serving in the foreground, on a Unix socket in a folder of its own or on a free TCP port. It is
/// ready when it has written its PID file, so no connection of ours disturbs what the test counts. Disposing ends it
/// and asserts that it ended well and left no process.
/// </summary>
public sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly string _arguments;
    private bool _ended;

    private ServerProcess(string arguments, bool tcp, string? binary, string? before)
    {
        binary ??= NativeBinary.Path;
        _arguments = arguments;
        SocketPath = _folder.File("s");
        Port = tcp ? FreePort.Take() : 0;
        Uri = tcp ? $"nbd://127.0.0.1:{Port}" : $"nbd+unix:///?socket={SocketPath}";
        string address = tcp ? $"-i 127.0.0.1 -p {Port}" : $"-U {SocketPath}";
        if (before != null)
            ShellCommand.Run(before, folder: _folder.Path).Succeeded();
        // A session of its own, so that whatever it starts can be found afterwards. exec: the process is the server.
        string commandLine = $"exec setsid {binary} -f -P {_folder.File("pid")} {address} "
            + TestedDriver.Options + arguments;
        ProcessStartInfo start = new("/bin/bash", ["-c", commandLine])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        start.Environment["dir"] = _folder.Path;
        start.Environment["LC_ALL"] = "C.UTF-8";
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
        try
        {
            WaitUntilReady();
        }
        catch
        {
            End(Signal.Kill);
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>How clients name the server.</summary>
    public string Uri { get; }

    /// <summary>The Unix socket, unless it serves TCP.</summary>
    public string SocketPath { get; }

    /// <summary>The TCP port on 127.0.0.1, or 0.</summary>
    public int Port { get; }

    /// <summary>The folder of the socket, which is also the server's at its start, for the test's files.</summary>
    public string Folder => _folder.Path;

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Waits until it has said something: its standard error is read by another thread.</summary>
    public void HasSaid(string text) => Assert.True(
        System.Threading.SpinWait.SpinUntil(
            () => Errors.Contains(text, StringComparison.Ordinal), TimeSpan.FromSeconds(30)),
        $"the server did not say '{text}': {_arguments}\n{Errors}");

    /// <summary>What it has said so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <summary>Starts a server on a Unix socket.</summary>
    /// <param name="arguments">The rest of its command line, for bash, in its folder <c>$dir</c>.</param>
    /// <param name="before">A command line that is run first in the folder, to make the server's files.</param>
    /// <param name="binary">Another program, as nbdkit.</param>
    public static ServerProcess Start(string arguments, string? before = null, string? binary = null) =>
        new(arguments, tcp: false, binary, before);

    /// <summary>Starts a server on a TCP port of 127.0.0.1.</summary>
    public static ServerProcess StartTcp(string arguments, string? before = null, string? binary = null) =>
        new(arguments, tcp: true, binary, before);

    /// <summary>Runs a client to its end. It finds <c>$uri</c>, <c>$unixsocket</c>, <c>$port</c>, <c>$server</c> (the
    /// process) and <c>$dir</c>, which is also its current directory.</summary>
    public CommandResult Try(string commandLine, TimeSpan? patience = null)
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal)
        {
            ["uri"] = Uri,
            ["unixsocket"] = SocketPath,
            ["port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["server"] = ProcessId.ToString(CultureInfo.InvariantCulture),
            ["dir"] = Folder,
        };
        CommandResult result = ShellCommand.Run(commandLine, variables, Folder, patience);
        return result with { Errors = result.Errors + (Errors.Length == 0 ? "" : $"\n(server) {Errors}") };
    }

    /// <summary>Runs a client, which must succeed.</summary>
    /// <returns>Its output.</returns>
    public string Run(string commandLine, TimeSpan? patience = null) => Try(commandLine, patience).Succeeded();

    /// <summary>Sends a signal, waits for the end.</summary>
    /// <returns>The exit code; 128 and more if the signal itself ended it.</returns>
    public int End(Signal signal)
    {
        Processes.Send(ProcessId, signal);
        return WaitForEnd();
    }

    /// <summary>Waits until the server has ended of itself.</summary>
    public int WaitForEnd()
    {
        if (!_process.WaitForExit(Patience))
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"the server did not end: {_arguments}\n{Errors}");
        }

        _process.WaitForExit();   // Also for the last of its messages.
        _ended = true;
        return _process.ExitCode;
    }

    /// <summary>Ends the server politely.</summary>
    public void Dispose()
    {
        try
        {
            // How a server ended that the test itself made end is the test's to judge.
            int exitCode = _ended ? 0 : End(Signal.Terminate);
            Assert.True(exitCode == 0, $"the server ended with {exitCode}: {_arguments}\n{Errors}");
            Assert.Empty(Session.KillAll(ProcessId));
        }
        finally
        {
            _process.Dispose();
            _folder.Dispose();
        }
    }

    private void WaitUntilReady()
    {
        string pidFile = _folder.File("pid");
        for (Stopwatch waited = Stopwatch.StartNew(); waited.Elapsed < Patience; Thread.Sleep(2))
        {
            if (File.Exists(pidFile) && File.ReadAllText(pidFile).EndsWith('\n'))
                return;
            if (_process.HasExited)
                Assert.Fail($"the server ended with {WaitForEnd()} at its start: {_arguments}\n{Errors}");
        }

        Assert.Fail($"the server was not ready in time: {_arguments}\n{Errors}");
    }
}
