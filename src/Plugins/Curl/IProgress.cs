// Who follows a transfer. Not: the transfer (Transfer).

namespace NbdFast.Plugins.Curl;

/// <summary>Told on the thread that drives the transfer, or, of its end alone, on one that could not begin it; must
/// neither wait nor throw.</summary>
internal interface IProgress
{
    /// <summary>Bytes have come.</summary>
    /// <param name="done">How many of the range, from its start.</param>
    void Advanced(int done);

    /// <summary>The transfer has ended, well or not, and is to be given back.</summary>
    void Ended(Transfer transfer);
}
