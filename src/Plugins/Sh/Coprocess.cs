// A script that is started once and then called through its pipes (sh.md, "Co-processes"). Not: one running process of
// it (CoprocessChild).

using System;
using System.Collections.Generic;
using System.Threading;

namespace NbdFast.Plugins.Scripts;

/// <summary>Keeps a co-process running: one that has ended is started again for the next call.</summary>
/// <param name="path">The script.</param>
/// <param name="variable">An environment variable for it.</param>
internal sealed class Coprocess(string path, byte[] variable) : IDisposable
{
    /// <summary>The method by which a script is asked whether it can be one, and started as one.</summary>
    public const string Method = "coprocess";

    /// <summary>The version of the way of talking to it.</summary>
    public const string Version = "1";

    private const int LastCallMs = 10_000;

    private readonly Lock _lock = new();
    private CoprocessChild? _child;
    private int _limitMs = Timeout.Infinite;
    private bool _isOver;

    /// <summary>Has a method executed.</summary>
    /// <param name="call">The method's name and its arguments.</param>
    /// <param name="input">What the method is to read.</param>
    /// <param name="target">Where the first bytes of its output go.</param>
    /// <param name="result">Takes the rest of it, and the exit code.</param>
    /// <returns>EIO if it ended without an answer, or why it could not be started.</returns>
    public Errno Do(List<byte[]> call, ReadOnlySpan<byte> input, Span<byte> target, ScriptResult result)
    {
        Errno errno = Running(out CoprocessChild? child);
        if (errno != Errno.Ok)
            return errno;
        if (child!.Do(call, input, _limitMs) is not { } answered)
            return Errno.EIO;
        answered.CopyTo(target, result);
        return Errno.Ok;
    }

    /// <summary>One more call will come. It is not waited for without end.</summary>
    /// <returns>False if there is no use in it: calls are still under way although the server has ended, so nobody
    /// answers.</returns>
    public bool ExpectLastCall()
    {
        lock (_lock)
        {
            _limitMs = LastCallMs;
            _isOver = _child is { IsBusy: true };
            if (_isOver)
                _child!.Kill();
            return !_isOver;
        }
    }

    /// <summary>Ends it. Whoever comes later, from a connection that the server did not wait for, starts no
    /// other.</summary>
    public void Dispose()
    {
        lock (_lock)
            _isOver = true;
        _child?.End();
    }

    private Errno Running(out CoprocessChild? child)
    {
        lock (_lock)
        {
            Errno errno = _isOver ? Errno.ESHUTDOWN : Errno.Ok;
            if (errno == Errno.Ok && (_child == null || _child.HasEnded))
                errno = CoprocessChild.TryStart(
                    path, [ScriptText.Of(path), ScriptText.Of(Method), ScriptText.Of(Version)], variable, out _child);
            child = _child;
            return errno;
        }
    }
}
