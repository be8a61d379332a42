// Who follows a transfer. Not: who waits for its end alone (Transfer.Ended).

namespace NbdFast.Plugins.Curl;

/// <summary>Told on the thread that drives the transfer; must neither wait nor throw.</summary>
internal interface IProgress
{
    /// <summary>Bytes have come.</summary>
    /// <param name="done">How many of the range, from its start.</param>
    void Advanced(int done);

    /// <summary>The transfer has ended, well or not. It is for others to use again as soon as it was given
    /// back.</summary>
    void Ended(Transfer transfer);
}
