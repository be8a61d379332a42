// Opens the layers of a chain for a client. Not: configuring them (ChainConfig).

using System;

namespace NbdFast.Chain;

/// <summary>Opens outermost first, then prepares and describes from the plugin outwards.</summary>
internal static class ChainOpener
{
    public static Errno Open(ChainConfig chain, int layer, OpenRequest request, out OpenedLayers? opened) =>
        throw new NotSupportedException();
}
