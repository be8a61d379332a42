// What the info disk tells. Not: how it is asked for (InfoModeName), how it is written (InfoConnection).

namespace NbdFast.Plugins.Info;

/// <summary>What the disk holds; the names are those of the command line.</summary>
internal enum InfoMode
{
    /// <summary>The name of the export that the client asked for.</summary>
    ExportName = 0,

    /// <summary>The bytes that this name stands for in base64.</summary>
    Base64ExportName = 1,

    /// <summary>The client's address.</summary>
    Address = 2,

    /// <summary>The time of day.</summary>
    Time = 3,

    /// <summary>The time since the server was started.</summary>
    Uptime = 4,

    /// <summary>The time since the client connected.</summary>
    ConnTime = 5,

    /// <summary>The version of nbdkit.</summary>
    Version = 6,
}
