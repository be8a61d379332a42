// What a transfer is for. Not: how it goes (Transfer).

namespace NbdFast.Plugins.Curl;

/// <summary>The requests that are sent.</summary>
internal enum TransferKind
{
    /// <summary>Nothing was asked yet.</summary>
    None,

    /// <summary>The head alone: how large is the file?</summary>
    Size,

    /// <summary>A range into memory.</summary>
    Read,

    /// <summary>A range from memory.</summary>
    Write,
}
