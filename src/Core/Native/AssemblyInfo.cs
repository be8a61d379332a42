// Interop settings of the assembly: structs cross the border as they lie in memory. Not: declarations.

using System.Runtime.CompilerServices;

[assembly: DisableRuntimeMarshalling]
