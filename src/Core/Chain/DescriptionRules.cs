// Checks what a layer described. Not: requests (Protocol/RequestRules).

using System.Numerics;
using System.Text;

namespace NbdFast.Chain;

/// <summary>The limits of sizes and texts; see <c>.get_size</c>, <c>.block_size</c> and <c>.export_description</c> in
/// nbdkit-plugin(3) and "Block size constraints" in the NBD protocol.</summary>
internal static class DescriptionRules
{
    private const uint LargestMinimum = 64 * 1024;
    private const uint SmallestPreferred = 512;
    private const uint LargestPreferred = 32 * 1024 * 1024;

    /// <summary>Checks a description. A text that is too long is left out, for that is no error in the
    /// protocol.</summary>
    /// <param name="unit">Whose it is, for messages.</param>
    /// <param name="info">The description.</param>
    public static Errno Check(IUnit unit, ref ExportInfo info)
    {
        if (info.Size > ExportInfo.MaximumSize)
            return Log.Error(Errno.EINVAL, $"{unit.Table.Name}: the size {info.Size} is larger than 2^63-1");
        if (BlockSizeFault(in info) is { } fault)
            return Log.Error(Errno.EINVAL, $"{(unit is Plugin ? "plugin" : unit.Table.Name)} must set {fault}");
        if (info.Description != null && Encoding.UTF8.GetByteCount(info.Description) > ExportInfo.MaximumStringBytes)
        {
            Log.Debug($"{unit.Table.Name}: export description is too long, leaving it out");
            info.Description = null;
        }

        return Errno.Ok;
    }

    private static string? BlockSizeFault(in ExportInfo info)
    {
        uint minimum = info.BlockMinimum, preferred = info.BlockPreferred, maximum = info.BlockMaximum;
        if (minimum == 0 && preferred == 0 && maximum == 0)
            return null;
        if (minimum is 0 or > LargestMinimum)
            return "minimum block size between 1 and 64K";
        if (!BitOperations.IsPow2(minimum))
            return "minimum block size to a power of 2";
        if (preferred is < SmallestPreferred or > LargestPreferred)
            return "preferred block size between 512 and 32M";
        if (!BitOperations.IsPow2(preferred))
            return "preferred block size to a power of 2";
        if (maximum != uint.MaxValue && maximum % minimum != 0)
            return "maximum block size to -1 or a multiple of minimum block size";
        return minimum <= preferred && preferred <= maximum
            ? null
            : "minimum block size <= preferred <= maximum";
    }
}
