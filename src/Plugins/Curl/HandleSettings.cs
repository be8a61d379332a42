// What the command line says of every request, prepared for libcurl. Not: what changes from request to request
// (RequestOptions).

using System;
using System.Collections.Generic;
using NbdFast.Plugins.Curl.Native;

namespace NbdFast.Plugins.Curl;

/// <summary>Options for easy handles, made once and set on each.</summary>
internal sealed class HandleSettings : IDisposable
{
    private const int ReceiveBytes = 64 << 10;

    private readonly List<Setting> _settings = [];
    private readonly List<HeaderList> _lists = [];

    /// <summary>With what is so for all command lines.</summary>
    public HandleSettings()
    {
        Add("", CurlOption.NoSignal, 1);
        Add("", CurlOption.FailOnError, 1);
        Add("", CurlOption.BufferSize, ReceiveBytes);
    }

    /// <summary>Adds a number.</summary>
    /// <param name="parameter">Whom to blame if libcurl refuses it.</param>
    /// <param name="option">The option.</param>
    /// <param name="number">Its value.</param>
    public void Add(string parameter, CurlOption option, long number) =>
        _settings.Add(new Setting(parameter, option, null, (nint)number));

    /// <summary>Adds a text, unless it is null.</summary>
    public void Add(string parameter, CurlOption option, string? text)
    {
        if (text != null)
            _settings.Add(new Setting(parameter, option, LibCurl.Terminated(text), 0));
    }

    /// <summary>Adds bytes that need not be text, unless there is nothing.</summary>
    public void Add(string parameter, CurlOption option, Values.Password? secret)
    {
        if (secret != null)
            _settings.Add(new Setting(parameter, option, LibCurl.Terminated(secret.Bytes), 0));
    }

    /// <summary>Adds a list, unless it is empty.</summary>
    public void Add(string parameter, CurlOption option, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return;
        HeaderList list = new(texts);
        _lists.Add(list);
        Add(parameter, option, list.Address);
    }

    /// <summary>Sets all of them.</summary>
    /// <returns>What libcurl says against one of them, or null.</returns>
    public string? ApplyTo(EasyHandle handle)
    {
        foreach (Setting setting in _settings)
        {
            int result = setting.Text == null
                ? handle.SetPointer(setting.Option, setting.Number)
                : handle.SetText(setting.Option, setting.Text);
            if (result != LibCurl.Ok)
                return $"{setting.Parameter}: curl_easy_setopt: {LibCurl.EasyText(result)}";
        }

        return null;
    }

    /// <summary>Frees the lists. The handles must have ended.</summary>
    public void Dispose()
    {
        foreach (HeaderList list in _lists)
            list.Dispose();
        _lists.Clear();
    }

    private sealed record Setting(string Parameter, CurlOption Option, byte[]? Text, nint Number);
}
