// A Linux guest whose disk is ours: what it synced must be there however it ends. Not: performance, KVM.

using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using NbdFast.Testing;
using NbdFast.Testing.Native;

namespace NbdFast.Interop;

/// <summary>Boots Debian's kernel in an emulated machine; build/guest.sh makes what it needs.</summary>
[Trait("Needs", "checkout")]
public sealed class GuestTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly TempFolder _folder = new();

    public GuestTests()
    {
        Requires.Tools("qemu-system-x86_64", "debugfs");
        ShellCommand.Run(Path.Combine(RepositoryRoot.Path, "build", "guest.sh")).Succeeded();
        TempDisk.CreateSparse(_folder.File("disk"), 64 << 20);
    }

    [Fact]
    public void What_a_guest_synced_survives_the_killing_of_the_guest()
    {
        using (ServerProcess server = ServerProcess.Start($"file {_folder.File("disk")}"))
        {
            using Process guest = StartGuest(server.Uri);
            WaitForMark(guest);
            guest.Kill();
            guest.WaitForExit();
        }

        CheckDisk();
    }

    [Fact]
    public void What_a_guest_synced_survives_the_killing_of_the_server()
    {
        using (ServerProcess server = ServerProcess.Start($"-t 4 file {_folder.File("disk")}"))
        {
            using Process guest = StartGuest(server.Uri);
            WaitForMark(guest);
            server.End(Signal.Kill);
            guest.Kill();
            guest.WaitForExit();
        }

        CheckDisk();
    }

    public void Dispose() => _folder.Dispose();

    private Process StartGuest(string uri)
    {
        string kernel = Path.Combine(RepositoryRoot.Path, "artifacts", "guest");
        return Process.Start(new ProcessStartInfo(
            "qemu-system-x86_64",
            [
                "-accel", "tcg", "-m", "256", "-nodefaults", "-nographic", "-no-reboot",
                "-serial", $"file:{_folder.File("console")}",
                "-kernel", $"{kernel}/vmlinuz", "-initrd", $"{kernel}/initramfs",
                "-append", "console=ttyS0 panic=-1 quiet",
                "-drive", $"file={uri},format=raw,if=virtio,cache=writeback,discard=unmap",
            ]))!;
    }

    private void WaitForMark(Process guest)
    {
        string console = _folder.File("console");
        for (Stopwatch waited = Stopwatch.StartNew(); waited.Elapsed < Patience; Thread.Sleep(100))
        {
            string text = File.Exists(console) ? File.ReadAllText(console) : "";
            if (text.Contains("GUEST: SYNCED", StringComparison.Ordinal))
                return;
            if (text.Contains("GUEST: FAILED", StringComparison.Ordinal) || guest.HasExited)
                Assert.Fail($"the guest failed:\n{text}");
        }

        guest.Kill();
        Assert.Fail($"the guest was not ready in time:\n{File.ReadAllText(console)}");
    }

    private void CheckDisk()
    {
        // As after any sudden end the journal is replayed first; then nothing may be left to repair.
        ShellCommand.Run(
            "e2fsck -E journal_only -y disk && e2fsck -fn disk" +
            " && [ \"$(debugfs -R 'cat /folder/text' disk 2>/dev/null)\" = 'written by the guest' ]" +
            " && debugfs -R 'cat /numbers' disk 2>/dev/null | cmp - <(seq 1 400000)",
            folder: _folder.Path).Succeeded();
    }
}
