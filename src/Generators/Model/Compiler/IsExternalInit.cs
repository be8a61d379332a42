// What the compiler asks for before it accepts records on netstandard2.0. Not: used by hand.

namespace System.Runtime.CompilerServices;

internal static class IsExternalInit;
