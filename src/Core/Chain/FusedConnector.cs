// The border to chains that were fused at compile time. Not: the fused code, which is generated.

namespace NbdFast.Chain;

/// <summary>Makes a filter's connection over the concrete type of the layers below.</summary>
/// <param name="filter">The filter.</param>
/// <param name="next">The layers below, with every correction already laid over them.</param>
/// <param name="context">For the connection's Attach.</param>
/// <returns>Null if these layers were not fused, or if a link lies between that the fused code would leave
/// out.</returns>
public delegate Link? FusedConnector(Filter filter, in ChainNext next, LayerContext context);
