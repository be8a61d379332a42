// Requests that are nearly right, after a handshake that is. Not: running them (FuzzRun).

using System;
using System.Collections.Generic;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Fuzz.Targets;

/// <summary>Changed seeds, and requests with random fields.</summary>
internal sealed class TransmissionTarget(ReplyMode mode) : ITarget
{
    private const int MostPayload = 70_000;

    private readonly IReadOnlyList<byte[]> _seeds =
        [.. CorpusFile.ReadAll("transmission").Where(seed => IsFor(mode, seed))];

    public RawClient Connect(LocalServer server) =>
        mode == ReplyMode.Simple ? server.Open(mode) : server.Open(mode, "", "base:allocation");

    public byte[] MakeCase(Random random)
    {
        if (random.Next(3) == 0)
            return Mutator.Mutate(_seeds[random.Next(_seeds.Count)], random);
        Message message = new();
        for (int count = random.Next(1, 40); count > 0 && message.Bytes.Length < Mutator.LongestCase; count--)
            AddRequest(message, random);
        return random.Next(2) == 0 ? Mutator.Mutate(message.Bytes, random) : Cut(message.Bytes);
    }

    private static bool IsFor(ReplyMode mode, byte[] seed) => (seed[0] == 0x21) == (mode == ReplyMode.Extended);

    private static byte[] Cut(ReadOnlySpan<byte> bytes) =>
        bytes[..Math.Min(bytes.Length, Mutator.LongestCase)].ToArray();

    private void AddRequest(Message message, Random random)
    {
        bool extended = mode == ReplyMode.Extended;
        ushort command = (ushort)random.Next(random.Next(10) == 0 ? 16 : 8);
        if (command == NbdWire.CmdDisconnect && random.Next(10) > 0)
            command = NbdWire.CmdFlush;
        ushort flags = random.Next(3) == 0 ? (ushort)random.Next(64) : (ushort)0;
        if (extended && command == NbdWire.CmdWrite && random.Next(20) > 0)
            flags |= NbdWire.FlagPayloadLength;
        bool hasPayload = command == NbdWire.CmdWrite || (extended && (flags & NbdWire.FlagPayloadLength) != 0);
        ulong length = Length(random, hasPayload);
        ulong offset = random.Next(8) == 0 ? ulong.MaxValue - Mutator.Edge(random) : (ulong)random.Next(1 << 20);

        message.U32(extended ? NbdWire.ExtendedRequestMagic : NbdWire.RequestMagic);
        message.U16(flags).U16(command).U64((ulong)random.NextInt64()).U64(offset);
        _ = extended ? message.U64(length) : message.U32((uint)length);
        if (hasPayload && length <= MostPayload)
            message.Raw(new byte[length]);
    }

    private static ulong Length(Random random, bool hasPayload) => random.Next(10) switch
    {
        0 => Mutator.Edge(random),
        1 when !hasPayload => (ulong)Mutator.Edge(random) << random.Next(33),
        2 when hasPayload => (ulong)random.Next(MostPayload),
        _ => (ulong)random.Next(2000),
    };
}
