// Where the benchmark runs: the calls that it needs exist on Linux only. Not: code.

using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]
