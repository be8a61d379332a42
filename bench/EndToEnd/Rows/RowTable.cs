// All rows, with the goals of the project. Not: how they are measured.

using System.Collections.Generic;
using NbdFast.Bench.EndToEnd.Load;
using NbdFast.Bench.EndToEnd.Servers;

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>The rows in the order of the tables.</summary>
internal static class RowTable
{
    private const int Small = 4 << 10;
    private const int Medium = 64 << 10;
    private const int Large = 256 << 10;
    private const int Huge = 2 << 20;

    /// <summary>The row that the row with filters is compared with.</summary>
    public const string NullRow = "null-4k-read-qd64";

    private const string CurlToNull = "curl-alone-to-null";
    private const string CurlToFile = "curl-alone-to-file";
    private const string PythonCalls = "sh-python-calls-4k-read-qd8";

    private static readonly Goal[] CopyGoal = [new Goal(Metric.Throughput, true, 1.2)];

    private static readonly Goal[] TlsGoals =
        [new Goal(Metric.Throughput, true, 1.2), new Goal(Metric.ServerPerGiB, false, 0.8)];

    private static readonly Goal[] SshCopyGoals =
        [new Goal(Metric.Throughput, true, 1.0), new Goal(Metric.ServerPerGiB, false, 1.0)];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Row> All { get; } =
    [
        .. Memory(), .. Null(), .. Tcp(), .. File(), .. Cold(), .. MayBlock(), .. Remote(), .. Web(), .. Ssh(),
        .. Scripts(), .. Tools(), .. Tls(), .. Idle(),
    ];

    private static IEnumerable<Row> Memory() =>
    [
        Read("memory-4k-read-qd1", Backend.Memory, Small, 1, Goal.Of(1.3, 0.75), quick: true),
        Read("memory-4k-read-qd16", Backend.Memory, Small, 16, Goal.Of(2.0, 0.40)),
        Read("memory-4k-read-qd64", Backend.Memory, Small, 64, Goal.Of(4.0, 0.22), quick: true),
        Read("memory-4k-read-qd16x4", Backend.Memory, Small, 16, Goal.Of(2.2, 0.28), connections: 4),
        Read("memory-4k-read-qd1x16", Backend.Memory, Small, 1, Goal.Of(1.8, 0.25), connections: 16),
        Read("memory-4k-read-qd1x64", Backend.Memory, Small, 1, [], connections: 64),
        Read("memory-4k-read-qd1x256", Backend.Memory, Small, 1, [], connections: 256),
        Write("memory-4k-write-qd64", Backend.Memory, Small, 64, Goal.Of(3.5, 0.22)),
        Read("memory-256k-read-qd16", Backend.Memory, Large, 16, Goal.Of(1.4, 0.70), quick: true),
        Write("memory-256k-write-qd16", Backend.Memory, Large, 16, Goal.Of(1.3, 0.65), quick: true),
        Read("memory-2m-read-qd8", Backend.Memory, Huge, 8, Goal.Of(1.4, 0.70)),
        Write("memory-2m-write-qd8", Backend.Memory, Huge, 8, Goal.Of(1.3, 0.65)),
    ];

    private static IEnumerable<Row> Null() =>
    [
        Read(NullRow, Backend.Null, Small, 64, Goal.Of(5, 0.16), quick: true),
        Read("null-4k-read-qd1x16", Backend.Null, Small, 1, Goal.Of(3.2, 0.25), connections: 16),
        Read(
            "filters-4k-read-qd64", Backend.Filtered, Small, 64,
            [new Goal(Metric.ServerPerRequest, false, 1.03, NullRow)]),
    ];

    private static IEnumerable<Row> Tcp() =>
    [
        Read("tcp-memory-4k-read-qd1", Backend.Memory, Small, 1, Goal.Of(1.3, 0.65), tcp: true),
        Read("tcp-memory-4k-read-qd64", Backend.Memory, Small, 64, Goal.Of(4.5, 0.18), tcp: true, quick: true),
        Write("tcp-memory-4k-write-qd64", Backend.Memory, Small, 64, Goal.Of(2.5, 0.28), tcp: true),
        Read("tcp-memory-256k-read-qd16", Backend.Memory, Large, 16, Goal.Of(1.25, 0.65), tcp: true),
        Write("tcp-memory-256k-write-qd16", Backend.Memory, Large, 16, Goal.Of(1.15, 0.75), tcp: true),
    ];

    private static IEnumerable<Row> File() =>
    [
        Read("file-4k-read-qd1", Backend.File, Small, 1, Goal.Of(1.3, 0.9)),
        Read("file-4k-read-qd64", Backend.File, Small, 64, Goal.Of(2.2, 0.35), quick: true),
        Read("tcp-file-4k-read-qd64", Backend.File, Small, 64, Goal.Of(2.8, 0.30), tcp: true),
        Read("file-256k-read-qd16", Backend.File, Large, 16, Goal.Of(1.4, 0.40)),
        Read("tcp-file-256k-read-qd16", Backend.File, Large, 16, Goal.Of(1.0, 0.45), tcp: true),
        Write("file-256k-write-qd16", Backend.WrittenFile, Large, 16, Goal.Of(1.1, 0.80)),
        Write("tcp-file-256k-write-qd16", Backend.WrittenFile, Large, 16, Goal.Of(1.0, 0.90), tcp: true),
    ];

    private static IEnumerable<Row> Cold() =>
    [
        ReadOnce("cold-file-4k-read-qd1", Small, 1),
        ReadOnce("cold-file-4k-read-qd16", Small, 16),
        ReadOnce("cold-file-4k-read-qd64", Small, 64),
        ReadOnce("cold-file-4k-read-qd16x4", Small, 16, connections: 4),
        ReadOnce("cold-file-4k-read-qd1x16", Small, 1, connections: 16),
        ReadOnce("cold-file-64k-read-qd16", Medium, 16),
        ReadOnce("cold-file-256k-read-qd16", Large, 16, sequential: true),
    ];

    private static IEnumerable<Row> MayBlock() =>
    [
        Read("mayblock-4k-read-qd1", Backend.MayBlock, Small, 1, Goal.Of(1.2, 0.80)),
        Read("mayblock-4k-read-qd16", Backend.MayBlock, Small, 16, Goal.Of(2.0, 0.35)),
        Read("mayblock-4k-read-qd64", Backend.MayBlock, Small, 64, Goal.Of(3.5, 0.25)),
        // 64 requests of 5 ms each are 12 800 in a second at most, so with 64 threads all are alike. The goal is beside
        // nbdkit as it comes, with 16.
        Read("sleep-4k-read-qd64", Backend.SleepBesideDefault, Small, 64, Goal.Of(3.5)),
        Read("sleep-4k-read-qd64-both-64-threads", Backend.Sleep, Small, 64, []),
    ];

    private static IEnumerable<Row> Remote() =>
    [
        Read("nbd-4k-read-qd1", Backend.Remote, Small, 1, Goal.Of(1.1)),
        Read("nbd-4k-read-qd64", Backend.Remote, Small, 64, Goal.Of(2.0, 0.5)),
        Write("nbd-4k-write-qd64", Backend.Remote, Small, 64, Goal.Of(2.0, 0.5)),
        Read("nbd-256k-read-qd16", Backend.Remote, Large, 16, []),
    ];

    // The goals are one beside curl, and to be nowhere behind nbdkit.
    private static IEnumerable<Row> Web() =>
    [
        new CurlRow(CurlToNull, toFile: false),
        new NbdcopyRow("curl-nbdcopy-to-null", Backend.Web, writes: false, [.. CurlGoals(CurlToNull)]),
        new CurlRow(CurlToFile, toFile: true),
        new NbdcopyRow("curl-nbdcopy-to-file", Backend.Web, writes: false, [.. CurlGoals(CurlToFile)])
        { IsToFile = true },
        new NbdcopyRow("curl-nbdcopy-simple-to-null", Backend.Web, writes: false, [.. CurlGoals(CurlToNull)])
        { IsSimple = true },
        Read("curl-4k-read-qd1", Backend.Web, Small, 1, Goal.Of(1.0, 1.0)),
        Read("curl-4k-read-qd16", Backend.Web, Small, 16, Goal.Of(1.0, 1.0)),
        Read("curl-256k-read-qd16", Backend.Web, Large, 16, Goal.Of(1.0, 1.0)),
    ];

    private static IEnumerable<Row> Ssh() =>
    [
        new NbdcopyRow("ssh-nbdcopy-to-null", Backend.Ssh, writes: false, SshCopyGoals),
        new NbdcopyRow("ssh-nbdcopy-null-to-ssh", Backend.WrittenSsh, writes: true, SshCopyGoals),
        Read("ssh-4k-read-qd1", Backend.Ssh, Small, 1, Goal.Of(1.0, 1.0)),
        Read("ssh-4k-read-qd16", Backend.Ssh, Small, 16, Goal.Of(1.0, 1.0)),
        Read("ssh-256k-read-qd16", Backend.Ssh, Large, 16, Goal.Of(1.0, 1.0)),
    ];

    private static IEnumerable<Row> Scripts() =>
    [
        Read(PythonCalls, Backend.PythonCalls, Small, 8, Goal.Of(1.0)),
        Read("sh-python-coprocess-4k-read-qd1", Backend.Coprocess, Small, 1, Goal.Of(50)),
        Read(
            "sh-python-coprocess-4k-read-qd64", Backend.Coprocess, Small, 64,
            [new Goal(Metric.Requests, true, 50), new Goal(Metric.Requests, true, 50, PythonCalls)]),
        Read("eval-4k-read-qd1", Backend.ShellCallsInTurn, Small, 1, Goal.Of(1.0)),
        Read("eval-parallel-4k-read-qd8", Backend.ShellCalls, Small, 8, Goal.Of(1.0)),
    ];

    private static IEnumerable<Goal> CurlGoals(string alone) =>
    [
        new(Metric.Throughput, true, 1.0), new(Metric.ServerPerGiB, false, 1.0),
        new(Metric.Throughput, true, 0.9, alone),
    ];

    private static IEnumerable<Row> Tools() =>
    [
        new FioRow("fio-memory-4k-read-qd64", []),
        new NbdcopyRow("nbdcopy-file-to-null", Backend.File, writes: false, CopyGoal) { IsQuick = true },
        new NbdcopyRow("nbdcopy-memory-to-null", Backend.Memory, writes: false, CopyGoal),
        new NbdcopyRow("nbdcopy-null-to-memory", Backend.Memory, writes: true, CopyGoal),
        new ConvertRow("qemu-img-convert-file", Backend.File, CopyGoal),
        new ConvertRow("qemu-img-convert-memory", Backend.Memory, CopyGoal),
    ];

    private static IEnumerable<Row> Tls() =>
    [
        new NbdcopyRow("tls-nbdcopy-memory-to-null", Backend.Memory, writes: false, TlsGoals)
        { IsTls = true, IsQuick = true },
        new NbdcopyRow("tls-nbdcopy-null-to-memory", Backend.Memory, writes: true, TlsGoals) { IsTls = true },
        new NbdcopyRow("tls-nbdcopy-file-to-null", Backend.File, writes: false, TlsGoals) { IsTls = true },
        new FioRow("tls-fio-4k-read-qd64", TlsGoals) { IsTls = true },
        new FioRow("tls-fio-4k-write-qd64", TlsGoals, writes: true) { IsTls = true },
        new FioRow("tls-fio-4k-read-qd1", [], depth: 1) { IsTls = true },
    ];

    private static IEnumerable<Row> Idle() =>
    [
        new StartRow(
            "start",
            [new Goal(Metric.Wall, false, 1.0), new Goal(Metric.ServerPerRequest, false, 1.0)]) { IsQuick = true },
        new IdleRow("idle", connections: 0, [new Goal(Metric.Memory, false, 1.2)]),
        new IdleRow(
            "idle-1000-connections",
            connections: 1000,
            [new Goal(Metric.Memory, false, 0.2), new Goal(Metric.Threads, false, 100, IsAbsolute: true)]),
    ];

    private static LoadRow Read(
        string id, Backend backend, int block, int depth, Goal[] goals, int connections = 1, bool tcp = false,
        bool quick = false) =>
        Load(id, backend, write: false, block, depth, goals, connections, tcp, quick);

    private static LoadRow Write(
        string id, Backend backend, int block, int depth, Goal[] goals, bool tcp = false, bool quick = false) =>
        Load(id, backend, write: true, block, depth, goals, connections: 1, tcp, quick);

    // Blocks that were read before are in the page cache.
    private static LoadRow ReadOnce(string id, int block, int depth, int connections = 1, bool sequential = false)
    {
        LoadOptions options = new()
        {
            BlockBytes = block,
            Depth = depth,
            Connections = connections,
            Sequential = sequential,
            Once = true,
        };
        return new LoadRow(id, Backend.ColdFile, tcp: false, options, Goal.Of(1.0, 1.0));
    }

    // Small blocks lie anywhere on the disk, large ones one behind the other, as those who ask for them do.
    private static LoadRow Load(
        string id, Backend backend, bool write, int block, int depth, Goal[] goals, int connections, bool tcp,
        bool quick)
    {
        LoadOptions options = new()
        {
            Write = write,
            BlockBytes = block,
            Depth = depth,
            Connections = connections,
            Sequential = block > Small,
        };
        return new LoadRow(id, backend, tcp, options, goals) { IsQuick = quick };
    }
}
