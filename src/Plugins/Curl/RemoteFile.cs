// The file at the URL, as the whole process sees it: its transfers, and what they share. Not: a client's view of it
// (CurlConnection), reading ahead (Readahead).

using System;
using System.Collections.Generic;

namespace NbdFast.Plugins.Curl;

/// <summary>Carries out transfers, in parallel, with handles that are kept.</summary>
internal sealed class RemoteFile : IDisposable
{
    private readonly object _lock = new();
    private readonly Stack<Transfer> _free = new();
    private readonly List<Transfer> _all = [];
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
    /// <param name="trace">Where libcurl's own messages go, or null.</param>
    /// <param name="times">Where times are summed up, or null.</param>
    public RemoteFile(
        HandleSettings settings, Credentials credentials, CookieStore? cookies, int connections,
        TransferTrace? trace, TransferTimes? times)
    {
        _settings = settings;
        _credentials = credentials;
        Cookies = cookies;
        _trace = trace;
        _times = times;
        _loop = new TransferLoop(connections, times);
    }

    /// <summary>The cookies of servers, or null.</summary>
    public CookieStore? Cookies { get; }

    /// <summary>Makes sure that headers and cookie are not too old.</summary>
    [HotPath]
    public Errno Refresh() => _credentials.Refresh();

    /// <summary>A transfer for a request.</summary>
    [HotPath]
    public Transfer Rent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out Transfer? transfer))
                return transfer;
        }

        return Make();
    }

    /// <summary>Takes a transfer back, which must have ended.</summary>
    [HotPath]
    public void Return(Transfer transfer)
    {
        lock (_lock)
            _free.Push(transfer);
    }

    /// <summary>Carries out a transfer; returns at its end.</summary>
    [HotPath]
    public void Run(Transfer transfer) => _loop.Run(transfer);

    /// <summary>Begins a transfer.</summary>
    [HotPath]
    public void Start(Transfer transfer) => _loop.Start(transfer);

    /// <summary>Lets a transfer that was begun end soon.</summary>
    public void Cancel(Transfer transfer)
    {
        transfer.Cancel();
        _loop.Cancelled();
    }

    /// <summary>Reads or writes a range.</summary>
    /// <param name="address">The first byte in memory.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="offset">The position of the first byte in the file.</param>
    /// <param name="size">The size of the whole file.</param>
    /// <param name="isWrite">From memory to the file.</param>
    [HotPath]
    public Errno Carry(nint address, int length, ulong offset, ulong size, bool isWrite)
    {
        Errno errno = Refresh();
        if (errno != Errno.Ok || length == 0)
            return errno;
        Transfer transfer = Rent();
        if (isWrite)
            transfer.AskWrite(address, length, offset, size);
        else
            transfer.AskRead(address, length, offset, size);
        Run(transfer);
        if (!transfer.Succeeded)
            errno = Failed(isWrite ? "pwrite" : "pread", transfer);
        Return(transfer);
        return errno;
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

    private static Errno Failed(string call, Transfer transfer) =>
        Log.Error(Errno.EIO, $"{call}: curl_easy_perform: {transfer.Reason()}");

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
