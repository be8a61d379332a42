// The protocol's own names of its numbers, for messages. Not: the numbers (NbdConstants).

namespace NbdFast.Protocol;

/// <summary>Names as the protocol's document and nbdkit's messages have them, so that what greps the one finds the
/// other.</summary>
internal static class WireName
{
    /// <summary>The name of an option.</summary>
    public static string Of(NbdOption option) => option switch
    {
        NbdOption.ExportName => "NBD_OPT_EXPORT_NAME",
        NbdOption.Abort => "NBD_OPT_ABORT",
        NbdOption.List => "NBD_OPT_LIST",
        NbdOption.StartTls => "NBD_OPT_STARTTLS",
        NbdOption.Info => "NBD_OPT_INFO",
        NbdOption.Go => "NBD_OPT_GO",
        NbdOption.StructuredReply => "NBD_OPT_STRUCTURED_REPLY",
        NbdOption.ListMetaContext => "NBD_OPT_LIST_META_CONTEXT",
        NbdOption.SetMetaContext => "NBD_OPT_SET_META_CONTEXT",
        NbdOption.ExtendedHeaders => "NBD_OPT_EXTENDED_HEADERS",
        _ => $"unknown option 0x{(uint)option:x}",
    };

    /// <summary>The name of a command.</summary>
    public static string Of(NbdCommand command) => command switch
    {
        NbdCommand.Read => "NBD_CMD_READ",
        NbdCommand.Write => "NBD_CMD_WRITE",
        NbdCommand.Disconnect => "NBD_CMD_DISC",
        NbdCommand.Flush => "NBD_CMD_FLUSH",
        NbdCommand.Trim => "NBD_CMD_TRIM",
        NbdCommand.Cache => "NBD_CMD_CACHE",
        NbdCommand.WriteZeroes => "NBD_CMD_WRITE_ZEROES",
        NbdCommand.BlockStatus => "NBD_CMD_BLOCK_STATUS",
        _ => $"unknown command {(ushort)command}",
    };
}
