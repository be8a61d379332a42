// The pieces that are under way, by the number in messages. Not: sending them (RequestOutput).

namespace NbdFast.Plugins.Ssh.Sftp;

/// <summary>Pieces, used again and again. Numbers tell also how often a piece was used, so that an answer to something
/// of the past is known for what it is. One thread at a time may use it.</summary>
internal sealed class PieceTable
{
    /// <summary>The most pieces under way.</summary>
    public const int Most = 1 << PlaceBits;

    private const int PlaceBits = 9;

    private readonly Piece[] _all = new Piece[Most];
    private Piece? _free;
    private int _count;

    /// <summary>How many are under way.</summary>
    public int UnderWay { get; private set; }

    /// <summary>One more can be rented.</summary>
    public bool HasRoom => UnderWay < Most;

    /// <summary>Takes one. There must be room.</summary>
    [HotPath]
    public Piece Rent(FileRequest owner)
    {
        Piece piece = _free ?? Make();
        _free = piece.Next;
        piece.Next = null;
        piece.Owner = owner;
        piece.Id += Most;
        UnderWay++;
        return piece;
    }

    /// <summary>Gives one back.</summary>
    [HotPath]
    public void Return(Piece piece)
    {
        piece.Owner = null;
        piece.Next = _free;
        _free = piece;
        UnderWay--;
    }

    /// <summary>The piece that an answer is for.</summary>
    /// <returns>Null if there is none.</returns>
    [HotPath]
    public Piece? Find(uint id)
    {
        uint place = id % Most;
        Piece? piece = place < (uint)_count ? _all[place] : null;
        return piece is { Owner: not null } && piece.Id == id ? piece : null;
    }

    /// <summary>Any piece that is under way.</summary>
    /// <returns>Null if there is none.</returns>
    public Piece? Any()
    {
        for (int i = 0; i < _count; i++)
            if (_all[i].Owner != null)
                return _all[i];
        return null;
    }

    private Piece Make() => _all[_count] = new Piece((uint)_count) { Id = (uint)_count++ };
}
