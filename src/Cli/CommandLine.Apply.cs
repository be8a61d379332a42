// What each option does to Options. Not: the order of options, operands, clashes (CommandLine).

using System;
using System.Text;
using NbdFast.Drivers;
using NbdFast.Transport;
using NbdFast.Values;

namespace NbdFast.Cli;

internal static partial class CommandLine
{
    private static void Apply(Options options, OptionId option, string value)
    {
        if (!ApplySwitch(options, option))
            ApplyValue(options, option, value);
    }

    private static bool ApplySwitch(Options options, OptionId option)
    {
        switch (option)
        {
            case OptionId.IPv4Only: options.Family = AddressFamilyChoice.IPv4; break;
            case OptionId.IPv6Only: options.Family = AddressFamilyChoice.IPv6; break;
            case OptionId.Foreground: options.Foreground = true; break;
            case OptionId.Keepalive: options.Keepalive = true; break;
            case OptionId.Newstyle: options.Oldstyle = false; break;
            case OptionId.Oldstyle: options.Oldstyle = true; break;
            case OptionId.NoMetaContexts: options.NoMetaContexts = true; break;
            case OptionId.NoStructuredReplies: options.NoStructuredReplies = true; break;
            case OptionId.PrintUri: options.PrintUri = true; break;
            case OptionId.ReadOnly: options.ReadOnly = true; break;
            case OptionId.ExitWithParent: options.ExitWithParent = options.Foreground = true; break;
            case OptionId.Single: options.Single = options.Foreground = true; break;
            case OptionId.Swap: options.Swap = true; break;
            case OptionId.SwapCheck: options.Swap = options.SwapCheck = options.Foreground = true; break;
            case OptionId.TlsVerifyPeer: options.TlsVerifyPeer = true; break;
            case OptionId.Verbose: options.Verbose = true; break;
            case OptionId.Vsock: options.Vsock = true; break;
            case OptionId.DumpConfig: Ask(options, Errand.DumpConfig); break;
            case OptionId.DumpPlugin: Ask(options, Errand.DumpPlugin); break;
            case OptionId.Help: Ask(options, Errand.Help); break;
            case OptionId.LongOptions: Ask(options, Errand.LongOptions); break;
            case OptionId.ShortOptions: Ask(options, Errand.ShortOptions); break;
            case OptionId.Version: Ask(options, Errand.Version); break;
            default: return false;
        }

        return true;
    }

    private static void ApplyValue(Options options, OptionId option, string value)
    {
        switch (option)
        {
            case OptionId.Debug: options.DebugFlags.Add(DebugFlag.Parse(value)); break;
            case OptionId.ExportName: options.ExportName = value; break;
            case OptionId.Filter: options.Filters.Add(value); break;
            case OptionId.Group: options.Group = value; break;
            case OptionId.IpAddress: options.IpAddress = value; break;
            case OptionId.Io: options.Io = ParseIo(value); break;
            case OptionId.Log: ApplyLog(options, value); break;
            case OptionId.MaskHandshake:
                options.HandshakeMask = Named("mask-handshake", value, Parsers.ParseUInt32);
                break;
            case OptionId.Name: options.Name = value; break;
            case OptionId.PidFile: options.PidFile = AbsolutePath(value); break;
            case OptionId.Port: options.Port = value; break;
            case OptionId.Run: options.Run = value; break;
            case OptionId.SelinuxLabel: options.SelinuxLabel = value; break;
            case OptionId.Threads: options.Threads = ParseThreads(value); break;
            case OptionId.Timeout: options.HandshakeTimeout = ParseTimeout(value); break;
            case OptionId.Tls: options.Tls = ParseTls(value); break;
            case OptionId.TlsCertificates: options.TlsCertificates = value; break;
            case OptionId.TlsPriority: options.TlsPriority = value; break;
            case OptionId.TlsPsk: options.TlsPsk = value; break;
            case OptionId.Unix: options.UnixSocket = ParseSocket(value); break;
            case OptionId.User: options.User = value; break;
            default: throw new InvalidOperationException($"an option without a meaning: {option}");
        }
    }

    private static void Ask(Options options, Errand errand)
    {
        if (errand < options.Errand)
            options.Errand = errand;
    }

    private static IoChoice ParseIo(string value) => value switch
    {
        "auto" => IoChoice.Auto,
        "threads" => IoChoice.Threads,
        "epoll" => IoChoice.Epoll,
        "uring" => IoChoice.Uring,
        _ => throw new ConfigException($"--io: \"{value}\" is none of auto, threads, epoll, uring"),
    };

    private static void ApplyLog(Options options, string value)
    {
        options.LogFile = "";
        options.Log = value switch
        {
            "default" => LogChoice.Default,
            "stderr" => LogChoice.Stderr,
            "syslog" => LogChoice.Syslog,
            "null" => LogChoice.Null,
            ['/', ..] => LogChoice.File,
            _ => throw new UsageException(
                "--log must be \"stderr\", \"syslog\", \"null\", \"default\" or an absolute path"),
        };
        if (options.Log == LogChoice.File)
            options.LogFile = value;
    }

    // More than the most make no difference to anybody: nbdkit takes any number.
    private static int? ParseThreads(string value)
    {
        uint threads = Named("threads", value, Parsers.ParseUInt32);
        return threads == 0 ? null : (int)Math.Min(threads, MaximumThreads);
    }

    private static TimeSpan? ParseTimeout(string value)
    {
        TimeSpan timeout = Named("timeout", value, Delay.Parse).ToTimeSpan();
        return timeout == TimeSpan.Zero ? null : timeout;
    }

    private static TlsChoice ParseTls(string value)
    {
        if (value == "require")
            return TlsChoice.Require;
        return Parsers.ParseBool(value) ? TlsChoice.On : TlsChoice.Off;
    }

    private static string ParseSocket(string value)
    {
        if (value == "-")
            return value;
        string path = AbsolutePath(value);
        int length = Encoding.UTF8.GetByteCount(path);
        if (length > MaximumSocketPathBytes)
            throw new UsageException(
                $"-U: path too long: length {length} > max {MaximumSocketPathBytes} bytes");
        return path;
    }

    // The server may change its directory before it uses the path. The path is not looked at otherwise.
    private static string AbsolutePath(string path)
    {
        if (path.Length == 0)
            throw new ConfigException("cannot convert null or empty path to an absolute path");
        return FilePath.Parse(path);
    }

    private static T Named<T>(string option, string value, Func<string, T> parse)
    {
        try
        {
            return parse(value);
        }
        catch (ConfigException e)
        {
            throw new ConfigException($"{option}: {e.Message}", e);
        }
    }
}
