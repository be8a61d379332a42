// What -v shows of a layer's description. Not: operations (Links/Traced).

using NbdFast.Diagnostics;

namespace NbdFast.Chain;

/// <summary>nbdkit asks for each property of an export with a callback and shows its name; here one call answers all,
/// and the answers are shown too.</summary>
internal static class DescriptionTrace
{
    private static readonly string[] Questions =
    [
        "get_size", "can_write", "can_zero", "can_fast_zero", "can_trim", "can_fua", "can_flush", "is_rotational",
        "can_multi_conn", "can_cache", "can_extents", "block_size", "export_description",
    ];

    /// <summary>Shows what the layer is about to be asked.</summary>
    public static void TellOfQuestions(IUnit unit)
    {
        if (!Log.IsVerbose || !DebugFlags.ControlPath)
            return;
        foreach (string question in Questions)
            Log.Debug($"{unit.Table.Name}: {question}");
    }

    /// <summary>Shows what it said, in one line.</summary>
    public static void TellOfAnswers(IUnit unit, in ExportInfo info)
    {
        if (Log.IsVerbose && DebugFlags.ControlPath)
            Log.Debug($"{unit.Table.Name}: described as {TextOf(in info)}");
    }

    private static string TextOf(in ExportInfo info) =>
        $"size={info.Size} write={Bit(info.CanWrite)} zero={Word(info.Zero)} fast_zero={Bit(info.CanFastZero)}" +
        $" trim={Bit(info.CanTrim)} fua={Word(info.Fua)} flush={Bit(info.CanFlush)} rotational={Bit(info.Rotational)}" +
        $" multi_conn={Bit(info.MultiConn)} cache={Word(info.Cache)} extents={Bit(info.CanExtents)}" +
        $" block_size={info.BlockMinimum}/{info.BlockPreferred}/{info.BlockMaximum}";

    private static int Bit(bool value) => ChainConfig.Bit(value);

    private static string Word<T>(T value)
        where T : struct, System.Enum => value.ToString().ToLowerInvariant();
}
