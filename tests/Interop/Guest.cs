// A Linux guest in an emulated machine, for what the host's kernel lacks or what ends a machine. Not: what it does (the
// files in Guest/), KVM.

using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using NbdFast.Testing;

namespace NbdFast.Interop;

/// <summary>Boots Debian's kernel with an initramfs that build/guest.sh makes and to which a task is added.</summary>
public sealed class Guest : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    // The kernel takes what follows the first archive as more files.
    private const string MakeInitramfs = """
        mkdir tree && cp $task tree/task && if [ -n "$binary" ]; then
            mkdir tree/bin && cp $binary tree/bin/nbdfast && for library in $(ldd $binary | grep -o '/[^ ]*'); do
                mkdir -p tree$(dirname $library) && cp -L $library tree$library || exit 1
            done
        fi && if [ -f $task-tree ]; then
            bash -e $task-tree
        fi && (cd tree && find . | cpio --quiet -o -H newc | gzip -1) | cat $guest/initramfs - >initramfs
        """;

    private readonly TempFolder _folder = new();
    private readonly Process _process;

    /// <summary>Boots.</summary>
    /// <param name="task">The name of a file in Guest/. If there is a script TASK-tree beside it, that adds files for
    /// it.</param>
    /// <param name="withServer">The binary under test is there as well, as nbdfast.</param>
    /// <param name="kernel">More words for the kernel's command line.</param>
    /// <param name="devices">More arguments for qemu.</param>
    public Guest(string task, bool withServer = false, string kernel = "", params string[] devices)
    {
        Requires.Tools("qemu-system-x86_64", "cpio");
        ShellCommand.Run(Path.Combine(RepositoryRoot.Path, "build", "guest.sh")).Succeeded();
        string guest = Path.Combine(RepositoryRoot.Path, "artifacts", "guest");
        ShellCommand.Run(
            MakeInitramfs,
            new System.Collections.Generic.Dictionary<string, string>
            {
                ["guest"] = guest,
                ["root"] = RepositoryRoot.Path,
                ["task"] = Path.Combine(RepositoryRoot.Path, "tests", "Interop", "Guest", task),
                ["binary"] = withServer ? NativeBinary.Path : "",
            },
            _folder.Path).Succeeded();
        _process = Process.Start(new ProcessStartInfo(
            "qemu-system-x86_64",
            [
                "-accel", "tcg", "-m", "320", "-nodefaults", "-nographic", "-no-reboot",
                "-serial", $"file:{_folder.File("console")}",
                "-kernel", $"{guest}/vmlinuz", "-initrd", _folder.File("initramfs"),
                "-append", $"console=ttyS0 panic=-1 quiet {kernel}",
                .. devices,
            ]))!;
    }

    /// <summary>What it has written to its console.</summary>
    public string Console => File.Exists(_folder.File("console")) ? File.ReadAllText(_folder.File("console")) : "";

    /// <summary>Waits until the task says something.</summary>
    public void WaitFor(string mark)
    {
        for (Stopwatch waited = Stopwatch.StartNew(); waited.Elapsed < Patience; Thread.Sleep(100))
        {
            bool hasEnded = _process.HasExited;   // Looked at first: its last words count.
            if (Console.Contains($"GUEST: {mark}", StringComparison.Ordinal))
                return;
            if (hasEnded || Console.Contains("GUEST: FAILED", StringComparison.Ordinal))
                Assert.Fail($"the guest failed:\n{Console}");
        }

        Assert.Fail($"the guest was not ready in time:\n{Console}");
    }

    /// <summary>Switches it off.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _folder.Dispose();
    }
}
