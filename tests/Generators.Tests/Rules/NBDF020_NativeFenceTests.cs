// NBDF020: native code stays in folders named Native. Not: what native code does.

using System.Threading.Tasks;
using NbdFast.Generators.Rules;

namespace NbdFast.Generators.Tests.Rules;

public sealed class NBDF020_NativeFenceTests
{
    private const string Import =
        """
        using System.Runtime.InteropServices;
        public static class X { [DllImport("libc")] private static extern int sync(); }
        """;

    [Theory]
    [InlineData("public static class X { public static unsafe void Y() { } }")]
    [InlineData("public static class X { public static void Y() { unsafe { } } }")]
    [InlineData("public unsafe struct X { }")]
    [InlineData("public static class X { public static void Y() { static unsafe void Z() { } Z(); } }")]
    public Task Unsafe_code_is_reported(string source) =>
        RuleCheck.Reports(
            new NativeFenceAnalyzer(), "NBDF020", "unsafe", "'unsafe' is allowed in folders named Native", source);

    [Fact]
    public Task An_extern_method_is_reported() =>
        RuleCheck.Reports(new NativeFenceAnalyzer(), "NBDF020", "extern", "'extern' is allowed", Import);

    [Fact]
    public Task A_generated_import_is_reported() =>
        RuleCheck.Reports(
            new NativeFenceAnalyzer(), "NBDF020", "LibraryImport(\"libc\")", "'LibraryImport'",
            """
            using System.Runtime.InteropServices;
            public static partial class X
            {
                [LibraryImport("libc")] private static partial int A();
                private static partial int A() => 0;
            }
            """);

    [Theory]
    [InlineData("src/Core/Native/Libc.Fd.cs")]
    [InlineData("src/Plugins/Curl/Native/LibCurl.cs")]
    [InlineData("C:\\src\\Native\\Deeper\\X.cs")]
    public Task Behind_the_fence_it_is_accepted(string path) =>
        RuleCheck.Accepts(new NativeFenceAnalyzer(), Import, path);

    [Theory]
    [InlineData("src/Core/Native.cs")]
    [InlineData("src/Core/NativeThings/X.cs")]
    [InlineData("src/Core/native/X.cs")]
    public Task A_folder_of_another_name_is_no_fence(string path) =>
        RuleCheck.Reports(new NativeFenceAnalyzer(), "NBDF020", "extern", "'extern'", Import, path);

    [Fact]
    public Task Words_in_comments_and_strings_are_accepted() =>
        RuleCheck.Accepts(
            new NativeFenceAnalyzer(), "public static class X { public const string Y = \"unsafe\"; } // extern");
}
