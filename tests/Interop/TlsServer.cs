// What the TLS tests have in common: credentials by name, and the server's log. Not: the tests.

using System;
using System.Threading;
using NbdFast.Testing;

namespace NbdFast.Interop;

/// <summary>Servers and clients with <c>$tls</c> standing for the folder of <see cref="TlsFiles"/>.</summary>
internal static class TlsServer
{
    /// <summary>Certificates, and nobody without TLS.</summary>
    public const string Certificates = "--tls=require --tls-certificates=$tls/server ";

    /// <summary>Pre-shared keys, and nobody without TLS.</summary>
    public const string Keys = "--tls=require --tls-psk=$tls/keys.psk ";

    /// <summary>The URI of alice for <see cref="Keys"/>.</summary>
    public const string KeyUri = "nbds+unix://alice@/?socket=$unixsocket&tls-psk-file=$tls/keys.psk";

    /// <summary>The URI of a good client for <see cref="Certificates"/>.</summary>
    public static string CertificateUri => UriOf("client");

    /// <summary>The URI of a client with certificates.</summary>
    public static string UriOf(string client) => $"nbds+unix:///?socket=$unixsocket&tls-certificates=$tls/{client}";

    /// <summary>Puts the folder in the place of its name.</summary>
    public static string With(string commandLine) =>
        commandLine.Replace("$tls/", TlsFiles.Folder + "/", StringComparison.Ordinal);

    /// <summary>Starts a server on a Unix socket.</summary>
    public static ServerProcess Start(string options, string plugin = "memory 24M") =>
        ServerProcess.Start(With(options + plugin));

    /// <summary>Starts a server on a TCP port, where clients check its name.</summary>
    public static ServerProcess StartTcp(string options) => ServerProcess.StartTcp(With(options + "memory 24M"));

    /// <summary>Runs a client, which must succeed.</summary>
    public static string RunTls(this ServerProcess server, string commandLine) => server.Run(With(commandLine));

    /// <summary>Runs a client.</summary>
    public static CommandResult TryTls(this ServerProcess server, string commandLine) => server.Try(With(commandLine));

    /// <summary>Asserts that the server's log has a text, or will have it soon.</summary>
    public static void AssertSays(this ServerProcess server, string text) => Assert.True(
        SpinWait.SpinUntil(() => server.Errors.Contains(text, StringComparison.Ordinal), TimeSpan.FromSeconds(30)),
        $"'{text}' is not in the log of the server:\n{server.Errors}");
}
