// What a test's unit says of its export. Not: a unit.

namespace NbdFast.Testing;

/// <summary>Changes a description, as <see cref="Link.Describe"/> does.</summary>
public delegate void Description(ref ExportInfo info);
