// A filter's layer of one connection. Not: the filter for the life of the process (Filter).

using NbdFast.Chain;

namespace NbdFast;

/// <summary>
/// The base of a filter's <c>Connection&lt;TNext&gt;</c>. It is made when the layers below are open and described:
/// <see cref="Next"/> is valid from <see cref="Link.Prepare"/> on, not yet in the constructor.
/// </summary>
/// <typeparam name="TNext">The layers below.</typeparam>
public abstract class FilterConnection<TNext> : Link
    where TNext : struct, INext
{
    private LayerContext? _context;

    /// <summary>The layers below. A field, so that calls through it are direct.</summary>
#pragma warning disable CA1051 // A property would copy the struct at each call.
    protected TNext Next;
#pragma warning restore CA1051

    /// <summary>What was asked of this filter, before its <see cref="Filter.Opening"/> changed it for the layers below:
    /// who asks for which export, and whether for reading only. Valid from <see cref="Link.Prepare"/> on.</summary>
    protected OpenRequest Request => _context!.Request;

    /// <summary>Ties the connection to the layers below. Called by generated code only.</summary>
    public Link Attach(in TNext next, LayerContext context)
    {
        Next = next;
        _context = context;
        return this;
    }

    /// <summary>
    /// Closes the layers below, opens them again and puts them in the place of the old ones (<c>filter=retry</c>). What
    /// they describe must be checked by the caller, for the client was told of the old ones. Only a filter that
    /// overrides all seven operations may do this: the others are passed by, and would go on leading to the old layers.
    /// </summary>
    /// <param name="request">What to open.</param>
    /// <returns>On an error nothing is open below: calls there get <see cref="Errno.EIO"/> until another Reopen
    /// succeeds.</returns>
    protected Errno Reopen(OpenRequest request)
    {
        Errno errno = _context!.Reopen(request, out ChainNext next);
        Next = (TNext)(object)next;   // A filter that reopens is never fused (NBDF011), so TNext is ChainNext.
        return errno;
    }
}
