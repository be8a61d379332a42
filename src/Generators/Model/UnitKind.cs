// Plugin or filter. Not: anything else that the server is made of.

namespace NbdFast.Generators.Model;

internal enum UnitKind
{
    Plugin,
    Filter,
}
