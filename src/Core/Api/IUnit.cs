// What plugins and filters have in common for the life of the process. Not: connections (Link).

using System;
using System.IO;
using NbdFast.Chain;

namespace NbdFast;

/// <summary>A plugin or a filter: one object for the life of the process. Derive from <see cref="Plugin"/> or
/// <see cref="Filter"/>, which implement this.</summary>
public interface IUnit : IDisposable
{
    internal const string UnknownToSwap = "nothing is known of how it does when the kernel has no memory to give";

    /// <summary>What the generator found out about the class. Generated.</summary>
    UnitTable Table { get; }

    /// <summary>The message about a required parameter that was not given, or null. Generated.</summary>
    string? MissingParameter { get; }

    /// <summary>The thread model after configuration; it may be stricter than the declared one, a looser one is ignored
    /// (<c>.thread_model</c>).</summary>
    ThreadModel EffectiveThreadModel { get; }

    /// <summary>How long calls take after configuration; by default what was declared.</summary>
    Latency EffectiveLatency { get; }

    /// <summary>Why the disk cannot be trusted with swap of this machine, as far as this unit goes, or null: what it
    /// does for a request may make it wait for memory that only swapping would free. Asked by <c>--swap</c> and
    /// <c>--swap-check</c>, after <see cref="AfterFork"/>. Default: that nobody has looked at it.</summary>
    string? SwapObjection { get; }

    /// <summary>Sets the <see cref="NbdParameterAttribute"/> property that claims <paramref name="key"/>.
    /// Generated.</summary>
    /// <returns>False if no property claims it.</returns>
    /// <exception cref="ConfigException">The value cannot be parsed.</exception>
    bool Bind(string key, string value);

    /// <summary>Takes a key that no <see cref="NbdParameterAttribute"/> claims (<c>.config</c>).</summary>
    /// <returns>False if the key is unknown here.</returns>
    /// <exception cref="ConfigException">The value is wrong.</exception>
    bool Config(string key, string value);

    /// <summary>All parameters have been given: check them (<c>.config_complete</c>).</summary>
    /// <exception cref="ConfigException">They do not fit together.</exception>
    void ConfigComplete();

    /// <summary>Writes further <c>key=value</c> lines for <c>--dump-plugin</c> (<c>.dump_plugin</c>).</summary>
    void DumpFields(TextWriter output);

    /// <summary>The last preparation in the foreground: files are opened here. Start no threads
    /// (<c>.get_ready</c>).</summary>
    /// <param name="model">The chain's thread model.</param>
    /// <exception cref="ConfigException">Serving is not possible.</exception>
    void GetReady(ThreadModel model);

    /// <summary>The process is in its final shape (background, user, directory): threads may be started
    /// (<c>.after_fork</c>).</summary>
    /// <exception cref="ConfigException">Serving is not possible.</exception>
    void AfterFork();

    /// <summary>All connections are closed (<c>.cleanup</c>).</summary>
    void Cleanup();

    /// <summary>A client has connected; nothing is negotiated yet (<c>.preconnect</c>). Be quick.</summary>
    /// <returns>An error drops the client.</returns>
    Errno Preconnect(ClientInfo client);
}
