// The ways to give a password. Not: asking at the terminal, which a test run does not have.

using System;
using System.IO;
using System.IO.Pipes;
using System.Text;
using Microsoft.Win32.SafeHandles;
using NbdFast.Testing;
using NbdFast.Values;

namespace NbdFast.Core.Tests.Api.Values;

public sealed class PasswordTests
{
    [Theory]
    [InlineData("secret")]
    [InlineData("")]
    [InlineData("with + and - inside")]
    [InlineData("gr\u00fc\u00dfe")]
    public void A_password_may_stand_on_the_command_line(string text)
    {
        Password password = Password.Parse(text);
        Assert.Equal(text, password.Reveal());
        Assert.Equal(Encoding.UTF8.GetBytes(text), password.Bytes.ToArray());
    }

    [Fact]
    public void A_password_does_not_show_itself()
    {
        Assert.DoesNotContain("secret", $"{Password.Parse("secret")}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pw", "pw")]
    [InlineData("pw\n", "pw")]
    [InlineData("pw\n\n", "pw")]
    [InlineData("pw\nsecond\n", "pw")]
    [InlineData("pw\r\n", "pw\r")]
    [InlineData("\npw", "")]
    [InlineData("", "")]
    public void Of_a_file_the_first_line_is_the_password(string content, string password)
    {
        using TempFolder folder = new();
        string file = Path.Combine(folder.Path, "password");
        File.WriteAllText(file, content);
        Assert.Equal(password, Password.Parse("+" + file).Reveal());
    }

    [Fact]
    public void A_long_password_of_any_bytes_is_read_whole()
    {
        using TempFolder folder = new();
        string file = Path.Combine(folder.Path, "password");
        byte[] bytes = new byte[3000];
        new Seed(1).Random.NextBytes(bytes);
        bytes.AsSpan().Replace((byte)'\n', (byte)0xff);
        File.WriteAllBytes(file, bytes);
        Assert.Equal(bytes, Password.Parse("+" + file).Bytes.ToArray());
    }

    [Fact]
    public void A_password_is_read_from_a_descriptor_which_is_closed_then()
    {
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        pipe.Write("from a pipe\n"u8);
        SafePipeHandle reader = pipe.ClientSafePipeHandle;
        int descriptor = (int)reader.DangerousGetHandle();
        reader.SetHandleAsInvalid();   // The descriptor is the password's from here on.

        Assert.Equal("from a pipe", Password.Parse($"-{descriptor}").Reveal());
        Assert.Throws<IOException>(() => pipe.Write("nobody reads any more"u8));
    }

    [Theory]
    [InlineData("-0", "cannot use password -FD for stdin/stdout/stderr")]
    [InlineData("-2", "cannot use password -FD for stdin/stdout/stderr")]
    [InlineData("--7", "cannot use password -FD for stdin/stdout/stderr")]
    [InlineData("-5x", "password file descriptor: could not parse number: \"5x\": trailing garbage")]
    [InlineData("-x", "password file descriptor: could not parse number: \"x\"")]
    [InlineData("-987654", "could not read password from file descriptor 987654: Bad file descriptor")]
    [InlineData("+/nonexistent", "open /nonexistent: No such file or directory")]
    [InlineData("+", "open : No such file or directory")]
    [InlineData("+/", "could not read password from /: Is a directory")]
    public void What_cannot_be_read_is_refused_with_the_reason(string text, string message)
    {
        Assert.Equal(message, Assert.Throws<ConfigException>(() => Password.Parse(text)).Message);
    }
}
