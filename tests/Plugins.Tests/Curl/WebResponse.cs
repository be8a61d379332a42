// What the scripted web server answers. Not: to what (WebRequest).

using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;

namespace NbdFast.Plugins.Tests;

/// <summary>A response, which need not be a correct one.</summary>
internal sealed record WebResponse(int Status, byte[] Body)
{
    /// <summary>Headers besides the length.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The length that is told; -1 for none. By default that of the body.</summary>
    public long? ContentLength { get; init; }

    /// <summary>Close the connection behind the body.</summary>
    public bool Closes { get; init; }

    /// <summary>Wait for this before anything is sent.</summary>
    public WaitHandle? Gate { get; init; }

    /// <summary>The answer of a good server to HEAD, GET with or without a range.</summary>
    public static WebResponse Of(WebRequest request, byte[] content)
    {
        if (request.Range is not { } range)
            return new WebResponse(200, content) { Headers = [("Accept-Ranges", "bytes")] };
        if (range.First >= content.Length)
            return new WebResponse(416, []) { Headers = [("Content-Range", $"bytes */{content.Length}")] };
        long last = System.Math.Min(range.Last, content.Length - 1);
        return new WebResponse(206, content[(int)range.First..(int)(last + 1)])
        {
            Headers = [("Content-Range", $"bytes {range.First}-{last}/{content.Length}")],
        };
    }

    /// <summary>Without data.</summary>
    public static WebResponse Empty(int status, params (string Name, string Value)[] headers) =>
        new(status, []) { Headers = headers };

    /// <summary>With a header more, or with one replaced.</summary>
    public WebResponse With(string name, string value) => this with
    {
        Headers = [.. Headers.Where(header => header.Name != name), (name, value)],
    };

    /// <summary>Sends it.</summary>
    /// <returns>False if the connection is to be closed.</returns>
    public bool SendTo(Stream stream, bool isHead)
    {
        Gate?.WaitOne();
        StringBuilder head = new($"HTTP/1.1 {Status} As the test says\r\n");
        foreach ((string name, string value) in Headers)
            head.Append($"{name}: {value}\r\n");
        long length = ContentLength ?? Body.Length;
        if (length >= 0)
            head.Append($"Content-Length: {length}\r\n");
        stream.Write(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()));
        if (!isHead)
            stream.Write(Body);
        stream.Flush();
        return !Closes;
    }
}
