// The answer to Lend: where the bytes of a range lie, so that they need not be copied. Not: who frees them (nobody
// while a reply is under way, see Link.Lend).

namespace NbdFast;

/// <summary>What is lent.</summary>
public enum LoanKind
{
    /// <summary>Nothing: call Read.</summary>
    None = 0,

    /// <summary>Bytes in memory at <see cref="Loan.Address"/>.</summary>
    Memory = 1,

    /// <summary>Nothing is stored there: the bytes are zeroes.</summary>
    Hole = 2,

    /// <summary>Bytes of an open file, from <see cref="Loan.FileOffset"/> on.</summary>
    File = 3,
}

/// <summary>Where the first <see cref="Length"/> bytes of an asked range lie.</summary>
public readonly record struct Loan
{
    private Loan(LoanKind kind, uint length, nint address, int descriptor, ulong fileOffset)
    {
        Kind = kind;
        Length = length;
        Address = address;
        Descriptor = descriptor;
        FileOffset = fileOffset;
    }

    /// <summary>What is lent.</summary>
    public LoanKind Kind { get; }

    /// <summary>How many bytes, from the start of the asked range; at least 1 unless nothing is lent.</summary>
    public uint Length { get; }

    /// <summary>For <see cref="LoanKind.Memory"/>: the address of the first byte.</summary>
    public nint Address { get; }

    /// <summary>For <see cref="LoanKind.File"/>: the descriptor.</summary>
    public int Descriptor { get; }

    /// <summary>For <see cref="LoanKind.File"/>: the position of the first byte, in bytes.</summary>
    public ulong FileOffset { get; }

    /// <summary>Lends nothing.</summary>
    public static Loan None => default;

    /// <summary>Lends <paramref name="length"/> bytes at <paramref name="address"/>.</summary>
    public static Loan OfMemory(nint address, uint length) => new(LoanKind.Memory, length, address, -1, 0);

    /// <summary>Says that <paramref name="length"/> bytes are zeroes that nothing stores.</summary>
    public static Loan OfHole(uint length) => new(LoanKind.Hole, length, 0, -1, 0);

    /// <summary>Lends <paramref name="length"/> bytes of a file.</summary>
    public static Loan OfFile(int descriptor, ulong fileOffset, uint length) =>
        new(LoanKind.File, length, 0, descriptor, fileOffset);
}
