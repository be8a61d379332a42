// The chains that are worth fusing at compile time. Not: the fused code, which is generated from this
// (FusedChainRegistry), nor when it is taken (Chain/ChainOpener).

using NbdFast;

// A filter that only moves positions adds so little to a request that the call to it is most of its cost. Over these
// plugins, whose own work is short, a direct call shows; over a network it would be lost in the noise.
[assembly: NbdFusedChain("offset", "file")]
[assembly: NbdFusedChain("offset", "memory")]
[assembly: NbdFusedChain("offset", "null")]
