// Standard input and output as the one connection of a server (-s): from inetd(8), a socket pair, pipes. Not: serving
// it (NbdServer.RunSingle).

using System;
using System.IO;
using NbdFast.Diagnostics;
using NbdFast.Native;
using NbdFast.Transport;

namespace NbdFast.Server;

/// <summary>The connection that the caller has put in the place of the standard streams.</summary>
internal sealed class StandardConnection
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;

    private readonly int _input;
    private readonly int _output;
    private readonly bool _isSocket;

    private StandardConnection(int input, int output, bool isSocket) =>
        (_input, _output, _isSocket) = (input, output, isSocket);

    /// <summary>Takes the streams before any unit may read or write them: what a unit prints must not land among
    /// replies.</summary>
    /// <returns>The connection. If standard error leads to the client too, as with inetd, then messages now go to the
    /// system log.</returns>
    /// <exception cref="ConfigException">Standard input is no connection, or a descriptor cannot be copied.</exception>
    public static StandardConnection Take()
    {
        if (Libc.IsListening(Input))
            throw new ConfigException("-s: standard input is a socket that listens, not a connection");
        string? output = TargetOf(Output);
        bool isSocket = output != null && output == TargetOf(Input)
            && output.StartsWith("socket:", StringComparison.Ordinal);
        bool errorsToClient = output != null && output == TargetOf(Error) && IsConnection(output);
        StandardConnection connection = new(
            Checked(Libc.Duplicate(Input)), Checked(PipeWire.CopyOutput(Output)), isSocket);
        StandardStreams.Drop(includingError: errorsToClient);
        ServerControl.HasStandardStreams = false;
        if (errorsToClient && Log.Sink is StderrSink)
            Log.Sink = new SyslogSink(Log.ProgramName);
        return connection;
    }

    /// <summary>The connection as a wire, once.</summary>
    /// <param name="keepalive">Probe for clients that have gone without a word (<c>--keepalive</c>).</param>
    public IWire OpenWire(bool keepalive)
    {
        if (!_isSocket)
            return new PipeWire(_input, _output);
        Libc.Close(_output);
        int family = SocketAddress.Family(Peer());
        SocketSettings.Apply(_input, family, keepalive);
        return new SocketWire(_input, family == Libc.AfUnix);
    }

    /// <summary>Who is at the other end.</summary>
    public ClientInfo Client(bool readOnly) => PeerIdentity.Of(_input, _isSocket ? Peer() : [], 1, readOnly);

    private byte[] Peer()
    {
        byte[] address = new byte[SocketAddress.MaximumBytes];
        int length = Libc.GetPeerName(_input, address);
        return address[..Math.Max(length, 0)];
    }

    // "socket:[123]", "pipe:[123]", a path; null where there is no /proc.
    private static string? TargetOf(int descriptor) => new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;

    // A terminal or a file for all streams is somebody who looks, not a client.
    private static bool IsConnection(string target) =>
        target.StartsWith("socket:", StringComparison.Ordinal) || target.StartsWith("pipe:", StringComparison.Ordinal);

    private static int Checked(int copy) =>
        copy >= 0 ? copy : throw new ConfigException($"-s: {((Errno)(-copy)).Text()}");
}
