// The bound on clients that connect and do not negotiate. Not: the bound on their time (TimeoutTests).

using System;
using System.Collections.Generic;
using System.Linq;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

public sealed class CrowdTests
{
    private const int Most = 3;

    [Fact]
    public void Of_too_many_that_negotiate_the_oldest_goes()
    {
        using LocalServer server = Start();
        List<RawClient> silent = [.. Enumerable.Range(0, Most).Select(_ => Greeted(server))];
        using RawClient next = Greeted(server);
        Assert.Empty(silent[0].ReceiveToEnd());
        Assert.All(silent[1..], client => Assert.False(client.HasBytes(0)));
        silent.ForEach(client => client.Dispose());
    }

    [Fact]
    public void Whoever_has_negotiated_is_not_in_the_way()
    {
        using LocalServer server = Start();
        List<RawClient> serving = [.. Enumerable.Range(0, 2 * Most).Select(_ => server.Open())];
        using RawClient silent = Greeted(server);
        using RawClient next = server.Open();
        Assert.All([.. serving, next], client => Assert.Equal(0U, client.Flush().Error));
        Assert.False(silent.HasBytes(0));
        serving.ForEach(client => client.Dispose());
    }

    [Fact]
    public void Whoever_comes_while_others_are_silent_is_served()
    {
        using LocalServer server = Start();
        List<RawClient> silent = [.. Enumerable.Range(0, 10 * Most).Select(_ => Greeted(server))];
        using RawClient client = server.Open();
        Assert.Equal(0U, client.Flush().Error);
        silent.ForEach(one => one.Dispose());
    }

    // The server's greeting has come: it knows of the client.
    private static RawClient Greeted(LocalServer server)
    {
        RawClient client = server.Connect();
        Assert.True(client.HasBytes(10_000));
        client.Receive(18);
        return client;
    }

    private static LocalServer Start() =>
        LocalServer.Start(new FakePlugin(), options: options => options with { MaximumNegotiating = Most });
}
