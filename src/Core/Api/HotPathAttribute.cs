// Marks code that runs for every request. Read by Generators/Rules/HotPathAnalyzer. Not: a hint for the compiler.

using System;

namespace NbdFast;

/// <summary>This runs for each request: it must not allocate (NBDF021) and must not throw (NBDF022).</summary>
[AttributeUsage(
    AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Constructor | AttributeTargets.Class |
    AttributeTargets.Struct)]
public sealed class HotPathAttribute : Attribute;
