// One easy handle: a transfer's options and callbacks. Not: what they are set to (HandleSettings), who drives it
// (MultiHandle).

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NbdFast.Plugins.Curl.Native;

/// <summary>A <c>CURL *</c>. One thread at a time may use it.</summary>
internal sealed unsafe class EasyHandle : IDisposable
{
    internal const int ErrorBytes = 256;                // CURL_ERROR_SIZE
    internal const nuint AbortReading = 0x1000_0000;    // CURL_READFUNC_ABORT

    private static readonly delegate* unmanaged<nint> Init = (delegate* unmanaged<nint>)F("curl_easy_init");
    private static readonly delegate* unmanaged<nint, void> Cleanup =
        (delegate* unmanaged<nint, void>)F("curl_easy_cleanup");
    private static readonly delegate* unmanaged<nint, int, nint, int> SetOption =
        (delegate* unmanaged<nint, int, nint, int>)F("curl_easy_setopt");
    private static readonly delegate* unmanaged<nint, int, void*, int> GetInfo =
        (delegate* unmanaged<nint, int, void*, int>)F("curl_easy_getinfo");

    private readonly byte* _error;
    private GCHandle _events;

    /// <summary>Makes a handle.</summary>
    /// <param name="events">Told of what happens; must outlive the handle's transfers.</param>
    /// <exception cref="InsufficientMemoryException">There is no memory.</exception>
    public EasyHandle(ITransferEvents events)
    {
        Address = Init();
        if (Address == 0)
            throw new InsufficientMemoryException("curl_easy_init failed");
        _error = (byte*)NativeMemory.AllocZeroed(ErrorBytes);
        _events = GCHandle.Alloc(events);
        nint data = GCHandle.ToIntPtr(_events);
        SetPointer(CurlOption.ErrorBuffer, (nint)_error);
        SetPointer(CurlOption.Private, data);
        SetPointer(CurlOption.WriteData, data);
        SetPointer(CurlOption.HeaderData, data);
        SetPointer(CurlOption.ReadData, data);
        SetPointer(CurlOption.DebugData, data);
        SetPointer(CurlOption.WriteFunction, (nint)(delegate* unmanaged<byte*, nuint, nuint, nint, nuint>)&OnBody);
        SetPointer(CurlOption.HeaderFunction, (nint)(delegate* unmanaged<byte*, nuint, nuint, nint, nuint>)&OnHeader);
        SetPointer(CurlOption.ReadFunction, (nint)(delegate* unmanaged<byte*, nuint, nuint, nint, nuint>)&OnRead);
        SetPointer(CurlOption.DebugFunction, (nint)(delegate* unmanaged<nint, int, byte*, nuint, nint, int>)&OnTrace);
    }

    /// <summary>The <c>CURL *</c>.</summary>
    public nint Address { get; }

    /// <summary>What libcurl said about the last failure, in detail, or "".</summary>
    public string ErrorText => LibCurl.Text(_error);

    /// <summary>Sets a number, or a pointer to something that stays where it is.</summary>
    /// <returns>A CURLcode.</returns>
    [HotPath]
    public int SetPointer(CurlOption option, nint value) => SetOption(Address, (int)option, value);

    /// <summary>Sets a text that ends with a NUL, of which libcurl makes a copy.</summary>
    /// <returns>A CURLcode.</returns>
    [HotPath]
    public int SetText(CurlOption option, ReadOnlySpan<byte> terminated)
    {
        fixed (byte* text = terminated)
            return SetOption(Address, (int)option, (nint)text);
    }

    /// <summary>Forgets what was said about an earlier failure.</summary>
    [HotPath]
    public void ClearError() => *_error = 0;

    /// <summary>Asks for a 64-bit number.</summary>
    /// <returns>-1 if this libcurl does not know.</returns>
    public long GetNumber(CurlInfo info)
    {
        long value = 0;
        return GetInfo(Address, (int)info, &value) == LibCurl.Ok ? value : -1;
    }

    /// <summary>Asks for a text.</summary>
    public string GetText(CurlInfo info)
    {
        byte* value = null;
        return GetInfo(Address, (int)info, &value) == LibCurl.Ok ? LibCurl.Text(value) : "";
    }

    /// <summary>Whom a handle belongs to that libcurl names by its address.</summary>
    [HotPath]
    internal static ITransferEvents OwnerOf(nint address)
    {
        nint data = 0;
        _ = GetInfo(address, (int)CurlInfo.Private, &data);   // It was set by the constructor, and is no question.
        return Events(data);
    }

    /// <summary>Ends the handle, which must be in no multi handle.</summary>
    public void Dispose()
    {
        if (!_events.IsAllocated)
            return;
        Cleanup(Address);
        _events.Free();
        NativeMemory.Free(_error);
    }

    private static nint F(string name) => LibCurl.Function(name);

    [HotPath]
    private static ITransferEvents Events(nint data) =>
        Unsafe.As<ITransferEvents>(GCHandle.FromIntPtr(data).Target!);

    [HotPath]
    [UnmanagedCallersOnly]
    private static nuint OnBody(byte* bytes, nuint size, nuint count, nint data) =>
        Events(data).TakeBody(new ReadOnlySpan<byte>(bytes, (int)(size * count))) ? size * count : 0;

    [HotPath]
    [UnmanagedCallersOnly]
    private static nuint OnHeader(byte* bytes, nuint size, nuint count, nint data)
    {
        Events(data).TakeHeader(new ReadOnlySpan<byte>(bytes, (int)(size * count)));
        return size * count;
    }

    [HotPath]
    [UnmanagedCallersOnly]
    private static nuint OnRead(byte* room, nuint size, nuint count, nint data)
    {
        int given = Events(data).GiveBody(new Span<byte>(room, (int)(size * count)));
        return given < 0 ? AbortReading : (nuint)given;
    }

    [UnmanagedCallersOnly]
    private static int OnTrace(nint handle, int kind, byte* text, nuint length, nint data)
    {
        Events(data).TakeTrace(kind, new ReadOnlySpan<byte>(text, (int)length));
        return 0;
    }
}
