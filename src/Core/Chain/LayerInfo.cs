// Holds a layer's description where all who refer to it see it. Not: the description's meaning (Api/ExportInfo).

namespace NbdFast.Chain;

/// <summary>The place of one layer's <see cref="ExportInfo"/>.</summary>
internal sealed class LayerInfo
{
    public ExportInfo Value;
}
