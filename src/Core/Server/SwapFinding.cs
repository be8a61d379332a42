// One thing that was looked at before a disk is used as swap. Not: what is done for it (SwapSafety).

namespace NbdFast.Server;

/// <summary>What was found.</summary>
/// <param name="Subject">Of what.</param>
/// <param name="IsSafe">It is as it should be.</param>
/// <param name="Text">How it is; if it is not safe, what to do about it.</param>
internal readonly record struct SwapFinding(string Subject, bool IsSafe, string Text)
{
    /// <summary>What is as it should be.</summary>
    public static SwapFinding Safe(string subject, string text) => new(subject, true, text);

    /// <summary>What may make the kernel and the server wait for each other.</summary>
    public static SwapFinding Unsafe(string subject, string text) => new(subject, false, text);

    /// <summary>Safe if there is no objection.</summary>
    public static SwapFinding Of(string subject, string? objection, string otherwise) =>
        objection == null ? Safe(subject, otherwise) : Unsafe(subject, objection);
}
