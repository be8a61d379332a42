// The text that --run gives to the shell: variables about the server, then the command. Not: running it
// (Server/Captive).

using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace NbdFast.Cli;

/// <summary>Writes the shell script of a captive server ("CAPTIVE NBDKIT" in nbdkit-captive(1)). The variables belong
/// to the script; they are not exported unless it exports them.</summary>
internal static class RunScript
{
    /// <summary>Writes the script.</summary>
    /// <param name="endpoint">Where the server listens.</param>
    /// <param name="ignored">Signals that the command is to ignore, as the caller of this program wanted.</param>
    /// <param name="options">The command line with <c>-e</c>, <c>--run</c> and the files for TLS.</param>
    /// <param name="tls">What came of <c>--tls</c> or of its default.</param>
    public static string Write(
        Endpoint endpoint, IReadOnlyList<int> ignored, Options options, TlsChoice tls = TlsChoice.Off)
    {
        var script = new StringBuilder();
        if (ignored.Count > 0)
        {
            script.Append("trap ''");
            foreach (int signal in ignored)
                script.Append(' ').Append(signal.ToString(CultureInfo.InvariantCulture));
            script.Append('\n');
        }

        string uri = ShellWord.Quote(endpoint.Uri);
        script.Append("uri=").Append(uri).Append('\n');
        script.Append("nbd=").Append(uri).Append('\n');
        script.Append("exportname=").Append(ShellWord.Quote(options.ExportName)).Append('\n');
        string port = endpoint.Port is { } number ? number.ToString(CultureInfo.InvariantCulture) : "";
        script.Append("port=").Append(ShellWord.Quote(port)).Append('\n');
        script.Append("unixsocket=").Append(ShellWord.Quote(endpoint.SocketPath ?? "")).Append('\n');
        // Set only if the options are; the caller's environment must not pretend that.
        script.Append("unset tls tls_certificates tls_psk\n");
        if (tls is TlsChoice.On or TlsChoice.Require)
            script.Append("tls=").Append(tls == TlsChoice.On ? "1\n" : "2\n");
        if (options.TlsCertificates != null)
            script.Append("tls_certificates=").Append(ShellWord.Quote(options.TlsCertificates)).Append('\n');
        if (options.TlsPsk != null)
            script.Append("tls_psk=").Append(ShellWord.Quote(options.TlsPsk)).Append('\n');
        return script.Append(options.Run).ToString();
    }
}
