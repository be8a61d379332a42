// What the options say about TLS, and what follows where they say nothing. Not: TLS (Transport/TlsContext).

using System;
using System.Collections.Generic;
using System.IO;
using NbdFast.Native;
using NbdFast.Transport;
using NbdFast.Values;

namespace NbdFast.Cli;

/// <summary>From options to the TLS of a server ("Default TLS behaviour" in nbdkit-tls(1)).</summary>
internal static class TlsSetup
{
    private const string KeyLogVariable = "SSLKEYLOGFILE";

    private const string Advice =
        "Try setting '--tls-certificates=/path/to/certificates' or read\nthe page docs/tls.md, or nbdkit-tls(1).";

    /// <summary>Where a server that root starts looks for certificates.</summary>
    public static string RootFolder => Path.Combine(Installation.SettingsFolder, "pki", "nbdkit");

    /// <summary>Loads the credentials.</summary>
    /// <returns>Null where TLS is off, because of <c>--tls=off</c> or because there are no credentials.</returns>
    /// <exception cref="UsageException">TLS is required, and there are no credentials.</exception>
    /// <exception cref="ConfigException">Those that there are cannot be used.</exception>
    public static TlsContext? Make(Options options)
    {
        if (options.Tls == TlsChoice.Off)
            return null;
        // The log of keys is for one's own connections: not for those that the server has as somebody else.
        if (options.User != null || options.Group != null)
            Libc.UnsetEnvironment(KeyLogVariable);
        bool isRequired = options.Tls == TlsChoice.Require;
        if (options.TlsPsk != null)
            return TlsContext.OfPreSharedKeys(FilePath.Parse(options.TlsPsk), options.TlsPriority, isRequired);

        TlsCertificates? certificates = TlsCertificates.Find(
            options.TlsCertificates is { } folder ? [FilePath.Parse(folder)] : BuiltInFolders());
        if (certificates != null)
            return TlsContext.OfCertificates(
                certificates, options.TlsPriority, isRequired, options.TlsVerifyPeer);
        if (isRequired)
            throw new UsageException("--tls=require but could not load TLS certificates.\n" + Advice);
        // nbdkit is silent about a folder without certificates; but whoever names one wants them.
        string? wanted = options.Tls == TlsChoice.On ? "--tls=on"
            : options.TlsCertificates != null ? "--tls-certificates" : null;
        if (wanted != null)
            Output.Complain(
                $"warning: {wanted} but could not load TLS certificates.\n"
                + "TLS will be disabled and TLS connections will be rejected.\n" + Advice);
        return null;
    }

    /// <summary>What came of the options.</summary>
    public static TlsChoice ChoiceOf(TlsContext? tls) => tls switch
    {
        null => TlsChoice.Off,
        { IsRequired: true } => TlsChoice.Require,
        _ => TlsChoice.On,
    };

    private static IEnumerable<string> BuiltInFolders()
    {
        if (Libc.EffectiveUserId == 0)
            return [RootFolder];
        return Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home
            ? [Path.Combine(home, ".pki", "nbdkit"), Path.Combine(home, ".config", "pki", "nbdkit")]
            : [];
    }
}
