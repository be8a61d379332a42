// The readonly filter: forbids writing, always or while a file exists. Not: protection of parts of a disk (protect).

using System;
using NbdFast.Values;

namespace NbdFast.Filters;

/// <summary>Makes what lies below read-only, for good or while <c>readonly-file</c> exists
/// (nbdkit-readonly-filter(1)).</summary>
[NbdFilter("readonly", "nbdkit readonly filter")]
public sealed partial class ReadonlyFilter : Filter
{
    /// <summary>Writing is refused while this file exists. Default: writing is always refused.</summary>
    [NbdParameter("readonly-file", ValueName = "FILENAME", Help =
        "Read-only only while FILENAME exists (default: always).")]
    public FilePath? File { get; private set; }

    private TriggerFile? Trigger { get; set; }

    /// <inheritdoc/>
    public override void ConfigComplete()
    {
        if (File is { } file)
            Trigger = new TriggerFile(file);
    }

    /// <inheritdoc/>
    public override Errno Opening(OpenRequest request)
    {
        if (Trigger == null)
            request.ReadOnly = true;
        return Errno.Ok;
    }

    /// <summary>Refuses writes, trims and zero requests with EPERM.</summary>
    [HotPath]
    public sealed class Connection<TNext>(ReadonlyFilter filter) : FilterConnection<TNext>
        where TNext : struct, INext
    {
        private readonly TriggerFile? _trigger = filter.Trigger;

        /// <inheritdoc/>
        public override Errno Describe(ref ExportInfo info)
        {
            // With a file the client must be told of a writable disk, for the file may come and go.
            if (_trigger == null)
                info.CanWrite = false;
            return Errno.Ok;
        }

        /// <inheritdoc/>
        public override Errno Write(ReadOnlySpan<byte> data, ulong offset, RequestFlags flags)
        {
            Errno errno = Check();
            return errno == Errno.Ok ? Next.Write(data, offset, flags) : errno;
        }

        /// <inheritdoc/>
        public override Errno Trim(ulong count, ulong offset, RequestFlags flags)
        {
            Errno errno = Check();
            return errno == Errno.Ok ? Next.Trim(count, offset, flags) : errno;
        }

        /// <inheritdoc/>
        public override Errno Zero(ulong count, ulong offset, RequestFlags flags)
        {
            Errno errno = Check();
            return errno == Errno.Ok ? Next.Zero(count, offset, flags) : errno;
        }

        private Errno Check()
        {
            if (_trigger == null)
                return Log.Error(Errno.EPERM, $"readonly: the disk is write-protected");
            return _trigger.Exists
                ? Log.Error(Errno.EPERM, $"readonly: the disk is write-protected while {_trigger.Path} exists")
                : Errno.Ok;
        }
    }
}
