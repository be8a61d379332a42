// A server that a run starts besides those it measures. Not: its configuration (WebServer, SshServer).

using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using NbdFast.Bench.EndToEnd.Load;

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>A process that lives until it is disposed of, and what it has started with it.</summary>
internal sealed class StartedProgram : IDisposable
{
    private const int PatienceMs = 10_000;

    private readonly Process _process;

    private StartedProgram(Process process) => _process = process;

    /// <summary>Starts a program and waits until it serves.</summary>
    /// <param name="name">Its name; it is started by its whole path, which some need to start themselves anew.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="log">The file in which it says why it does not start.</param>
    /// <param name="serves">Looks whether it does.</param>
    /// <exception cref="LoadException">It is not there, or does not start.</exception>
    public static StartedProgram Start(string name, string[] arguments, string log, Func<bool> serves)
    {
        string path = Tool.Find(name) ?? throw new LoadException($"{name} is not there");
        StartedProgram program = new(Process.Start(path, arguments));
        for (Stopwatch waited = Stopwatch.StartNew(); !serves(); Thread.Sleep(1))
        {
            if (!program._process.HasExited && waited.ElapsedMilliseconds < PatienceMs)
                continue;
            program.Dispose();
            string said = File.Exists(log) ? File.ReadAllText(log).Trim() : "it says nothing";
            throw new LoadException($"{name} does not start: {said}");
        }

        return program;
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
