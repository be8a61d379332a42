// Ending a server of the nbd plugin that is still about to reach the other one. Not: requests under way
// (NbdDiskTests).

using System;
using NbdFast.Testing;

namespace NbdFast.Interop;

public sealed class NbdStopTests
{
    // Listens, and does nothing else; its queue is full if the word says so.
    private const string Silent = """
        import socket, sys, time
        server = socket.socket(socket.AF_UNIX)
        server.bind("other")
        server.listen(0)
        clients = []
        for _ in range(2 if sys.argv[1] == "full" else 0):
            client = socket.socket(socket.AF_UNIX)
            client.setblocking(False)
            clients.append(client)
            client.connect_ex("other")
        open("listening", "w").close()
        time.sleep(1000)
        """;

    [Theory]
    [InlineData("nobody", "socket=$PWD/nonexistent retry=1000")]
    [InlineData("silent", "socket=$PWD/other")]
    [InlineData("full", "socket=$PWD/other")]
    public void A_signal_ends_the_wait_for_a_server(string word, string parameters)
    {
        using TempFolder folder = new();
        System.IO.File.WriteAllText(folder.File("silent.py"), Silent);
        CommandResult result = ShellCommand.Run(
            $$"""
            /usr/bin/python3 silent.py {{word}} & other=$!
            until [ -e listening ]; do sleep 0.05; done
            timeout -k 20 1000 nbdfast -f -U $PWD/s nbd {{parameters}} shared=true & server=$!
            until [ -e s ]; do sleep 0.05; done
            sleep 0.2
            kill -TERM $server; wait $server; code=$?
            kill -KILL $other; wait $other
            [ $code -le 1 ]
            """,
            folder: folder.Path);
        result.Succeeded();
    }
}
