// The server in a Linux guest, for what the host's kernel cannot be relied on to have. Not: guests with our disk
// (GuestDiskTests).

namespace NbdFast.Interop;

[Trait("Needs", "checkout")]
public sealed class GuestServerTests
{
    [Fact]
    public void Clients_connect_over_vsock_and_vsock_sockets_are_taken_over()
    {
        using Guest guest = new("vsock", withServer: true);
        guest.WaitFor("PASSED");
    }

    [Fact]
    public void Systemd_starts_the_service_for_the_first_client_and_stops_it()
    {
        Testing.Requires.Tools("systemd-analyze");   // Of the package that has systemd itself.
        using Guest guest = new("systemd");
        guest.WaitFor("PASSED");
    }

    [Fact]
    public void Where_SELinux_enforces_a_policy_the_socket_has_its_label()
    {
        Testing.Requires.Tools("checkpolicy");
        using Guest guest = new("selinux", withServer: true, kernel: "lsm=selinux");
        guest.WaitFor("PASSED");
    }

    [Fact]
    public void The_guests_own_swap_survives_a_program_that_needs_more_memory_than_there_is()
    {
        using Testing.TempFolder folder = new();
        foreach (string disk in (string[])["raw", "ext4"])
            using (System.IO.FileStream file = System.IO.File.Create(folder.File(disk)))
                file.SetLength(800L << 20);
        using Guest guest = new(
            "swap", withServer: true, kernel: "",
            "-drive", $"file={folder.File("raw")},format=raw,if=virtio",
            "-drive", $"file={folder.File("ext4")},format=raw,if=virtio");
        guest.WaitFor("PASSED");
    }
}
