// The files of a run of the benchmark, on a real disk. Not: its results (Report).

using System;
using System.IO;
using NbdFast.Bench.EndToEnd.Load;

namespace NbdFast.Bench.EndToEnd.Servers;

/// <summary>A folder that is gone afterwards. Files are made when they are first used.</summary>
internal sealed class Stage : IDisposable
{
    private const int ChunkBytes = 4 << 20;

    private readonly string _folder;
    private WebServer? _web;
    private SshServer? _ssh;
    private int _number;

    /// <summary>Makes the folder.</summary>
    /// <param name="folder">Its path. Short, for that of a Unix socket may have 107 bytes only; on a file system with a
    /// disk under it, for a tmpfs serves files otherwise.</param>
    /// <param name="diskBytes">The size of every disk.</param>
    public Stage(string folder, long diskBytes)
    {
        DiskBytes = diskBytes;
        _folder = Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>The server of zeros that copies come from: always the same.</summary>
    public required Peer Source { get; init; }

    /// <summary>The size of every disk in bytes.</summary>
    public long DiskBytes { get; }

    /// <summary>A file that is read.</summary>
    public string ReadFile => Made("read.img", DiskBytes);

    /// <summary>A file that is written.</summary>
    public string WrittenFile => Made("write.img", DiskBytes);

    /// <summary>Where copies go to. It is the caller's to delete.</summary>
    public string CopiedFile => Path.Combine(_folder, "copy.img");

    /// <summary>Where a web server serves a file. It is started when this is first asked for.</summary>
    /// <exception cref="LoadException">It does not start.</exception>
    public string Url
    {
        get
        {
            string file = Made("web.img", DiskBytes);
            _web ??= WebServer.Start(_folder);
            return _web.Url(Path.GetFileName(file));
        }
    }

    /// <summary>An SSH server. It is started when this is first asked for.</summary>
    /// <exception cref="LoadException">It does not start.</exception>
    public SshServer Ssh => _ssh ??= SshServer.Start(Path.Combine(_folder, "ssh"));

    /// <summary>A folder with a server's certificate, of which it is its own authority.</summary>
    /// <exception cref="LoadException">certtool failed.</exception>
    public string Certificates
    {
        get
        {
            string folder = Path.Combine(_folder, "tls");
            if (Directory.Exists(folder))
                return folder;
            Directory.CreateDirectory(folder);
            const string Make = """
                cd "$1" && printf '%s\n' 'cn = localhost' 'dns_name = localhost' ca cert_signing_key tls_www_server \
                    signing_key encryption_key expiration_days=10 >template &&
                certtool --generate-privkey --ecc --outfile server-key.pem &&
                certtool --generate-self-signed --load-privkey server-key.pem --template template \
                    --outfile server-cert.pem &&
                cp server-cert.pem ca-cert.pem
                """;
            Tool.Succeed("/bin/sh", ["-c", Make, "sh", folder]);
            return folder;
        }
    }

    /// <summary>The configuration of nbd-server.</summary>
    public string Configuration => Path.Combine(_folder, "nbd-server.conf");

    /// <summary>Where nbd-server writes its process number.</summary>
    public string ProcessFile => Path.Combine(_folder, "pid");

    /// <summary>What the server said.</summary>
    public string Log => Path.Combine(_folder, "log");

    /// <summary>The file behind a backend.</summary>
    public string FileOf(Backend backend) => backend == Backend.WrittenFile ? WrittenFile : ReadFile;

    /// <summary>The sample of a co-process, which answers single calls too.</summary>
    /// <param name="isForEachCall">It does not say that it can be a co-process.</param>
    public string Script(bool isForEachCall)
    {
        string path = Path.Combine(_folder, isForEachCall ? "calls.py" : "coprocess.py");
        if (File.Exists(path))
            return path;
        using StreamReader sample = new(typeof(Stage).Assembly.GetManifestResourceStream("ramdisk.py")!);
        string text = sample.ReadToEnd();
        File.WriteAllText(
            path, isForEachCall ? text.Replace("\"coprocess\"", "\"never called\"", StringComparison.Ordinal) : text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>The path of a socket that was never used.</summary>
    public string NewSocket() => Path.Combine(_folder, $"s{_number++}");

    /// <inheritdoc/>
    public void Dispose()
    {
        _web?.Dispose();
        _ssh?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // Written just now, it is in the page cache, and none of it has still to be written to the disk.
    private string Made(string name, long bytes)
    {
        string path = Path.Combine(_folder, name);
        if (File.Exists(path))
            return path;
        byte[] chunk = new byte[ChunkBytes];
        using FileStream file = File.Create(path);
        for (long offset = 0; offset < bytes; offset += ChunkBytes)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, bytes - offset));
            DiskPattern.Fill(part, (ulong)offset);
            file.Write(part);
        }

        // Not while something is measured.
        file.Flush(flushToDisk: true);
        return path;
    }
}
