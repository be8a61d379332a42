// Chains to fuse for this benchmark. Not: those of the product (src/Cli/FusedChains.cs).

using NbdFast;

[assembly: NbdFusedChain("offset", "offset", "offset", "offset", "null")]
