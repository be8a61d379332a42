// nginx with the folder of a run, for rows about URLs. Not: what is served from there (Stage).

using System;
using System.IO;
using System.Net.Sockets;
using NbdFast.Bench.EndToEnd.Load;

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>A web server of one process, which keeps connections open.</summary>
internal sealed class WebServer : IDisposable
{
    /// <summary>The program.</summary>
    public const string Program = "nginx";

    private const string Configuration = """
        daemon off;
        master_process off;
        pid FOLDER/nginx.pid;
        events { worker_connections 512; }
        http {
            access_log off;
            client_body_temp_path FOLDER/t1;
            proxy_temp_path FOLDER/t2;
            fastcgi_temp_path FOLDER/t3;
            uwsgi_temp_path FOLDER/t4;
            scgi_temp_path FOLDER/t5;
            keepalive_requests 1000000000;
            sendfile on;
            server { listen 127.0.0.1:PORT; root FOLDER; }
        }
        """;

    private readonly StartedProgram _program;
    private readonly int _port;

    private WebServer(StartedProgram program, int port)
    {
        _program = program;
        _port = port;
    }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <exception cref="LoadException">It does not.</exception>
    public static WebServer Start(string folder)
    {
        int port = RunningServer.FreePort();
        string configuration = Path.Combine(folder, "nginx.conf");
        string log = Path.Combine(folder, "nginx.log");
        File.WriteAllText(
            configuration,
            Configuration.Replace("FOLDER", folder, StringComparison.Ordinal)
                .Replace("PORT", $"{port}", StringComparison.Ordinal));
        string[] arguments = ["-p", folder, "-e", log, "-c", configuration];
        return new WebServer(StartedProgram.Start(Program, arguments, log, () => Answers(port)), port);
    }

    /// <summary>The URL of a file.</summary>
    /// <param name="path">Relative to the folder.</param>
    public string Url(string path) => $"http://127.0.0.1:{_port}/{path}";

    /// <summary>Ends it.</summary>
    public void Dispose() => _program.Dispose();

    private static bool Answers(int port)
    {
        try
        {
            using TcpClient client = new("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;   // Not yet.
        }
    }
}
