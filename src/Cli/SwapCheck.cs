// --swap-check: says whether a command line serves a disk that the machine can swap to. Not: how the server gets ready
// for that (Server/SwapSafety).

using System.Collections.Generic;
using System.Linq;
using NbdFast.Drivers;
using NbdFast.Server;

namespace NbdFast.Cli;

/// <summary>What <c>--swap</c> does and finds, and what can be told from the options, a line each.</summary>
internal sealed class SwapCheck
{
    private readonly List<SwapFinding> _findings = [];

    /// <summary>Adds what was found.</summary>
    public void Add(IEnumerable<SwapFinding> findings) => _findings.AddRange(findings);

    /// <summary>Locks the memory of the process, or finds that it may not.</summary>
    public void Lock(NbdServer server)
    {
        try
        {
            _findings.Add(server.LockForSwap());
        }
        catch (ConfigException e)
        {
            _findings.Add(SwapFinding.Unsafe("locked memory", e.Message));
        }
    }

    /// <summary>Looks at how clients come to the server, and at what it does besides serving.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="hasTls">Clients may use TLS.</param>
    public void LookAt(Options options, bool hasTls)
    {
        bool isLocal = !options.Vsock && options.Port == null
            && (options.UnixSocket != null || options.Single || options.Run != null);
        _findings.Add(SwapFinding.Of(
            "socket",
            isLocal ? null
            : options.ActivationSockets.Count > 0 ? "it comes from who starts the server: see that it is a Unix socket"
            : "the kernel may drop packets of its own swap when memory runs short: use a Unix socket (-U)",
            "a Unix socket"));
        bool hasThreads = options.Io is IoChoice.Auto or IoChoice.Threads;
        _findings.Add(SwapFinding.Of(
            "serving",
            hasThreads ? null : "only threads have all they need beforehand: leave --io away",
            "by threads that are there"));
        _findings.Add(SwapFinding.Of(
            "tls", hasTls ? "the library takes memory for records as they come: use --tls=off" : null, "off"));
        _findings.Add(SwapFinding.Of(
            "messages",
            options.Verbose ? "each request makes some, which takes memory: leave -v away" : null, "only errors"));
        _findings.Add(SwapFinding.Of(
            "writing", options.ReadOnly ? "the disk is read-only (-r)" : null, "allowed"));
    }

    /// <summary>Writes the verdicts.</summary>
    /// <returns>The exit code: 0 if everything is safe.</returns>
    public int Tell()
    {
        foreach (SwapFinding finding in _findings)
            Output.Write($"{finding.Subject}: {(finding.IsSafe ? "safe" : "NOT SAFE")}: {finding.Text}\n");
        bool isSafe = _findings.All(finding => finding.IsSafe);
        Output.Write(isSafe ? "safe for swap\n" : "NOT SAFE for swap\n");
        return isSafe ? 0 : 1;
    }
}
