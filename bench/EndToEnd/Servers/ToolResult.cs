// How a program ended. Not: starting it (Tool).

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>What a program left.</summary>
/// <param name="ExitCode">0 if all went well.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
/// <param name="Seconds">From its start to its end.</param>
internal sealed record ToolResult(int ExitCode, string Output, string Errors, double Seconds);
