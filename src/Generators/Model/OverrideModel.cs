// One operation that a connection overrides. Not: callbacks outside of requests (CallbackModel).

namespace NbdFast.Generators.Model;

/// <summary>An overridden operation.</summary>
/// <param name="Operation">The member of <c>NbdFast.Operations</c>, as <c>Read</c>.</param>
/// <param name="IsAsync">The async twin is the one that is overridden.</param>
/// <param name="Source">The overriding member, for the comment in generated code.</param>
internal sealed record OverrideModel(string Operation, bool IsAsync, string Source);
