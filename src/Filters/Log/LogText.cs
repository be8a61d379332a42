// The fields of entries that are longer than a few numbers. Not: the rest of an entry (LogFile, LogScript).

using System.Globalization;
using System.Text;

namespace NbdFast.Filters;

/// <summary>Texts of lists and descriptions, in nbdkit's names.</summary>
internal static class LogText
{
    /// <summary>The names of exports: <c>exports=("" "a b")</c>.</summary>
    public static string Exports(ExportList exports)
    {
        var text = new StringBuilder("exports=(");
        for (int index = 0; index < exports.Count; index++)
        {
            text.Append(index == 0 ? "" : " ");
            ShellText.AppendQuoted(text, exports[index].Name);
        }

        return text.Append(')').ToString();
    }

    /// <summary>Extents as triples of position, length and type: <c>extents=(0x0 0x8000 "hole,zero")</c>.</summary>
    /// <param name="extents">The list, in which the layers above may have put something before.</param>
    /// <param name="offset">The first position that was asked for.</param>
    public static string Extents(ExtentList extents, ulong offset)
    {
        var text = new StringBuilder("extents=(");
        string separator = "";
        for (int index = 0; index < extents.Count; index++)
        {
            ulong start = extents[index].Offset + extents.Shifted;
            ulong end = start + extents[index].Length;
            if (end <= offset)
                continue;
            start = ulong.Max(start, offset);
            string type = TypeName(extents[index].Type);
            text.Append(
                CultureInfo.InvariantCulture, $"{separator}0x{start:x} 0x{end - start:x} \"{type}\"");
            separator = " ";
        }

        return text.Append(')').ToString();
    }

    /// <summary>What a client finds when it connects. Where nothing may be written, no way of writing is
    /// shown.</summary>
    public static string Connect(OpenRequest request, in ExportInfo info)
    {
        var text = new StringBuilder("export=");
        ShellText.AppendQuoted(text, request.ExportName);
        bool writes = info.CanWrite;
        bool zeroes = writes && info.Zero != ZeroSupport.None;
        text.Append(
            CultureInfo.InvariantCulture,
            $" tls={Bit(request.Client.IsTls)} size=0x{info.Size:x} minsize=0x{info.BlockMinimum:x}" +
            $" prefsize=0x{info.BlockPreferred:x} maxsize=0x{info.BlockMaximum:x} write={Bit(writes)}" +
            $" flush={Bit(info.CanFlush)} rotational={Bit(info.Rotational)} trim={Bit(writes && info.CanTrim)}" +
            $" zero={(zeroes ? (int)info.Zero : 0)} fua={(writes ? (int)info.Fua : 0)}" +
            $" extents={Bit(info.CanExtents)} cache={(int)info.Cache} fast_zero={Bit(zeroes && info.CanFastZero)}");
        return text.ToString();
    }

    private static int Bit(bool value) => value ? 1 : 0;

    private static string TypeName(ExtentType type) => type switch
    {
        ExtentType.HoleZero => "hole,zero",
        ExtentType.Hole => "hole",
        ExtentType.Zero => "zero",
        _ => "",
    };
}
