// Holding the lock of a chain that serializes all requests. Not: operations on data (Links/Serialized).

using System.Threading;

namespace NbdFast.Chain;

/// <summary>Holds a lock until it is disposed of; without a lock it does nothing.</summary>
internal readonly ref struct Turn
{
    private readonly Lock? _turn;

    public Turn(Lock? turn)
    {
        _turn = turn;
        turn?.Enter();
    }

    public void Dispose() => _turn?.Exit();
}
