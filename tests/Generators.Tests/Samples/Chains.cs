// Chains to be fused.

[assembly: NbdFast.NbdFusedChain("shift", "shift", "bytes")]
[assembly: NbdFast.NbdFusedChain("shift", "ones")]
