// What a request wants of one region. Not: how a request is cut up (RegionParts).

namespace NbdFast.Plugins.Shared.Regions;

/// <summary>A part of a request that lies in one region.</summary>
/// <param name="Source">What answers it.</param>
/// <param name="Offset">The position of its first byte in the source.</param>
/// <param name="Count">Bytes.</param>
/// <param name="Done">Bytes of the request that lie before it.</param>
internal readonly record struct RegionPart(Link Source, ulong Offset, ulong Count, ulong Done);
