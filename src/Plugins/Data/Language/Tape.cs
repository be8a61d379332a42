// A text that is being worked through. Not: the work (Evaluation).

namespace NbdFast.Plugins.Data.Language;

/// <summary>A text and how far it has come.</summary>
/// <param name="Text">The text.</param>
/// <param name="Reader">Reads it.</param>
/// <param name="Variable">The variable that it is the value of, or null.</param>
internal sealed record Tape(Text Text, TokenReader Reader, string? Variable);
