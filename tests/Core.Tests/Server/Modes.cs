// The forms of replies and the plans, for tests that must hold in each of them. Not: tests.

using NbdFast.Chain;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Server;

internal static class Modes
{
    /// <summary>Simple, structured and extended replies.</summary>
    public static TheoryData<ReplyMode> All => [ReplyMode.Simple, ReplyMode.Structured, ReplyMode.Extended];

    /// <summary>The forms in which replies are made of chunks.</summary>
    public static TheoryData<ReplyMode> Chunked => [ReplyMode.Structured, ReplyMode.Extended];

    /// <summary>Each form, on the receiving thread and on workers.</summary>
    public static TheoryData<ReplyMode, Latency> AllTimesPlans
    {
        get
        {
            TheoryData<ReplyMode, Latency> data = [];
            foreach (ReplyMode mode in new[] { ReplyMode.Simple, ReplyMode.Structured, ReplyMode.Extended })
            {
                data.Add(mode, Latency.Memory);
                data.Add(mode, Latency.Blocking);
            }

            return data;
        }
    }

    /// <summary>The table of a fake plugin that is run as <paramref name="latency"/> and <paramref name="model"/>
    /// say.</summary>
    public static UnitTable Table(
        Latency latency = Latency.Memory,
        ThreadModel model = ThreadModel.Parallel,
        Operations operations = Operations.All) => new()
        {
            Name = "plugin",
            LongName = "fake plugin",
            Latency = latency,
            ThreadModel = model,
            Operations = operations,
        };
}
