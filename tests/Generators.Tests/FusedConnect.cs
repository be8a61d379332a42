// The signature of the generated FusedChainRegistry.Connect. Not: the code.

using NbdFast.Chain;

namespace NbdFast.Generators.Tests;

internal delegate Link? FusedConnect(Filter filter, in ChainNext next, LayerContext context);
