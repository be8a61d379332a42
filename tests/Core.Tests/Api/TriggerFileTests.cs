// Files that switch something. Not: the filters that look for them.

using System.IO;
using NbdFast.Testing;

namespace NbdFast.Core.Tests.Api;

public sealed class TriggerFileTests
{
    [Fact]
    public void It_exists_from_the_creation_of_the_file_to_its_removal()
    {
        using var folder = new TempFolder();
        var trigger = new TriggerFile(folder.File("größe"));
        Assert.False(trigger.Exists);
        File.WriteAllText(trigger.Path, "");
        Assert.True(trigger.Exists);
        File.Delete(trigger.Path);
        Assert.False(trigger.Exists);
    }

    [Fact]
    public void A_folder_counts_and_a_link_to_nothing_does_not()
    {
        using var folder = new TempFolder();
        Assert.True(new TriggerFile(folder.Path).Exists);
        File.CreateSymbolicLink(folder.File("link"), folder.File("nothing"));
        Assert.False(new TriggerFile(folder.File("link")).Exists);
    }
}
