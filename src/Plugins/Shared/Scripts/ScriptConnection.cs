// The requests of one connection to a script. Not: what the script says of its disk (ScriptConnection.Describe).

using System;

namespace NbdFast.Plugins.Scripts;

/// <summary>A connection: a handle that the script chose, and one run of it for each request.</summary>
public sealed partial class ScriptConnection : Link
{
    private readonly ScriptPlugin _plugin;
    private readonly ClientInfo _client;
    private readonly bool _isReadOnly;
    private readonly byte[] _handle;

    internal ScriptConnection(ScriptPlugin plugin, ClientInfo client, bool isReadOnly, byte[] handle)
    {
        _plugin = plugin;
        _client = client;
        _isReadOnly = isReadOnly;
        // As an argument of a program it ends there.
        int end = handle.AsSpan().IndexOf((byte)0);
        _handle = end < 0 ? handle : handle[..end];
    }

    /// <inheritdoc/>
    public override Errno Read(Span<byte> buffer, ulong offset)
    {
        ScriptAnswer answer = _plugin.Call(
            _client, "pread", [_handle, ScriptText.Of((ulong)buffer.Length), ScriptText.Of(offset)], target: buffer);
        if (answer.Status == ScriptStatus.Missing)
            answer.Fail(Errno.EIO, "the pread method is required");
        if (answer.Status == ScriptStatus.Ok && answer.PrintedBytes != buffer.Length)
            answer.Fail(
                Errno.EIO,
                $"incorrect amount of data read: expecting {buffer.Length} bytes but received " +
                $"{answer.PrintedBytes} bytes from the script");
        return answer.Tell();
    }

    /// <inheritdoc/>
    public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
    {
        ScriptAnswer answer = _plugin.Call(
            _client, "pwrite",
            [_handle, ScriptText.Of((ulong)data.Length), ScriptText.Of(offset), ScriptText.Of(flags)], data);
        if (answer.Status == ScriptStatus.Missing)
            answer.Fail(Errno.EIO, "pwrite not implemented");
        return answer.Tell();
    }

    /// <inheritdoc/>
    public override Errno Flush() => _plugin.Call(_client, "flush", [_handle]).Tell();

    /// <inheritdoc/>
    public override Errno Trim(ulong count, ulong offset, RequestFlags flags) =>
        CallForRange("trim", count, offset, flags).Tell();

    /// <inheritdoc/>
    public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
    {
        ScriptAnswer answer = CallForRange("zero", count, offset, flags);
        return answer.Status == ScriptStatus.Missing ? Errno.ENOTSUP : answer.Tell();
    }

    /// <inheritdoc/>
    public override Errno Extents(ulong count, ulong offset, RequestFlags flags, ExtentList extents)
    {
        ScriptAnswer answer = CallForRange("extents", count, offset, flags);
        if (answer.Status == ScriptStatus.Missing)
            answer.Fail(Errno.EIO, "can_extents returned true, but extents method is not defined");
        return answer.Status == ScriptStatus.Ok ? ExtentLines.Add(answer, extents) : answer.Tell();
    }

    /// <inheritdoc/>
    public override Errno Cache(ulong count, ulong offset) =>
        _plugin.Call(_client, "cache", [_handle, ScriptText.Of(count), ScriptText.Of(offset)]).Tell();

    /// <inheritdoc/>
    public override void Close() => _plugin.Call(_client, "close", [_handle]).Tell();

    private ScriptAnswer CallForRange(string method, ulong count, ulong offset, RequestFlags flags) => _plugin.Call(
        _client, method, [_handle, ScriptText.Of(count), ScriptText.Of(offset), ScriptText.Of(flags)]);
}
