// One word that a parameter of an enum type takes. Not: the parameter (ParameterModel).

namespace NbdFast.Generators.Model;

/// <summary>A word and the enum member it stands for, as <c>fast-zero</c> and <c>FastZero</c>.</summary>
internal sealed record WordModel(string Word, string Member);
