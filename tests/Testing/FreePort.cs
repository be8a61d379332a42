// TCP ports for servers of tests, on the loopback. Not: servers that are told their port by the system.

using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace NbdFast.Testing;

/// <summary>
/// Ports that nobody has. They are not of the range from which the system gives ports to clients (from 32768 on): one
/// of those might have a port before its server starts. Within a run each port is taken once; runs at the same time
/// begin in different places.
/// </summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int Count = 20_000;
    private const int StepOfRuns = 397;

    private static int _taken = Environment.ProcessId * StepOfRuns % Count;

    /// <summary>Takes one.</summary>
    public static int Take()
    {
        while (true)
        {
            int port = First + (Interlocked.Increment(ref _taken) % Count);
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it: the next one.
            }
        }
    }
}
