// Messages to nowhere (--log=null). Not: the default of anything.

namespace NbdFast.Diagnostics;

/// <summary>Discards every message, because the user asked for that.</summary>
internal sealed class NullSink : ILogSink
{
    public void Error(string line)
    {
    }
}
