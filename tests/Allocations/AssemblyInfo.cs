// Allocations are counted for the whole process: one test at a time. Not: code.

using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
