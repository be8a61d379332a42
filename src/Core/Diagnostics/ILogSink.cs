// Where error messages go. Not: how they are worded (Api/Log).

namespace NbdFast.Diagnostics;

/// <summary>A destination of error messages.</summary>
internal interface ILogSink
{
    /// <summary>Takes one line, without its line break.</summary>
    void Error(string line);
}
