// What a server tells of its exports. Not: the rest of the handshake (Negotiation).

using System;
using System.Buffers.Binary;
using System.Text;
using NbdFast.Protocol;

namespace NbdFast.Client;

internal sealed partial class Negotiation
{
    private static readonly NbdInfo[] WantedInfos = [NbdInfo.Name, NbdInfo.Description, NbdInfo.BlockSize];

    /// <summary>Lists the exports.</summary>
    /// <param name="exports">Where to add them.</param>
    /// <returns>False if the server does not tell.</returns>
    /// <exception cref="RemoteException">The server has gone, or breaks the protocol.</exception>
    public bool List(ExportList exports)
    {
        bool isListed = false;
        Trying(() => isListed = _style == Style.Fixed && ReceiveList(exports));
        return isListed;
    }

    /// <summary>Asks about an export without opening it.</summary>
    /// <returns>False if the server does not tell.</returns>
    /// <exception cref="RemoteException">There is no such export, or the server breaks the protocol.</exception>
    public bool Inform(string exportName)
    {
        bool isTold = false;
        Trying(() => isTold = _style == Style.Fixed && Go(NbdOption.Info, exportName));
        return isTold;
    }

    /// <summary>Says that nothing more will be asked.</summary>
    public void Abort()
    {
        if (_style == Style.Fixed)
            Trying(() => _talk.SendOption(NbdOption.Abort, default));
    }

    private bool ReceiveList(ExportList exports)
    {
        _talk.SendOption(NbdOption.List, default);
        for (int replies = 0; replies <= ExportList.MaximumCount; replies++)
        {
            NbdReply reply = _talk.ReceiveReply(NbdOption.List, out ReadOnlySpan<byte> data);
            if (reply == NbdReply.Ack)
                return true;
            if (IsError(reply))
                return reply is NbdReply.ErrPolicy or NbdReply.ErrUnsupported
                    ? false
                    : throw Refused(NbdOption.List, reply, data);
            if (reply != NbdReply.Server)
                throw Unexpected(NbdOption.List, reply);
            AddExport(exports, data);
        }

        throw OptionTalk.Broken($"it lists more than {ExportList.MaximumCount} exports");
    }

    private static void AddExport(ExportList exports, ReadOnlySpan<byte> data)
    {
        if (data.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(data) is var length && length > data.Length - 4)
            throw OptionTalk.Broken("the name of an export is longer than the reply that has it");
        ReadOnlySpan<byte> name = data.Slice(4, (int)length);
        if (!OptionData.TryDecode(name, out string exportName)
            || !OptionData.TryDecode(data[(4 + name.Length)..], out string description))
            throw OptionTalk.Broken("the name or description of an export is no text");
        exports.Add(exportName, description.Length == 0 ? null : description);
    }

    // INFO or GO. False if the server does not know the option.
    private bool Go(NbdOption option, string exportName)
    {
        int length = Encoding.UTF8.GetByteCount(exportName);
        Span<byte> data = stackalloc byte[6 + length + 2 * WantedInfos.Length];
        WriteText(data, exportName);
        BinaryPrimitives.WriteUInt16BigEndian(data[(4 + length)..], (ushort)WantedInfos.Length);
        for (int i = 0; i < WantedInfos.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(data[(6 + length + 2 * i)..], (ushort)WantedInfos[i]);
        _talk.SendOption(option, data);

        bool hasExport = false;
        for (int replies = 0; replies < MostReplies; replies++)
        {
            NbdReply reply = _talk.ReceiveReply(option, out ReadOnlySpan<byte> answer);
            if (reply == NbdReply.ErrUnsupported)
                return false;
            if (IsError(reply))
                throw Refused(option, reply, answer);
            if (reply == NbdReply.Ack)
                return hasExport ? true : throw OptionTalk.Broken("it says nothing of the export");
            if (reply != NbdReply.Info || answer.Length < 2)
                throw Unexpected(option, reply);
            hasExport |= TakeInfo(answer);
        }

        throw OptionTalk.Broken($"it answers {WireName.Of(option)} without an end");
    }

    // Whether it is about the export itself. What is not known is left alone, as the protocol wants.
    private bool TakeInfo(ReadOnlySpan<byte> answer)
    {
        var info = (NbdInfo)BinaryPrimitives.ReadUInt16BigEndian(answer);
        ReadOnlySpan<byte> data = answer[2..];
        switch (info)
        {
            case NbdInfo.Export when data.Length == 10:
                TakeExport(BinaryPrimitives.ReadUInt64BigEndian(data), BinaryPrimitives.ReadUInt16BigEndian(data[8..]));
                return true;
            case NbdInfo.BlockSize when data.Length == 12:
                Terms.TakeBlockSizes(
                    BinaryPrimitives.ReadUInt32BigEndian(data),
                    BinaryPrimitives.ReadUInt32BigEndian(data[4..]),
                    BinaryPrimitives.ReadUInt32BigEndian(data[8..]));
                return false;
            case NbdInfo.Name when OptionData.TryDecode(data, out string name):
                Terms.Name = name;
                return false;
            case NbdInfo.Description when OptionData.TryDecode(data, out string description):
                Terms.Description = description;
                return false;
            case NbdInfo.Export or NbdInfo.BlockSize or NbdInfo.Name or NbdInfo.Description:
                throw OptionTalk.Broken($"the information NBD_INFO {(ushort)info} has {data.Length} bytes, or no text");
            default:
                return false;
        }
    }
}
