// One target at a time: the memory of the process is watched. Not: code.

using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
