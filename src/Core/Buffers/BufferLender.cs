// Lends request buffers to one connection within the process's budget. Not: the pool or the budget themselves.

namespace NbdFast.Buffers;

/// <summary>One connection's share of the pool.</summary>
internal sealed class BufferLender(BufferPool pool, ByteBudget budget)
{
    private long _held;

    /// <summary>The largest buffer could be had now.</summary>
    public bool HasRoom => _held == 0 || budget.Limit - budget.Used >= BufferPool.MaximumPayload;

    /// <summary>Lends a buffer if the budget allows it now.</summary>
    [HotPath]
    public bool TryRent(int payload, out RequestBuffer? buffer)
    {
        buffer = budget.TryTake(Charge(payload), ref _held) ? RentCharged(payload) : null;
        return buffer != null;
    }

    /// <summary>Lends a buffer, waiting for the budget. The caller must not sit on replies that are not sent.</summary>
    public RequestBuffer Rent(int payload)
    {
        budget.Take(Charge(payload), ref _held);
        return RentCharged(payload);
    }

    /// <summary>Takes a buffer back.</summary>
    [HotPath]
    public void Return(RequestBuffer buffer)
    {
        int capacity = buffer.Capacity;
        pool.Return(buffer);
        budget.Give(capacity, ref _held);
    }

    // Where the system has no memory, nothing is taken from the budget either.
    [HotPath]
    private RequestBuffer RentCharged(int payload)
    {
        bool rented = false;
        try
        {
            RequestBuffer buffer = pool.Rent(payload);
            rented = true;
            return buffer;
        }
        finally
        {
            if (!rented)
                budget.Give(Charge(payload), ref _held);
        }
    }

    // What is charged is what the pool takes from memory: the size of the class.
    [HotPath]
    private static long Charge(int payload) => BufferPool.CapacityFor(payload);
}
