// Randomness that can be repeated. Not: randomness for secrets.

using System;
using System.Globalization;

namespace NbdFast.Testing;

/// <summary>
/// The number that a random test starts from. <c>NBDFAST_SEED</c> in the environment sets it; a test shows
/// <see cref="ToString"/> in its failure, so that the failure can be had again.
/// </summary>
public sealed class Seed
{
    /// <summary>Takes the environment's number, else a new one.</summary>
    public Seed() : this(FromEnvironment() ?? System.Random.Shared.Next())
    {
    }

    /// <summary>A fixed number, for tests that want bytes rather than chance.</summary>
    public Seed(int value)
    {
        Value = value;
        Random = new Random(value);
    }

    /// <summary>The number.</summary>
    public int Value { get; }

    /// <summary>The generator that began with it.</summary>
    public Random Random { get; }

    /// <summary>How to run the test again with the same numbers.</summary>
    public override string ToString() => $"NBDFAST_SEED={Value}";

    private static int? FromEnvironment()
    {
        string? text = Environment.GetEnvironmentVariable("NBDFAST_SEED");
        return text == null ? null : int.Parse(text, CultureInfo.InvariantCulture);
    }
}
