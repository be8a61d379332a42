// What a run of requests cost. Not: taking the measure (ReplayWire).

namespace NbdFast.Bench.Loop;

/// <summary>Costs of one request.</summary>
/// <param name="WallNs">Time that passed, in nanoseconds.</param>
/// <param name="CpuNs">Time of all threads of the process, in nanoseconds.</param>
/// <param name="Bytes">Bytes allocated on the heap that a collector looks after.</param>
internal readonly record struct Measurement(double WallNs, double CpuNs, double Bytes);
