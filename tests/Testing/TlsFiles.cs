// Certificates and keys for tests, good ones and bad ones. Not: what becomes of who shows them.

using System;
using System.IO;

namespace NbdFast.Testing;

/// <summary>
/// Made once for the run of a test project, by certtool and psktool, in a folder that is removed at its end. Each of
/// the names below is a folder or file in <see cref="Folder"/>.
/// </summary>
/// <remarks>
/// Folders for a server: <c>server</c>; <c>revoking</c>, which has a list with one revoked client; <c>stale</c>, whose
/// certificate has expired; <c>damaged</c>; <c>two</c>, with a second certificate, for the name second.example. Folders
/// for a client: <c>client</c>; <c>bare</c>, without a certificate; <c>stranger</c>, which trusts another authority and
/// shows a certificate of that; <c>expired</c>; <c>revoked</c>. Files of keys: <c>keys.psk</c> has alice and bob,
/// <c>wrong.psk</c> another key for alice, and one for mallory.
/// </remarks>
public static class TlsFiles
{
    private const string Script = """
        set -e
        key() { certtool --generate-privkey --ecc --outfile "$1"; }
        authority() {
            mkdir "$1" && key "$1/ca-key.pem"
            printf '%s\n' "cn = $1" ca cert_signing_key crl_signing_key expiration_days=3650 >template
            certtool --generate-self-signed --load-privkey "$1/ca-key.pem" --template template \
                --outfile "$1/ca-cert.pem"
        }
        # issue AUTHORITY FOLDER/KIND [LINE OF THE TEMPLATE]...
        issue() {
            local authority=$1 name=$2
            shift 2
            mkdir -p "${name%/*}" && cp "$authority/ca-cert.pem" "${name%/*}/" && key "$name-key.pem"
            printf '%s\n' "organization = BigCo" encryption_key signing_key "$@" >template
            certtool --generate-certificate --load-ca-certificate "$authority/ca-cert.pem" \
                --load-ca-privkey "$authority/ca-key.pem" --load-privkey "$name-key.pem" --template template \
                --outfile "$name-cert.pem"
        }
        good=expiration_days=3650
        server=(tls_www_server "cn = localhost" "dns_name = localhost" "ip_address = 127.0.0.1" "ip_address = ::1")
        client=(tls_www_client "cn = client.example.com" "country = US")
        over=('activation_date = "2020-01-01 00:00:00 UTC"' 'expiration_date = "2021-01-01 00:00:00 UTC"')
        authority ours
        authority theirs
        issue ours server/server "${server[@]}" "$good"
        issue ours client/client "${client[@]}" "$good"
        issue ours revoked/client "${client[@]}" "$good"
        issue ours expired/client "${client[@]}" "${over[@]}"
        issue ours stale/server "${server[@]}" "${over[@]}"
        issue theirs stranger/client "${client[@]}" "$good"
        mkdir bare && cp ours/ca-cert.pem bare/
        cp -r server revoking
        printf '%s\n' expiration_days=3650 "crl_number = 1" >template
        certtool --generate-crl --load-ca-privkey ours/ca-key.pem --load-ca-certificate ours/ca-cert.pem \
            --load-certificate revoked/client-cert.pem --template template --outfile revoking/ca-crl.pem
        cp -r server damaged && echo damaged >damaged/server-cert.pem
        cp -r server two
        issue ours second/server tls_www_server "cn = second.example" "dns_name = second.example" "$good"
        cp second/server-cert.pem two/server-cert-1.pem && cp second/server-key.pem two/server-key-1.pem
        psktool -u alice -p keys.psk
        psktool -u bob -p keys.psk
        psktool -u alice -p wrong.psk
        psktool -u mallory -p wrong.psk
        """;

    private static readonly Lazy<string> Made = new(Make);

    /// <summary>The folder of them all.</summary>
    public static string Folder => Made.Value;

    /// <summary>The path of one of them.</summary>
    public static string Of(string name) => Path.Combine(Folder, name);

    private static string Make()
    {
        Requires.Tools("certtool", "psktool");
        string folder = Directory.CreateTempSubdirectory("nbdf-tls").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        ShellCommand.Run(Script, folder: folder).Succeeded();
        return folder;
    }
}
