// A callback in nbdkit's sense that a unit provides. Not: how it was found (Parsing/CallbackFinder).

namespace NbdFast.Generators.Model;

/// <summary>A provided callback.</summary>
/// <param name="Name">nbdkit's name, as <c>get_size</c>.</param>
/// <param name="Source">The member that provides it, for the comment in generated code.</param>
internal sealed record CallbackModel(string Name, string Source);
