// What the compiler asks for before it accepts `required` in a record on netstandard2.0. Not: used by hand.

namespace System.Diagnostics.CodeAnalysis;

[AttributeUsage(AttributeTargets.Constructor)]
internal sealed class SetsRequiredMembersAttribute : Attribute;
