// Signatures of native functions are blittable here as in the library. Not: other attributes.

using System.Runtime.CompilerServices;

[assembly: DisableRuntimeMarshalling]
