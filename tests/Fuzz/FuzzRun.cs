// Runs the cases of a target and watches the server meanwhile. Not: making cases (Targets).

using System;
using System.Net.Sockets;
using NbdFast.Fuzz.Targets;
using NbdFast.Testing;

namespace NbdFast.Fuzz;

/// <summary>
/// Every case is one connection: its bytes are sent in pieces, then the sending side is closed, and the server must
/// close the connection in return. After each batch a well-behaved client must be served; memory must not grow.
/// </summary>
internal static class FuzzRun
{
    private const int Cases = 3000;
    private const int BatchCases = 250;
    private const long MostGrowthBytes = 512L << 20;

    /// <summary>Runs the cases.</summary>
    public static void Attack(LocalServer server, ITarget target)
    {
        Seed seed = new();
        Random random = seed.Random;
        long before = 0;
        for (int number = 1; number <= Cases; number++)
        {
            byte[] bytes = target.MakeCase(random);
            try
            {
                Try(server, target, bytes, random);
                if (number % BatchCases == 0)
                    Behave(server);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException(
                    $"{seed}, case {number} of {target.GetType().Name}: {Convert.ToHexString(bytes)}", error);
            }

            if (number == BatchCases)
                before = Environment.WorkingSet;   // By now everything is there that is needed once.
        }

        long growth = Environment.WorkingSet - before;
        Assert.True(growth < MostGrowthBytes, $"{seed}: {Cases} connections took {growth >> 20} MiB");
    }

    private static void Try(LocalServer server, ITarget target, ReadOnlySpan<byte> bytes, Random random)
    {
        using RawClient client = target.Connect(server);
        bool leaves = random.Next(10) == 0;   // Some clients do not wait for what the server says.
        try
        {
            while (!bytes.IsEmpty)
            {
                int piece = random.Next(4) == 0 ? random.Next(1, bytes.Length + 1) : bytes.Length;
                client.Send(bytes[..piece]);
                bytes = bytes[piece..];
            }

            client.EndSending();
        }
        catch (SocketException error) when (error.SocketErrorCode != SocketError.TimedOut)
        {
            // The server has closed the connection already, as it may.
            leaves = false;
        }

        if (!leaves)
            client.ReceiveToEnd();
    }

    private static void Behave(LocalServer server)
    {
        server.WaitUntilIdle();   // What a client asked for before it left may still be written.
        using RawClient client = server.Open(ReplyMode.Structured, "", "base:allocation");
        byte[] data = new byte[5000];
        Random.Shared.NextBytes(data);
        Assert.Equal(0U, client.Write(1234, data).Error);
        Assert.Equal(data, client.Read(1234, data.Length).Data);
        Assert.Equal(0U, client.BlockStatus(0, 1 << 20).Error);
        client.Disconnect();
        Assert.Empty(client.ReceiveToEnd());
    }
}
