// A list of texts in the form that libcurl reads. Not: what they say.

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace NbdFast.Plugins.Curl.Native;

/// <summary>A <c>struct curl_slist *</c> of our own making, which libcurl only reads. It can end with another list, so
/// that one list is used in several.</summary>
internal sealed unsafe class HeaderList : IDisposable
{
    private readonly Node* _nodes;
    private readonly int _count;

    /// <summary>Makes a list.</summary>
    /// <param name="texts">Each ends at its first NUL byte, if it has one.</param>
    public HeaderList(IReadOnlyList<string> texts)
    {
        _count = texts.Count;
        if (_count == 0)
            return;
        _nodes = (Node*)NativeMemory.AllocZeroed((nuint)_count, (nuint)sizeof(Node));
        for (int i = 0; i < _count; i++)
        {
            _nodes[i].Text = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
            _nodes[i].Next = i + 1 < _count ? &_nodes[i + 1] : null;
        }
    }

    /// <summary>The list for libcurl: valid until this object is disposed of; 0 if there is no text.</summary>
    public nint Address => (nint)_nodes;

    /// <summary>Lets another list, or none, follow on the last text.</summary>
    public void ContinueWith(HeaderList? list)
    {
        if (_count > 0)
            _nodes[_count - 1].Next = list == null ? null : list._nodes;
    }

    /// <summary>Writes over a text, which must be no longer than the one before.</summary>
    public void Overwrite(int index, ReadOnlySpan<byte> text)
    {
        Span<byte> room = new(_nodes[index].Text, text.Length + 1);
        text.CopyTo(room);
        room[^1] = 0;
    }

    /// <summary>Frees the texts.</summary>
    public void Dispose()
    {
        for (int i = 0; i < _count; i++)
            Marshal.FreeCoTaskMem((nint)_nodes[i].Text);
        NativeMemory.Free(_nodes);
    }

    /// <summary><c>struct curl_slist</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Node
    {
        public byte* Text;
        public Node* Next;
    }
}
