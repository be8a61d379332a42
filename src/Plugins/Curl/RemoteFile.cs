// The file at the URL, as the whole process sees it: its transfers, and what they share. Not: a client's view of it
// (CurlConnection), reading ahead (Readahead).

using System;
using System.Collections.Generic;
using System.Threading;

namespace NbdFast.Plugins.Curl;

/// <summary>Carries out transfers, in parallel, with handles that are kept.</summary>
internal sealed class RemoteFile : IDisposable
{
    private readonly object _lock = new();
    private readonly Stack<Transfer> _free = new();
    private readonly List<Transfer> _all = [];
    private readonly List<Transfer> _waiting = [];
    private readonly HandleSettings _settings;
    private readonly Credentials _credentials;
    private readonly TransferTrace? _trace;
    private readonly TransferTimes? _times;
    private readonly TransferLoop _loop;

    /// <summary>Gets ready; nothing is sent yet.</summary>
    /// <param name="settings">For every handle. Disposed of with this object.</param>
    /// <param name="credentials">For every request.</param>
    /// <param name="cookies">Cookies of servers, or null. Disposed of with this object.</param>
    /// <param name="connections">The most connections to servers.</param>
    /// <param name="isHttp">The URL says that the server is one for HTTP or HTTPS.</param>
    /// <param name="trace">Where libcurl's own messages go, or null.</param>
    /// <param name="times">Where times are summed up, or null.</param>
    public RemoteFile(
        HandleSettings settings, Credentials credentials, CookieStore? cookies, int connections, bool isHttp,
        TransferTrace? trace, TransferTimes? times)
    {
        _settings = settings;
        _credentials = credentials;
        Cookies = cookies;
        _trace = trace;
        _times = times;
        _loop = new TransferLoop(connections, isHttp, times);
    }

    /// <summary>The cookies of servers, or null.</summary>
    public CookieStore? Cookies { get; }

    /// <summary>A transfer for a request, or null if there is no memory for one.</summary>
    [HotPath]
    public Transfer? Rent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out Transfer? transfer))
                return transfer;
        }

        return TryMake();
    }

    /// <summary>Takes a transfer back, which must have ended.</summary>
    [HotPath]
    public void Return(Transfer transfer)
    {
        lock (_lock)
            _free.Push(transfer);
    }

    /// <summary>Begins a transfer, after a script if one is due. Does not wait.</summary>
    [HotPath]
    public void Start(Transfer transfer)
    {
        if (_credentials.AreDue)
            StartAfterScripts(transfer);
        else
            StartNow(transfer);
    }

    /// <summary>Lets a transfer that was begun end soon.</summary>
    public void Cancel(Transfer transfer)
    {
        transfer.Cancel();
        _loop.Cancelled();
    }

    /// <summary>Breaks off what is under way and closes all connections.</summary>
    public void Dispose()
    {
        _loop.Dispose();
        foreach (Transfer transfer in _all)
            transfer.Dispose();
        Cookies?.Dispose();
        _settings.Dispose();
        _times?.Tell();
    }

    /// <summary>Tells what libcurl says against the settings before anybody is served.</summary>
    /// <exception cref="ConfigException">It says something.</exception>
    public void Check() => Return(Make());

    [HotPath]
    private void StartNow(Transfer transfer)
    {
        transfer.SetCredentials();
        _loop.Start(transfer);
    }

    // Scripts take their time, and whoever asks may serve others too: a thread that may wait runs them.
    private void StartAfterScripts(Transfer transfer)
    {
        lock (_lock)
        {
            _waiting.Add(transfer);
            if (_waiting.Count > 1)
                return;   // Somebody is at it.
        }

        ThreadPool.UnsafeQueueUserWorkItem(static file => file.RunScripts(), this, preferLocal: false);
    }

    private void RunScripts()
    {
        string? failure = _credentials.Refresh();
        Transfer[] waiting;
        lock (_lock)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (Transfer transfer in waiting)
        {
            if (failure == null)
                StartNow(transfer);
            else
                transfer.Refuse(failure);
        }
    }

    // What the settings are was checked at the start: later they fail only for want of memory.
    private Transfer? TryMake()
    {
        try
        {
            return Make();
        }
        catch (Exception error) when (error is ConfigException or InsufficientMemoryException)
        {
            Log.Error($"cannot make a transfer: {error.Message}");
            return null;
        }
    }

    private Transfer Make()
    {
        Transfer transfer = new(_credentials, _trace);
        string? objection = _settings.ApplyTo(transfer.Handle);
        if (objection != null)
        {
            transfer.Dispose();
            throw new ConfigException(objection);
        }

        Cookies?.ShareWith(transfer.Handle);
        lock (_lock)
            _all.Add(transfer);
        return transfer;
    }
}
