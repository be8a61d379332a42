// A row that the load client measures. Not: the client (Load).

using System;
using System.Collections.Generic;
using System.IO;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>A load on a backend.</summary>
internal sealed class LoadRow(string id, Backend backend, bool tcp, LoadOptions load, IReadOnlyList<Goal> goals)
    : Row(id, goals)
{
    /// <inheritdoc/>
    public override DiskLength Disk => backend == Backend.ColdFile ? DiskLength.Cold : DiskLength.Short;

    /// <inheritdoc/>
    public override bool Includes(Peer peer) => CommandLine.Has(peer.Kind, backend);

    /// <inheritdoc/>
    public override Sample Measure(Peer peer, Stage stage, Timing timing)
    {
        using RunningServer server = RunningServer.Start(peer, backend, tcp, stage);
        // Not before: a server may look at the file when it starts.
        if (backend == Backend.ColdFile)
            ColdFile.Drop(stage.ReadFile);
        LoadOptions options = load with
        {
            Socket = server.Endpoint.Socket,
            Port = server.Endpoint.Port,
            Export = server.Endpoint.Export,
            DiskBytes = stage.DiskBytes,
            Server = server.ProcessId,
            Fill = backend == Backend.Memory,
            Zeros = backend is not (Backend.Memory or Backend.File or Backend.WrittenFile or Backend.ColdFile
                or Backend.Web or Backend.Ssh),
            Verify = load.Verify || timing.Verify,
            WarmUpSeconds = timing.WarmUpSeconds,
            WindowSeconds = timing.WindowSeconds,
        };
        // The client is this program again, as a process of its own: its time is its own then.
        ToolResult result = Tool.Succeed(
            Environment.ProcessPath!, [.. OwnAssembly(), Program.LoadCommand, .. options.ToArguments()]);
        return Sample.Of(LoadReport.Parse(result.Output));
    }

    // Under the runtime's own program, as tests run it, the assembly has to be named.
    private static string[] OwnAssembly() =>
        Path.GetFileName(Environment.ProcessPath) == "dotnet"
            ? [Path.Combine(AppContext.BaseDirectory, "NbdFast.Bench.EndToEnd.dll")]
            : [];
}
