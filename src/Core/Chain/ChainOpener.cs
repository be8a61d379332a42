// Opens the layers of a chain for a client. Not: configuring them (ChainConfig), what is laid over them (Corrections).

using System.Runtime.CompilerServices;

namespace NbdFast.Chain;

/// <summary>Opens outermost first, then connects, prepares and describes from the plugin outwards.</summary>
internal static class ChainOpener
{
    /// <summary>Opens an export from a layer downwards.</summary>
    /// <param name="chain">The configured chain.</param>
    /// <param name="layer">The topmost layer to open: 0 for a client of the server.</param>
    /// <param name="request">Who asks for what; it is not changed.</param>
    /// <param name="opened">Null after an error, and then nothing is open.</param>
    public static Errno Open(ChainConfig chain, int layer, OpenRequest request, out OpenedLayers? opened)
    {
        using var turn = new Turn(chain.Turn);
        return OpenLayer(chain, layer, request.ForNextLayer(), out opened);
    }

    private static Errno OpenLayer(ChainConfig chain, int layer, OpenRequest request, out OpenedLayers? opened)
    {
        opened = null;
        IUnit unit = chain.Unit(layer);
        Log.DebugCall($"{unit.Table.Name}: open {TextOf(request)}");
        if (request.ExportName.Length == 0)
        {
            if (chain.DefaultExport(request.Client, layer) is not { } name)
                return Log.Error(Errno.ENOENT, $"default export (\"\") not permitted");
            request.ExportName = name;
        }

        var place = new OpenedLayers(chain, layer, request.ExportName);
        Errno errno = Fault.Serving(unit, "open", () => Connect(chain, layer, request, place));
        if (errno == Errno.Ok)
            errno = Fault.Serving(unit, "prepare", () => Prepare(chain, layer, request, place));
        if (errno == Errno.Ok)
            opened = place;
        else
            place.Dispose();
        return errno;
    }

    private static Errno Connect(ChainConfig chain, int layer, OpenRequest request, OpenedLayers place)
    {
        Errno errno = layer == chain.PluginLayer
            ? ConnectPlugin(chain.Plugin, request, place)
            : ConnectFilter(chain, layer, request, place);
        string name = chain.Unit(layer).Table.Name;
        if (errno == Errno.Ok)
            Log.DebugCall($"{name}: open returned handle 0x{RuntimeHelpers.GetHashCode(place.Layer):x}");
        else
            Log.DebugCall($"{name}: open returned handle (nil)");
        return errno;
    }

    private static Errno ConnectPlugin(Plugin plugin, OpenRequest request, OpenedLayers place)
    {
        place.Layer = plugin.Open(request);
        if (place.Layer != null)
            return Errno.Ok;
        return request.Error == Errno.Ok ? Errno.EINVAL : request.Error;
    }

    private static Errno ConnectFilter(ChainConfig chain, int layer, OpenRequest request, OpenedLayers place)
    {
        Filter filter = chain.Filters[layer];
        OpenRequest below = request.ForNextLayer();
        Errno errno = filter.Opening(below);
        if (errno != Errno.Ok)
            return errno;

        ChainNext next = NothingBelow.Chain;
        if (below.OpenNext)
        {
            errno = OpenLayer(chain, layer + 1, below, out OpenedLayers? opened);
            if (errno != Errno.Ok)
                return errno;
            place.Below = opened;
            next = opened!.Next;
        }

        var context = new LayerContext(chain, layer, place, request);
        place.Layer = chain.FusedConnect?.Invoke(filter, in next, context) ?? filter.Connect(in next, context);
        return Errno.Ok;
    }

    private static Errno Prepare(ChainConfig chain, int layer, OpenRequest request, OpenedLayers place)
    {
        IUnit unit = chain.Unit(layer);
        Log.DebugCall($"{unit.Table.Name}: prepare readonly={ChainConfig.Bit(request.ReadOnly)}");
        Errno errno = place.Layer!.Prepare();
        if (errno != Errno.Ok)
            return errno;
        place.IsPrepared = true;

        ChainNext below = place.Below?.Next ?? NothingBelow.Chain;
        var info = new LayerInfo
        {
            Value = unit is Plugin ? Capabilities.Of(unit.Table.Operations) : below.Info,
        };
        errno = Describe(unit, place.Layer, request, info);
        if (errno == Errno.Ok)
            place.Next = Corrections.Over(chain, layer, place, below, info);
        return errno;
    }

    private static Errno Describe(IUnit unit, Link layer, OpenRequest request, LayerInfo info)
    {
        DescriptionTrace.TellOfQuestions(unit);
        Errno errno = layer.Describe(ref info.Value);
        if (errno != Errno.Ok)
            return errno;
        if (request.ReadOnly)
            info.Value.CanWrite = false;
        errno = DescriptionRules.Check(unit, ref info.Value);
        if (errno == Errno.Ok)
            DescriptionTrace.TellOfAnswers(unit, in info.Value);
        return errno;
    }

    private static string TextOf(OpenRequest request) =>
        $"readonly={ChainConfig.Bit(request.ReadOnly)} exportname=\"{request.ExportName}\"" +
        $" tls={ChainConfig.Bit(request.Client.IsTls)}";
}
