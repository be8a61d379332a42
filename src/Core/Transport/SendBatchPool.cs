// Batches that no connection has anything in. Not: their use (SendQueue).

using System.Threading;

namespace NbdFast.Transport;

/// <summary>Lends empty batches, the one that was used last first, so that a thousand idle connections need
/// none.</summary>
internal sealed class SendBatchPool
{
    private readonly Lock _lock = new();
    private SendBatch? _free;

    /// <summary>Lends a batch; makes one if there is none.</summary>
    [HotPath]
    public SendBatch Rent()
    {
        lock (_lock)
        {
            SendBatch? batch = _free;
            if (batch == null)
                return Make();
            _free = batch.Next;
            batch.Next = null;
            return batch;
        }
    }

    /// <summary>Makes batches beforehand, with their memory present.</summary>
    public void Fill(int count)
    {
        for (int i = 0; i < count; i++)
        {
            SendBatch batch = Make();
            batch.Populate();
            Return(batch);
        }
    }

    /// <summary>Takes an empty batch back.</summary>
    [HotPath]
    public void Return(SendBatch batch)
    {
        lock (_lock)
        {
            batch.Next = _free;
            _free = batch;
        }
    }

    // As many as were ever in use at once.
    private static SendBatch Make() => new();
}
