// One call at a time into a chain that serializes all requests. Not: which model a chain has (ChainConfigTests).

using System.Threading;
using System.Threading.Tasks;
using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Chain.Links;

public sealed class SerializedTests
{
    private int _inside;
    private int _most;
    private int _calls;

    [Fact]
    public async Task Calls_of_several_clients_never_overlap()
    {
        using var chain = Start(ThreadModel.SerializeAllRequests);
        await Task.WhenAll([.. Clients(chain)]);
        Assert.True(_calls >= 4 * 50);
        Assert.Equal(1, _most);
    }

    [Fact]
    public void A_parallel_chain_has_no_such_link()
    {
        using var chain = Start(ThreadModel.Parallel);
        Assert.True(chain.Config.Turn is null);
    }

    [Fact]
    public void Reads_of_a_serialized_chain_are_not_lent()
    {
        using var chain = Start(ThreadModel.SerializeAllRequests);
        Assert.Equal(Errno.Ok, chain.Connect(out OpenedLayers? layers));
        Assert.Equal(LoanKind.None, layers!.Next.Lend(1, 0, wantHoles: false).Kind);
    }

    private static Task[] Clients(ChainHarness chain)
    {
        var tasks = new Task[4];
        for (int i = 0; i < tasks.Length; i++)
            tasks[i] = Task.Run(() => Serve(chain));
        return tasks;
    }

    private static void Serve(ChainHarness chain)
    {
        var request = new OpenRequest(new ClientInfo(), "x", readOnly: false);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(Errno.Ok, ChainOpener.Open(chain.Config, 0, request, out OpenedLayers? layers));
            using (layers)
            {
                ChainNext next = layers!.Next;
                Assert.Equal(Errno.Ok, next.Read(new byte[16], 0));
                Assert.Equal(Errno.Ok, next.Write(new byte[16], 0, RequestFlags.None));
                Assert.Equal(Errno.Ok, next.Flush());
                Assert.Equal(Errno.Ok, next.Trim(16, 0, RequestFlags.None));
                Assert.Equal(Errno.Ok, next.Zero(16, 0, RequestFlags.None));
                Assert.Equal(Errno.Ok, next.Extents(16, 0, RequestFlags.None, new ExtentList(0, 16)));
                Assert.Equal(Errno.Ok, next.Cache(16, 0));
            }
        }
    }

    private ChainHarness Start(ThreadModel model) => ChainHarness.Start(
        new FakePlugin { Model = model, Calling = Watch }, [new FakeFilter("f")]);

    // Gives up the processor while inside, so that calls without the lock would meet here.
    private Errno Watch(string callback)
    {
        if (callback is "unload" or "cleanup")
            return Errno.Ok;
        int inside = Interlocked.Increment(ref _inside);
        Interlocked.Increment(ref _calls);
        if (inside > Volatile.Read(ref _most))
            Volatile.Write(ref _most, inside);
        Thread.Yield();
        Interlocked.Decrement(ref _inside);
        return Errno.Ok;
    }
}
