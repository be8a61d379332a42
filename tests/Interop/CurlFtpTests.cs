// Disks of the curl plugin on an FTP server. Not: other protocols (CurlDiskTests).

using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using NbdFast.Testing;
using NbdFast.Testing.Native;

namespace NbdFast.Interop;

public sealed class CurlFtpTests : IDisposable
{
    // Tells its port when it is ready.
    private const string Program = """
        import sys
        from pyftpdlib.authorizers import DummyAuthorizer
        from pyftpdlib.handlers import FTPHandler
        from pyftpdlib.servers import FTPServer
        import logging
        logging.basicConfig(level=logging.CRITICAL)
        authorizer = DummyAuthorizer()
        authorizer.add_user('alice', 'secret', sys.argv[1], perm='elradfmwMT')
        FTPHandler.authorizer = authorizer
        server = FTPServer(('127.0.0.1', 0), FTPHandler)
        open(sys.argv[2] + '.new', 'w').write(str(server.address[1]))
        import os
        os.rename(sys.argv[2] + '.new', sys.argv[2])
        server.serve_forever()
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly Process _process;
    private readonly string _port;

    public CurlFtpTests()
    {
        TempDisk.CreateRandom(_folder.File("disk"), 9 << 20);
        File.WriteAllText(_folder.File("program"), Program);
        _process = Process.Start(
            "/usr/bin/python3", [_folder.File("program"), _folder.Path, _folder.File("port")]);
        for (Stopwatch waited = Stopwatch.StartNew(); !File.Exists(_folder.File("port")); Thread.Sleep(20))
            Assert.True(!_process.HasExited && waited.Elapsed < Patience, "python3-pyftpdlib does not serve");
        _port = File.ReadAllText(_folder.File("port"));
    }

    public void Dispose()
    {
        Processes.Send(_process.Id, Signal.Kill);
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_copy_is_the_same_and_parts_can_be_read()
    {
        Requires.Tools("nbdcopy", "nbdsh");
        using ServerProcess server =
            ServerProcess.Start($"-r curl ftp://127.0.0.1:{_port}/disk user=alice password=secret");
        server.Run($"nbdcopy $uri copy && cmp copy {_folder.File("disk")}");
        server.Run($$"""
            nbdsh -u $uri -c "
            content = open('{{_folder.File("disk")}}', 'rb').read()
            for offset in (5000000, 1, 8000000, 9 * 1024 * 1024 - 700):
                assert h.pread(700, offset) == content[offset:offset + 700], offset
            h.shutdown()"
            """);
    }

    // libcurl may lose sight of a transfer if the server is quick, about once in ten copies.
    [Fact]
    public void Copies_end_however_quick_the_server_is()
    {
        Requires.Tools("nbdcopy");
        using ServerProcess server =
            ServerProcess.Start($"-r curl ftp://127.0.0.1:{_port}/disk user=alice password=secret");
        server.Run("for i in 1 2 3 4 5 6 7 8 9 10; do timeout 60 nbdcopy $uri null: || exit; done");
    }

    [Fact]
    public void A_disk_is_read_only_for_a_write_would_replace_the_file()
    {
        Requires.Tools("nbdinfo");
        using ServerProcess server =
            ServerProcess.Start($"curl ftp://alice@127.0.0.1:{_port}/disk password=secret");
        Assert.Equal("yes", server.Run("nbdinfo --is read-only $uri && echo yes"));
    }

    [Theory]
    [InlineData("disk", "password=wrong", "Access denied")]
    [InlineData("nothing", "password=secret", "nothing")]
    public void What_cannot_be_read_is_refused(string name, string parameters, string gist)
    {
        Requires.Tools("nbdinfo");
        CommandResult result = ShellCommand.Run(
            $"nbdfast -U - curl ftp://127.0.0.1:{_port}/{name} user=alice {parameters} --run 'nbdinfo $uri'");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(gist, result.Errors, StringComparison.Ordinal);
    }
}
