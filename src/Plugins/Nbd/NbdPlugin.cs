// The nbd plugin: its life, and clients that come. Not: its parameters' meaning (NbdPlugin.Parameters), requests
// (RemoteConnection), the protocol (NbdFast.Client).

using System;
using System.IO;
using System.Threading;
using NbdFast.Client;

namespace NbdFast.Plugins.Nbd;

/// <summary>Serves an export of another NBD server.</summary>
[NbdPlugin("nbd", "nbdkit nbd plugin", Description = "Serve an export of another NBD server.",
    ThreadModel = ThreadModel.Parallel, Latency = Latency.Blocking)]
public sealed partial class NbdPlugin : Plugin
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private RemoteServer? _server;
    private Upstream? _shared;
    private string _exportName = "";
    private bool _isShared;

    /// <inheritdoc/>
    public override void DumpFields(TextWriter output)
    {
        // There is no libnbd here, but scripts ask for what these fields stand for.
        output.WriteLine("libnbd_tls=1");
        output.WriteLine("libnbd_uri=1");
        output.WriteLine("libnbd_vsock=1");
        output.WriteLine("libnbd_dynamic_list=1");
    }

    /// <inheritdoc/>
    public override void AfterFork()
    {
        if (!_isShared)
            return;
        try
        {
            _shared = Connect(_exportName);
        }
        catch (RemoteException exception)
        {
            throw new ConfigException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override Errno ListExports(ClientInfo client, ExportList exports)
    {
        try
        {
            if (DynamicExport && _server!.List(exports))
                return Errno.Ok;
        }
        catch (RemoteException exception)
        {
            return Log.Error(exception.Errno, $"{exception.Message}");
        }

        exports.UseDefaultExport = true;
        return Errno.Ok;
    }

    /// <inheritdoc/>
    public override string? DefaultExport(ClientInfo client)
    {
        if (!DynamicExport)
            return "";
        try
        {
            return _server!.NameOfDefault() ?? "";
        }
        catch (RemoteException exception)
        {
            Log.Error(exception.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public override RemoteConnection? Open(OpenRequest request)
    {
        try
        {
            return _isShared
                ? new RemoteConnection(Shared(), isOwner: false, isAlone: false)
                : new RemoteConnection(
                    Connect(DynamicExport ? request.ExportName : _exportName),
                    isOwner: true, isAlone: !_server!.Address.IsReusable);
        }
        catch (RemoteException exception)
        {
            request.Error = Log.Error(exception.Errno, $"{exception.Message}");
            return null;
        }
    }

    /// <inheritdoc/>
    public override void Cleanup() => CloseShared();

    /// <inheritdoc/>
    public override void Dispose()
    {
        CloseShared();   // A start that failed later has had no cleanup.
        _server?.Dispose();
        base.Dispose();
    }

    private void CloseShared()
    {
        _shared?.Dispose();
        _shared = null;
    }

    // Clients of a connection that has ended keep their errors; one that comes later gets a new one, where there can
    // be another.
    private Upstream Shared()
    {
        lock (_lock)
        {
            if (_shared is { IsAlive: true } alive)
                return alive;
            if (!_server!.Address.IsReusable)
                throw new RemoteException(
                    Errno.ESHUTDOWN, $"{_server.Address}: the connection to the server has ended");
            Upstream renewed = Connect(_exportName);
            _shared?.Dispose();   // Whoever still uses it goes on to get errors.
            return _shared = renewed;
        }
    }

    private Upstream Connect(string exportName)
    {
        for (uint left = Retry; ; left--)
        {
            try
            {
                return Upstream.Open(_server!, exportName, (int)Connections);
            }
            catch (RemoteException exception) when (left > 0)
            {
                Log.Debug($"connect failed; {left} tries left: {exception.Message}");
                if (Sleep.For(BetweenTries) != Errno.Ok)
                    throw;
            }
        }
    }
}
