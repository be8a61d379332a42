// What is measured. Not: how it is shown (Report/MetricText).

namespace NbdFast.Bench.EndToEnd.Rows;

/// <summary>A figure of a cell.</summary>
internal enum Metric
{
    /// <summary>Requests per second.</summary>
    Requests,

    /// <summary>MiB of payload per second.</summary>
    Throughput,

    /// <summary>The median latency in microseconds.</summary>
    P50,

    /// <summary>The 99th percentile in microseconds.</summary>
    P99,

    /// <summary>The 99.9th percentile in microseconds.</summary>
    P999,

    /// <summary>Processor time of the server in microseconds for each request, or each start.</summary>
    ServerPerRequest,

    /// <summary>Processor time of the server in seconds for each GiB.</summary>
    ServerPerGiB,

    /// <summary>Processor time of the client in microseconds for each request.</summary>
    ClientPerRequest,

    /// <summary>Resident memory of the server in MiB: the peak, or for idle servers what is present.</summary>
    Memory,

    /// <summary>Threads of the server.</summary>
    Threads,

    /// <summary>Wall time of an operation in milliseconds.</summary>
    Wall,

    /// <summary>What other processes took in the window, in percent of one processor: the noise.</summary>
    Others,
}
