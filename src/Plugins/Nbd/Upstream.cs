// The connections that stand behind one connection of a client, or behind all of them. Not: one of them
// (NbdFast.Client).

using System;
using System.Linq;
using NbdFast.Client;

namespace NbdFast.Plugins.Nbd;

/// <summary>One connection to an export; or several, if the server says that they all see the same.</summary>
public sealed class Upstream : IDisposable
{
    private readonly RemoteExport[] _exports;

    private Upstream(RemoteExport[] exports) => _exports = exports;

    /// <summary>All connections stand.</summary>
    public bool IsAlive => Array.TrueForAll(_exports, export => export.IsAlive);

    /// <summary>The first of them, which describes the export.</summary>
    public RemoteExport First => _exports[0];

    /// <summary>Connects.</summary>
    /// <param name="server">The server.</param>
    /// <param name="exportName">The export.</param>
    /// <param name="count">How many connections to make where the server bears several.</param>
    /// <exception cref="RemoteException">There is no such server or export.</exception>
    public static Upstream Open(RemoteServer server, string exportName, int count)
    {
        ArgumentNullException.ThrowIfNull(server);
        RemoteExport first = RemoteExport.Open(server, exportName);
        if (count == 1 || !first.CanMultiConn || !server.Address.IsReusable)
            return new Upstream([first]);
        RemoteExport[] exports = new RemoteExport[count];
        exports[0] = first;
        try
        {
            for (int i = 1; i < count; i++)
                exports[i] = RemoteExport.Open(server, exportName);
            return new Upstream(exports);
        }
        catch
        {
            foreach (RemoteExport export in exports.Where(export => export != null))
                export.Dispose();
            throw;
        }
    }

    /// <summary>The connection for the next request: the one with the fewest under way.</summary>
    [HotPath]
    public RemoteExport Pick()
    {
        RemoteExport best = _exports[0];
        if (_exports.Length == 1)
            return best;
        int fewest = best.UnderWay;
        for (int i = 1; i < _exports.Length && fewest > 0; i++)
        {
            int underWay = _exports[i].UnderWay;
            if (underWay >= fewest)
                continue;
            fewest = underWay;
            best = _exports[i];
        }

        return best;
    }

    /// <summary>Closes them.</summary>
    public void Dispose()
    {
        foreach (RemoteExport export in _exports)
            export.Dispose();
    }
}
