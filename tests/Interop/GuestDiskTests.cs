// A Linux guest whose disk is ours: what it synced must be there however it ends. Not: performance, KVM.

using System;
using NbdFast.Testing;
using NbdFast.Testing.Native;

namespace NbdFast.Interop;

[Trait("Needs", "checkout")]
public sealed class GuestDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public GuestDiskTests()
    {
        Requires.Tools("debugfs");
        TempDisk.CreateSparse(_folder.File("disk"), 64 << 20);
    }

    [Fact]
    public void What_a_guest_synced_survives_the_killing_of_the_guest()
    {
        using (ServerProcess server = ServerProcess.Start($"file {_folder.File("disk")}"))
        {
            using Guest guest = Start(server.Uri);
            guest.WaitFor("SYNCED");
            guest.Kill();
        }

        CheckDisk();
    }

    [Fact]
    public void What_a_guest_synced_survives_the_killing_of_the_server()
    {
        using (ServerProcess server = ServerProcess.Start($"-t 4 file {_folder.File("disk")}"))
        {
            using Guest guest = Start(server.Uri);
            guest.WaitFor("SYNCED");
            server.End(Signal.Kill);
        }

        CheckDisk();
    }

    public void Dispose() => _folder.Dispose();

    private static Guest Start(string uri) => new(
        "disk", devices: ["-drive", $"file={uri},format=raw,if=virtio,cache=writeback,discard=unmap"]);

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
