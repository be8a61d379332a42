// A chain and its model disagree. Not: an error of a unit.

using System;

namespace NbdFast.Property;

/// <summary>Says where a disk differs from its model.</summary>
internal sealed class Mismatch(string message) : Exception(message);
