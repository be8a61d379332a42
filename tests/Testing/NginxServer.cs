// nginx with a configuration of a test's own. Not: a scripted server that does wrong (Plugins.Tests).

using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using NbdFast.Testing.Native;
using Xunit;

namespace NbdFast.Testing;

/// <summary>
/// Serves the files of a folder over HTTP, HTTPS (with <see cref="TlsFiles"/>' certificate for localhost) and on a Unix
/// socket. Every file is also below <c>/private/</c> (user alice, password secret), <c>/noranges/</c>, <c>/token/</c>
/// (for those who send <c>X-Token: NUMBER</c>), <c>/moved/</c> (redirects) and <c>/login/</c> (redirects to
/// <c>/members/</c>, with a cookie that is needed there).
/// </summary>
public sealed class NginxServer : IDisposable
{
    private const string Configuration = """
        daemon off;
        master_process off;
        pid FOLDER/pid;
        error_log FOLDER/errors info;
        events { worker_connections 512; }
        http {
            access_log FOLDER/accesses;
            client_body_temp_path FOLDER/t1;
            proxy_temp_path FOLDER/t2;
            fastcgi_temp_path FOLDER/t3;
            uwsgi_temp_path FOLDER/t4;
            scgi_temp_path FOLDER/t5;
            keepalive_requests 1000000;
            sendfile on;
            server {
                listen 127.0.0.1:HTTP;
                listen 127.0.0.1:SECURE ssl http2;
                listen unix:FOLDER/socket;
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_certificate SERVER/server-cert.pem;
                ssl_certificate_key SERVER/server-key.pem;
                root FOLDER/files;
                location /private/ {
                    auth_basic closed;
                    auth_basic_user_file FOLDER/users;
                    alias FOLDER/files/;
                }
                location /noranges/ { max_ranges 0; alias FOLDER/files/; }
                location /token/ {
                    if ($http_x_token !~ "^[0-9]+$") { return 403; }
                    alias FOLDER/files/;
                }
                location /moved/ { rewrite ^/moved(/.*)$ $1 redirect; }
                location /login/ {
                    add_header Set-Cookie "session=1234; Path=/";
                    rewrite ^/login(/.*)$ /members$1 redirect;
                }
                location /members/ {
                    if ($cookie_session != 1234) { return 403; }
                    alias FOLDER/files/;
                }
            }
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly Process _process;

    /// <summary>Starts.</summary>
    /// <param name="makeFiles">A command line that makes the files, run in their folder.</param>
    public NginxServer(string makeFiles)
    {
        Requires.Tools("nginx");
        Directory.CreateDirectory(Files);
        ShellCommand.Run(makeFiles, folder: Files).Succeeded();
        Port = FreePort.Take();
        SecurePort = FreePort.Take();
        File.WriteAllText(_folder.File("users"), "alice:{PLAIN}secret\n");
        File.WriteAllText(
            _folder.File("configuration"),
            Configuration.Replace("FOLDER", _folder.Path, StringComparison.Ordinal)
                .Replace("HTTP", $"{Port}", StringComparison.Ordinal)
                .Replace("SECURE", $"{SecurePort}", StringComparison.Ordinal)
                .Replace("SERVER", TlsFiles.Of("server"), StringComparison.Ordinal));
        string arguments = $"-p {_folder.Path} -e {_folder.File("errors")} -c {_folder.File("configuration")}";
        _process = Process.Start("/bin/bash", ["-c", $"PATH=$PATH:/usr/sbin exec nginx {arguments}"]);
        WaitUntilReady();
    }

    /// <summary>The folder of the files.</summary>
    public string Files => _folder.File("files");

    /// <summary>The port for HTTP.</summary>
    public int Port { get; }

    /// <summary>The port for HTTPS, with HTTP/2 for those who want it.</summary>
    public int SecurePort { get; }

    /// <summary>The socket for HTTP.</summary>
    public string SocketPath => _folder.File("socket");

    /// <summary>The URL of a file.</summary>
    public string Url(string path) => $"http://127.0.0.1:{Port}/{path}";

    /// <summary>The URL of a file over TLS, by the name that the certificate has.</summary>
    public string SecureUrl(string path) => $"https://localhost:{SecurePort}/{path}";

    /// <summary>The requests so far, a line each.</summary>
    public string[] Accesses => File.ReadAllLines(_folder.File("accesses"));

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        Processes.Send(_process.Id, Signal.Terminate);
        if (!_process.WaitForExit(Patience))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _folder.Dispose();
    }

    private void WaitUntilReady()
    {
        for (Stopwatch waited = Stopwatch.StartNew(); waited.Elapsed < Patience; Thread.Sleep(5))
        {
            if (_process.HasExited)
                Assert.Fail($"nginx does not start: {File.ReadAllText(_folder.File("errors"))}");
            try
            {
                using TcpClient client = new("127.0.0.1", Port);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        Assert.Fail("nginx was not ready in time");
    }
}
