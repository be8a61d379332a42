// What one run of the load client does, and its form as a command line, since the client is a process of its own.
// Not: doing it (LoadRun).

using System;
using System.Collections.Generic;
using System.Globalization;

namespace NbdFast.Bench.EndToEnd.Load;

/// <summary>The load: where, what, how much of it at once, how long.</summary>
internal sealed record LoadOptions
{
    /// <summary>The path of a Unix socket; empty for TCP.</summary>
    public string Socket { get; init; } = "";

    /// <summary>The port on 127.0.0.1, if not a Unix socket.</summary>
    public int Port { get; init; }

    /// <summary>The export's name.</summary>
    public string Export { get; init; } = "";

    /// <summary>The part of the disk that is used, in bytes.</summary>
    public long DiskBytes { get; init; }

    /// <summary>Requests write, else they read.</summary>
    public bool Write { get; init; }

    /// <summary>Bytes of a request.</summary>
    public int BlockBytes { get; init; } = 4096;

    /// <summary>Requests under way on each connection.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Connections.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Blocks follow each other, else they are anywhere.</summary>
    public bool Sequential { get; init; }

    /// <summary>No block is visited twice, by whichever connection, so that none is in a cache because of the load
    /// itself. The disk must have more blocks than are visited before the end of the window, or the load fails; and
    /// many more, or the system's reading ahead of blocks whose neighbours it has makes hits.</summary>
    public bool Once { get; init; }

    /// <summary>The seed of the offsets.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Seconds before the window.</summary>
    public double WarmUpSeconds { get; init; } = 0.2;

    /// <summary>Seconds of the window.</summary>
    public double WindowSeconds { get; init; } = 1;

    /// <summary>The server's first process, whose processor time is measured with that of its children; or 0.</summary>
    public int Server { get; init; }

    /// <summary>Write the whole disk before, so that every page is there.</summary>
    public bool Fill { get; init; }

    /// <summary>Check the data that is read; write what can be checked.</summary>
    public bool Verify { get; init; }

    /// <summary>The disk reads as zeros, else as <see cref="DiskPattern"/>.</summary>
    public bool Zeros { get; init; }

    /// <summary>The options that <see cref="Parse"/> makes the same load from.</summary>
    public IEnumerable<string> ToArguments()
    {
        yield return $"socket={Socket}";
        yield return $"port={Port}";
        yield return $"export={Export}";
        yield return $"disk={DiskBytes}";
        yield return $"write={Write}";
        yield return $"block={BlockBytes}";
        yield return $"depth={Depth}";
        yield return $"connections={Connections}";
        yield return $"sequential={Sequential}";
        yield return $"once={Once}";
        yield return $"seed={Seed}";
        yield return $"warmup={WarmUpSeconds.ToString(CultureInfo.InvariantCulture)}";
        yield return $"seconds={WindowSeconds.ToString(CultureInfo.InvariantCulture)}";
        yield return $"server={Server}";
        yield return $"fill={Fill}";
        yield return $"verify={Verify}";
        yield return $"zeros={Zeros}";
    }

    /// <summary>Reads <c>key=value</c> arguments.</summary>
    /// <exception cref="FormatException">One is unknown or no number.</exception>
    public static LoadOptions Parse(IEnumerable<string> arguments)
    {
        LoadOptions options = new();
        foreach (string argument in arguments)
        {
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? argument : argument[..equals];
            string value = equals < 0 ? "" : argument[(equals + 1)..];
            options = options.With(key, value);
        }

        return options;
    }

    private LoadOptions With(string key, string value) => key switch
    {
        "socket" => this with { Socket = value },
        "port" => this with { Port = Number(value) },
        "export" => this with { Export = value },
        "disk" => this with { DiskBytes = long.Parse(value, CultureInfo.InvariantCulture) },
        "write" => this with { Write = bool.Parse(value) },
        "block" => this with { BlockBytes = Number(value) },
        "depth" => this with { Depth = Number(value) },
        "connections" => this with { Connections = Number(value) },
        "sequential" => this with { Sequential = bool.Parse(value) },
        "once" => this with { Once = bool.Parse(value) },
        "seed" => this with { Seed = Number(value) },
        "warmup" => this with { WarmUpSeconds = double.Parse(value, CultureInfo.InvariantCulture) },
        "seconds" => this with { WindowSeconds = double.Parse(value, CultureInfo.InvariantCulture) },
        "server" => this with { Server = Number(value) },
        "fill" => this with { Fill = bool.Parse(value) },
        "verify" => this with { Verify = bool.Parse(value) },
        "zeros" => this with { Zeros = bool.Parse(value) },
        _ => throw new FormatException($"unknown option of the load: {key}"),
    };

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}
