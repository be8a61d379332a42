// A small HTTP server that does as a test says, right or wrong. Not: a real one (Interop has nginx).

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace NbdFast.Plugins.Tests;

/// <summary>Speaks HTTP/1.1 on a port of 127.0.0.1 or on a Unix socket, a thread for each connection.</summary>
internal sealed class WebServer : IDisposable
{
    private readonly Socket _listener;
    private readonly Func<WebRequest, WebResponse> _answer;
    private readonly List<WebRequest> _requests = [];
    private readonly List<Socket> _connections = [];
    private bool _isEnding;

    /// <summary>Serves.</summary>
    /// <param name="answer">What to answer; called on many threads.</param>
    /// <param name="unixSocket">The path of a socket, instead of a port.</param>
    public WebServer(Func<WebRequest, WebResponse> answer, string? unixSocket = null)
    {
        _answer = answer;
        EndPoint address = unixSocket == null
            ? new IPEndPoint(IPAddress.Loopback, 0)
            : new UnixDomainSocketEndPoint(unixSocket);
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(address);
        _listener.Listen(64);
        new Thread(Accept) { IsBackground = true, Name = "web" }.Start();
    }

    /// <summary>Serves bytes as a good server does, ranges and all.</summary>
    public WebServer(byte[] content) : this(request => WebResponse.Of(request, content))
    {
    }

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>The URL of the disk.</summary>
    public string Url => $"http://127.0.0.1:{Port}/disk";

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<WebRequest> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    /// <summary>The requests for data so far.</summary>
    public IReadOnlyList<WebRequest> Gets => [.. Requests.Where(request => request.Method == "GET")];

    /// <summary>How many connections were made.</summary>
    public int Connections
    {
        get
        {
            lock (_connections)
                return _connections.Count;
        }
    }

    /// <summary>Closes everything.</summary>
    public void Dispose()
    {
        lock (_connections)
        {
            _isEnding = true;
            foreach (Socket connection in _connections)
                connection.Dispose();
        }

        _listener.Dispose();
    }

    private void Accept()
    {
        while (true)
        {
            Socket connection;
            try
            {
                connection = _listener.Accept();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;   // The test has ended.
            }

            lock (_connections)
            {
                _connections.Add(connection);
                if (_isEnding)
                    connection.Dispose();
            }

            new Thread(() => Serve(connection)) { IsBackground = true, Name = "web" }.Start();
        }
    }

    private void Serve(Socket connection)
    {
        try
        {
            using NetworkStream stream = new(connection, ownsSocket: true);
            while (Receive(stream) is { } request)
            {
                lock (_requests)
                    _requests.Add(request);
                if (!_answer(request).SendTo(stream, request.Method == "HEAD"))
                    return;
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The client, or the test, has gone.
        }
    }

    private static WebRequest? Receive(Stream stream)
    {
        if (Line(stream) is not { Length: > 0 } start)
            return null;
        string[] words = start.Split(' ');
        List<(string Name, string Value)> headers = [];
        while (Line(stream) is { Length: > 0 } line)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add((line[..colon], line[(colon + 1)..].Trim()));
        }

        WebRequest request = new(words[0], words[1], words[2], headers, []);
        int length = int.Parse(request.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture);
        byte[] body = new byte[length];
        stream.ReadExactly(body);
        return request with { Body = body };
    }

    private static string? Line(Stream stream)
    {
        StringBuilder line = new();
        for (int letter = stream.ReadByte(); letter >= 0; letter = stream.ReadByte())
        {
            if (letter == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)letter);
        }

        return null;
    }
}
