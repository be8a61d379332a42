// What a client asked to open, on its way from the outermost layer to the plugin. Not: the answer (ExportInfo).

namespace NbdFast;

/// <summary>A request to open an export. A filter may change it in <see cref="Filter.Opening"/> for the layers
/// below.</summary>
public sealed class OpenRequest
{
    /// <summary>Makes a request.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="exportName">The export's name; "" is the default export.</param>
    /// <param name="readOnly">The server or a layer above wants to read only.</param>
    public OpenRequest(ClientInfo client, string exportName, bool readOnly)
    {
        Client = client;
        ExportName = exportName;
        ReadOnly = readOnly;
    }

    /// <summary>Who asks.</summary>
    public ClientInfo Client { get; }

    /// <summary>The export's name, at most 4096 bytes of UTF-8; "" is the default export.</summary>
    public string ExportName { get; set; }

    /// <summary>The layers below are to be opened for reading only.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>A filter sets this to false if it serves the client without the layers below; they are then not
    /// opened.</summary>
    public bool OpenNext { get; set; } = true;

    /// <summary>Why a plugin refused to open, when it returned null.</summary>
    public Errno Error { get; set; } = Errno.EINVAL;

    /// <summary>A copy for the next layer, so that what a filter changes is not seen above it.</summary>
    internal OpenRequest ForNextLayer() => new(Client, ExportName, ReadOnly);
}
