// The configured chain of one export, for the life of the process. Not: its open connections (OpenedLayers).

using System;

namespace NbdFast.Chain;

/// <summary>The units of a command line, configured.</summary>
internal sealed class ChainConfig
{
    public string? DefaultExport(ClientInfo client, int layer) => throw new NotSupportedException();

    public Errno ListExports(ClientInfo client, ExportList exports, int layer) => throw new NotSupportedException();

    public Errno Preconnect(ClientInfo client) => throw new NotSupportedException();
}
