// Listening sockets from whoever started the server ("SOCKET ACTIVATION" in nbdkit-service(1)). Not: options that make
// no sense with them (Cli/CommandLine), serving them (NbdServer).

using System;
using System.Collections.Generic;
using NbdFast.Native;

namespace NbdFast.Server;

/// <summary>The protocol of systemd: the variables say how many sockets are open from descriptor 3 on, and for which
/// process.</summary>
internal static class SocketActivation
{
    /// <summary>The most sockets that are taken.</summary>
    private const uint MaximumSockets = 16;

    private const int First = 3;
    private const int SolSocket = 1;
    private const int SoAcceptsConnections = 30;
    private const string ProcessVariable = "LISTEN_PID";
    private const string CountVariable = "LISTEN_FDS";
    private const string NamesVariable = "LISTEN_FDNAMES";

    /// <summary>Takes the sockets; the variables are removed, for they mean nothing to children.</summary>
    /// <param name="ignored">Called with the reason why there is no activation although a variable asks for
    /// it.</param>
    /// <returns>The sockets in order; empty if the server is to make its own.</returns>
    /// <exception cref="ConfigException">There is activation, but not as it must be.</exception>
    public static IReadOnlyList<int> Take(Action<string> ignored)
    {
        string? process = Environment.GetEnvironmentVariable(ProcessVariable);
        string? count = Environment.GetEnvironmentVariable(CountVariable);
        if (process == null || count == null)
            return [];
        uint number;
        try
        {
            if (Values.Parsers.ParseUInt32(process) != Libc.ProcessId)
            {
                ignored($"{ProcessVariable} was not for us (ignored)");
                return [];
            }

            number = Values.Parsers.ParseUInt32(count);
        }
        catch (ConfigException e)
        {
            ignored($"{ProcessVariable}, {CountVariable}: {e.Message} (ignored)");
            return [];
        }

        if (number is 0 or > MaximumSockets)
            throw new ConfigException($"socket activation: {CountVariable}={number} out of range");
        string[] names = (Environment.GetEnvironmentVariable(NamesVariable) ?? "").Split(':');
        foreach (string variable in (string[])[ProcessVariable, CountVariable, NamesVariable])
            if (Libc.UnsetEnvironment(variable) is var errno and not Errno.Ok)
                throw new ConfigException($"{variable}: {errno.Text()}");

        int[] sockets = new int[number];
        for (int i = 0; i < sockets.Length; i++)
        {
            sockets[i] = First + i;
            Check(sockets[i], i < names.Length ? names[i] : "");
        }

        return sockets;
    }

    private static void Check(int descriptor, string name)
    {
        string shown = name.Length == 0 ? $"fd = {descriptor}" : $"fd = {descriptor} ({name})";
        Errno errno = Libc.SetCloseOnExec(descriptor);
        Span<byte> accepts = stackalloc byte[sizeof(int)];
        int length = errno == Errno.Ok
            ? Libc.GetSocketOption(descriptor, SolSocket, SoAcceptsConnections, accepts)
            : -(int)errno;
        if (length < 0)
            throw new ConfigException(
                $"socket activation: invalid file descriptor {shown}: {((Errno)(-length)).Text()}");
        if (accepts[0] == 0)
            throw new ConfigException($"socket activation: {shown} does not listen (Accept=yes is not possible)");
    }
}
