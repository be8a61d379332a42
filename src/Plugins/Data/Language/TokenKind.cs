// The kinds of words that the language has. Not: what they say (Token).

namespace NbdFast.Plugins.Data.Language;

/// <summary>A kind of token ("DATA FORMAT" in nbdkit-data-plugin(1)).</summary>
internal enum TokenKind
{
    /// <summary>A byte, a word, a string, or base64: its bytes.</summary>
    Bytes,

    /// <summary><c>&lt;FILE</c>: the path.</summary>
    File,

    /// <summary><c>&lt;(SCRIPT)</c>: the script.</summary>
    Script,

    /// <summary><c>\NAME</c>: the name.</summary>
    Name,

    /// <summary><c>$VAR</c>: its name.</summary>
    Variable,

    /// <summary>An opening parenthesis.</summary>
    Open,

    /// <summary>A closing parenthesis.</summary>
    Close,

    /// <summary><c>* N</c>: the number.</summary>
    Times,

    /// <summary><c>[N:M]</c>: the numbers.</summary>
    Slice,

    /// <summary><c>-> \NAME</c>: the name.</summary>
    Assign,

    /// <summary><c>@OFFSET</c>: the offset.</summary>
    MoveTo,

    /// <summary><c>@+N</c>: the distance.</summary>
    MoveForward,

    /// <summary><c>@-N</c>: the distance.</summary>
    MoveBack,

    /// <summary><c>@^ALIGNMENT</c>: the alignment.</summary>
    Align,
}
