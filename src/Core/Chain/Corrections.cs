// Which links are laid over a layer when it is opened. Not: what each of them does (Links).

using NbdFast.Chain.Links;
using NbdFast.Diagnostics;

namespace NbdFast.Chain;

/// <summary>Puts a layer over those below, and over it what its description and the server's options ask for.</summary>
internal static class Corrections
{
    private const Operations Changing = Operations.Write | Operations.Trim | Operations.Zero;

    private const Operations All = Operations.All | Operations.Lend | Operations.LendForWrite;

    /// <summary>The chain from a layer downwards.</summary>
    public static ChainNext Over(ChainConfig chain, int layer, OpenedLayers place, in ChainNext below, LayerInfo info)
    {
        IUnit unit = chain.Unit(layer);
        ChainNext next = unit is Plugin
            ? OfPlugin(place.Layer!, unit.Table.Operations, info)
            : below.Overlay(place.Layer!, unit.Table.Operations, info);
        Operations replaced = Replaced(in info.Value);
        bool traced = Log.IsVerbose && DebugFlags.DataPath;
        if (traced)
            next = next.Overlay(new Traced(unit.Table.Name, next), Operations.All & ~replaced, info);
        next = Replace(next, info);

        // What the server answers in place of the layer is traced above the answer, as nbdkit does.
        if (traced && replaced != Operations.None)
            next = next.Overlay(new Traced(unit.Table.Name, next), replaced, info);
        if (chain.ChecksContract)
            next = next.Overlay(new Checked(unit.Table.Name, next, place), All, info);
        if (layer == 0 && chain.Turn is { } turn)
            next = next.Overlay(new Serialized(next, turn), Operations.All, info);
        return next;
    }

    private static ChainNext OfPlugin(Link plugin, Operations operations, LayerInfo info)
    {
        // Link's own defaults call each other: what is not overridden must never be reached.
        ChainNext next = ChainNext.Of(new AbsentOperation(info), info).Overlay(plugin, operations, info);
        if (info.Value.Zero == ZeroSupport.Native)
            next = next.Overlay(new ZeroFallback(next), Operations.Zero, info);
        if (info.Value.Fua == FuaSupport.Emulate)
            next = next.Overlay(new FuaEmulation(next), Changing, info);
        return next;
    }

    // The operations that the server answers without asking the layer.
    private static Operations Replaced(in ExportInfo info) =>
        (info.Zero == ZeroSupport.Emulate ? Operations.Zero : Operations.None)
        | (info.Cache == CacheSupport.Emulate ? Operations.Cache : Operations.None)
        | (info.CanExtents ? Operations.None : Operations.Extents);

    private static ChainNext Replace(ChainNext next, LayerInfo info)
    {
        ChainNext layer = next;
        if (info.Value.Zero == ZeroSupport.Emulate)
            next = next.Overlay(new ZeroEmulation(layer), Operations.Zero, info);
        if (info.Value.Cache == CacheSupport.Emulate)
            next = next.Overlay(new CacheEmulation(layer), Operations.Cache, info);
        if (!info.Value.CanExtents)
            next = next.Overlay(new WholeExtents(), Operations.Extents, info);
        return next;
    }
}
