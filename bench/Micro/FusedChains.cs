// Chains to fuse for ChainHopBench, of its three lengths. Not: those of the product (src/Cli/FusedChains.cs).

using NbdFast;

[assembly: NbdFusedChain("offset", "offset", "offset", "offset", "offset", "offset", "offset", "offset", "null")]
