// Handshakes that are nearly right. Not: running them (FuzzRun).

using System;
using System.Collections.Generic;
using NbdFast.Testing;

namespace NbdFast.Fuzz.Targets;

/// <summary>Seeds with options added, taken away and changed, and options with random data.</summary>
internal sealed class HandshakeTarget : ITarget
{
    private readonly IReadOnlyList<byte[]> _seeds = CorpusFile.ReadAll("handshake");

    public RawClient Connect(LocalServer server) => server.Connect();

    public byte[] MakeCase(Random random)
    {
        byte[] seed = _seeds[random.Next(_seeds.Count)];
        if (random.Next(3) > 0)
            return Mutator.Mutate(seed, random);
        Message message = new Message().U32((uint)random.Next(4));
        for (int count = random.Next(1, 20); count > 0; count--)
            AddOption(message, random);
        return Mutator.Mutate(message.Bytes, random);
    }

    private static void AddOption(Message message, Random random)
    {
        byte[] data = new byte[random.Next(3) == 0 ? 0 : random.Next(40)];
        random.NextBytes(data);
        if (random.Next(2) == 0 && data.Length >= 4)
            data.AsSpan(0, 3).Clear();   // The length of a name that may fit.
        uint option = random.Next(10) == 0 ? Mutator.Edge(random) : (uint)random.Next(1, 12);
        uint length = random.Next(20) == 0 ? Mutator.Edge(random) : (uint)data.Length;
        message.U64(NbdWire.OptionMagic).U32(option).U32(length).Raw(data);
    }
}
