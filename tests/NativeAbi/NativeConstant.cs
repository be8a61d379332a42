// One row: something that C knows at compile time, and what we believe it to be. Not: the comparison (NativeAbiTests).

using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NbdFast.NativeAbi;

/// <summary>A constant of the system's headers.</summary>
/// <param name="Expression">An integer constant expression of C, as <c>O_DIRECT</c>.</param>
/// <param name="Header">The header that defines it, as <c>fcntl.h</c>.</param>
/// <param name="Value">What our code has for it.</param>
public sealed record NativeConstant(string Expression, string Header, long Value)
{
    /// <summary>The size of a C type against that of <typeparamref name="T"/>.</summary>
    public static NativeConstant Size<T>(string type, string header)
        where T : unmanaged =>
        new($"sizeof({type})", header, Unsafe.SizeOf<T>());

    /// <summary>The place of a member of a C struct against that of a field of <typeparamref name="T"/>.</summary>
    public static NativeConstant Offset<T>(string type, string member, string header, string field)
        where T : unmanaged =>
        new($"offsetof({type}, {member})", header, Marshal.OffsetOf<T>(field).ToInt64());

    /// <summary>The size of a member of a C struct.</summary>
    public static NativeConstant MemberSize(string type, string member, string header, int bytes) =>
        new($"sizeof((({type} *)0)->{member})", header, bytes);

    /// <inheritdoc/>
    public override string ToString() => $"{Expression} in {Header} is {Value}";
}
