// Lets one client in at a time where the thread model says so. Not: the other thread models (Chain/ExecutionPlan).

using System;
using System.Threading;

namespace NbdFast.Server;

/// <summary>The door that connections pass before they negotiate.</summary>
internal sealed class ConnectionGate(ThreadModel model) : IDisposable
{
    private readonly SemaphoreSlim? _door =
        model == ThreadModel.SerializeConnections ? new SemaphoreSlim(1, 1) : null;

    private readonly CancellationTokenSource _closing = new();

    /// <summary>Waits until the connection may go on.</summary>
    /// <returns>False if the server ends meanwhile.</returns>
    public bool Enter()
    {
        if (_door == null)
            return true;
        try
        {
            _door.Wait(_closing.Token);
            if (!_closing.IsCancellationRequested)
                return true;
            _door.Release();   // The door opened because the server ends.
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The connection has gone.</summary>
    public void Leave() => _door?.Release();

    /// <summary>Nobody gets in any more.</summary>
    public void Close() => _closing.Cancel();

    // Not the door: a connection that a unit holds up comes back to it whenever it comes back, even after the server.
    public void Dispose() => _closing.Dispose();
}
