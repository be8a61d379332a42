// The options of one easy handle that change from request to request. Not: those that never do (HandleSettings).

using System;
using System.Buffers.Text;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>Method, range, headers and cookie of a handle. What is set already is not set again.</summary>
internal sealed class RequestOptions : IDisposable
{
    // "Content-Range: bytes ", two numbers of up to 20 digits and a third, "-", "/", and the end.
    private const int LongestHeader = 100;

    private static readonly string RoomForHeader = new(' ', LongestHeader);

    private readonly EasyHandle _handle;
    private readonly Credentials _credentials;

    // libcurl would wait for a second for a server to say that a large body is welcome.
    private readonly HeaderList _writeHeaders = new([RoomForHeader, "Expect:"]);
    private HeaderList? _headers;
    private int _generation;
    private bool _isWrite;

    /// <summary>For a handle that has its settings.</summary>
    public RequestOptions(EasyHandle handle, Credentials credentials)
    {
        _handle = handle;
        _credentials = credentials;
    }

    /// <summary>Chooses the method. A range is set anew after that.</summary>
    public void SetKind(TransferKind kind)
    {
        // A setting that libcurl knows fails only if there is no memory, and then the transfer does too.
        _handle.SetPointer(CurlOption.Range, 0);
        _handle.SetPointer(CurlOption.HttpGet, 1);
        if (kind == TransferKind.Size)
            _handle.SetPointer(CurlOption.NoBody, 1);
        else if (kind == TransferKind.Write)
            _handle.SetPointer(CurlOption.Upload, 1);
    }

    /// <summary>Asks for a range.</summary>
    [HotPath]
    public void SetRange(ulong offset, int length)
    {
        Span<byte> text = stackalloc byte[LongestHeader];
        int used = Append(text, 0, offset, (byte)'-');
        used = Append(text, used, offset + (ulong)length - 1, 0);
        _handle.SetText(CurlOption.Range, text[..used]);
    }

    /// <summary>Says which range is sent.</summary>
    public void SetContentRange(ulong offset, int length, ulong size)
    {
        Span<byte> text = stackalloc byte[LongestHeader];
        ReadOnlySpan<byte> name = "Content-Range: bytes "u8;
        name.CopyTo(text);
        int used = Append(text, name.Length, offset, (byte)'-');
        used = Append(text, used, offset + (ulong)length - 1, (byte)'/');
        used = Append(text, used, size, 0);
        _writeHeaders.Overwrite(0, text[..(used - 1)]);
        _handle.SetPointer(CurlOption.InFileSize, length);
    }

    /// <summary>Takes over headers and cookie, if they were renewed.</summary>
    [HotPath]
    public void SetCredentials(TransferKind kind)
    {
        bool isWrite = kind == TransferKind.Write;
        if (_generation == _credentials.Generation && _isWrite == isWrite)
            return;
        _isWrite = isWrite;
        Renew();
    }

    /// <summary>Frees the headers. The handle must have ended.</summary>
    public void Dispose()
    {
        _writeHeaders.Dispose();
        _headers?.Dispose();
    }

    private void Renew()
    {
        HeaderList? old = _headers;
        _generation = _credentials.Take(out var headers, out byte[]? cookie);
        _headers = new HeaderList(headers);
        _writeHeaders.ContinueWith(_headers);
        _handle.SetPointer(CurlOption.HttpHeader, _isWrite ? _writeHeaders.Address : _headers.Address);
        if (cookie == null)
            _handle.SetPointer(CurlOption.Cookie, 0);
        else
            _handle.SetText(CurlOption.Cookie, cookie);
        old?.Dispose();
    }

    [HotPath]
    private static int Append(Span<byte> text, int used, ulong number, byte end)
    {
        Utf8Formatter.TryFormat(number, text[used..], out int written);
        text[used + written] = end;
        return used + written + 1;
    }
}
