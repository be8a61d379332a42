// A server that only answers: what the wire itself costs in this benchmark. Not: the server that is measured.

using System;
using NbdFast.Native;
using NbdFast.Testing;
using NbdFast.Transport;

namespace NbdFast.Bench.Loop;

/// <summary>Takes requests without looking at them and sends as many simple replies.</summary>
internal static class WireAlone
{
    private const int SimpleReplyBytes = 16;

    /// <summary>Serves a connection until it ends.</summary>
    public static void Serve(IWire wire, RequestScript script)
    {
        NativeBuffer input = new(ReceiveBuffer.Capacity);
        byte[] ack = new Message().U64(NbdWire.OptionReplyMagic).U32(NbdWire.OptGo).U32(NbdWire.ReplyAck).U32(0)
            .Bytes.ToArray();
        NativeBuffer output = new(ReceiveBuffer.Capacity);
        using GatherList list = new();
        try
        {
            ack.CopyTo(output.Span);
            Send(wire, list, output.Address, ack.Length);
            for (int left = script.Handshake.Length; left > 0;)
                left -= (int)wire.Receive(input.Span[..left]);
            Answer(wire, script.RequestBytes, list, input, output);
        }
        finally
        {
            input.Release();
            output.Release();
        }
    }

    private static void Answer(IWire wire, int requestBytes, GatherList list, NativeBuffer input, NativeBuffer output)
    {
        byte[] reply = new Message().U32(NbdWire.SimpleReplyMagic).U32(0).U64(0).Bytes.ToArray();
        for (int at = 0; at < output.Length; at += reply.Length)
            reply.CopyTo(output.Span[at..]);
        nint received;
        for (int there = 0; (received = wire.Receive(input.Span)) > 0;)
        {
            there += (int)received;
            int requests = there / requestBytes;
            there -= requests * requestBytes;
            if (requests > 0)
                Send(wire, list, output.Address, requests * SimpleReplyBytes);
        }
    }

    private static void Send(IWire wire, GatherList list, nint address, int length)
    {
        list.Clear();
        list.Add(address, length);
        wire.Send(list, more: false);
    }
}
