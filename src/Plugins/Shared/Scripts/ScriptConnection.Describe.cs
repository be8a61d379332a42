// What a script says of its disk: size, block sizes, abilities. Not: what follows for clients (Chain).

using System;
using System.Collections.Generic;
using NbdFast.Values;

namespace NbdFast.Plugins.Scripts;

public sealed partial class ScriptConnection
{
    private const string Unknown = "";

    /// <inheritdoc/>
    public override Errno Describe(ref ExportInfo info)
    {
        Errno errno = AskSize(out ulong size);
        info.Size = size;
        bool canWrite = false;
        if (errno == Errno.Ok && !_isReadOnly)
            errno = Ask("can_write", out canWrite);
        info.CanWrite = canWrite;
        if (errno == Errno.Ok)
            errno = DescribeWrites(ref info);
        if (errno == Errno.Ok)
            errno = DescribeReads(ref info);
        if (errno == Errno.Ok)
            errno = DescribeBlocks(ref info);
        return errno == Errno.Ok ? DescribeInWords(ref info) : errno;
    }

    // Of a disk that cannot be written only whether it can be flushed is asked.
    private Errno DescribeWrites(ref ExportInfo info)
    {
        info.Zero = ZeroSupport.Emulate;
        string fua = info.CanWrite ? Unknown : "none";
        bool canZero = false, canTrim = false;
        Errno errno = info.CanWrite ? Ask("can_zero", out canZero) : Errno.Ok;
        if (canZero)
            info.Zero = ZeroSupport.Native;
        bool? isFast = null;
        if (errno == Errno.Ok && info.CanWrite)
            errno = AskIfKnown("can_fast_zero", out isFast);
        if (isFast != null)
            info.CanFastZero = isFast.Value;
        if (errno == Errno.Ok && info.CanWrite)
            errno = Ask("can_trim", out canTrim);
        info.CanTrim = canTrim;
        if (errno == Errno.Ok && info.CanWrite)
            errno = AskMode("can_fua", ref fua);
        bool canFlush = false;
        if (errno == Errno.Ok)
            errno = Ask("can_flush", out canFlush);
        info.CanFlush = canFlush;
        info.Fua = fua switch
        {
            "native" => FuaSupport.Native,
            "emulate" => FuaSupport.Emulate,
            Unknown when canFlush => FuaSupport.Emulate,
            _ => FuaSupport.None,
        };
        return errno;
    }

    private Errno DescribeReads(ref ExportInfo info)
    {
        Errno errno = Ask("is_rotational", out bool isRotational);
        info.Rotational = isRotational;
        bool isMultiConn = false;
        if (errno == Errno.Ok)
            errno = Ask("can_multi_conn", out isMultiConn);
        info.MultiConn = isMultiConn;
        string cache = "none";
        if (errno == Errno.Ok)
            errno = AskMode("can_cache", ref cache);
        info.Cache = cache switch
        {
            "native" => CacheSupport.Native,
            "emulate" => CacheSupport.Emulate,
            _ => CacheSupport.None,
        };
        bool canExtents = false;
        if (errno == Errno.Ok)
            errno = Ask("can_extents", out canExtents);
        info.CanExtents = canExtents;
        return errno;
    }

    private Errno DescribeBlocks(ref ExportInfo info)
    {
        ScriptAnswer answer = _plugin.Call(_client, "block_size", [_handle]);
        if (answer.Status != ScriptStatus.Ok)
            return answer.Tell();
        List<uint> sizes = [];
        try
        {
            foreach (string word in answer.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                sizes.Add(BlockSize(word));
        }
        catch (ConfigException error)
        {
            answer.Fail(Errno.EIO, $"block_size method cannot be parsed: {error.Message}");
            return answer.Tell();
        }

        if (sizes.Count < 3)
        {
            answer.Fail(Errno.EIO, "block_size method cannot be parsed");
            return answer.Tell();
        }

        info.BlockMinimum = sizes[0];
        info.BlockPreferred = sizes[1];
        info.BlockMaximum = sizes[2];
        return Errno.Ok;
    }

    private static uint BlockSize(string word)
    {
        ulong size = DiskSize.Parse(word).Bytes;
        return size <= uint.MaxValue
            ? (uint)size
            : throw new ConfigException($"a size of 4G or more cannot be told to clients ({word})");
    }

    // A disk without a description is still a disk.
    private Errno DescribeInWords(ref ExportInfo info)
    {
        ScriptAnswer answer = _plugin.Call(_client, "export_description", [_handle]);
        if (answer.Status == ScriptStatus.Ok)
            info.Description = answer.Text;
        else
            answer.Tell();
        return Errno.Ok;
    }

    private Errno AskSize(out ulong size)
    {
        size = 0;
        ScriptAnswer answer = _plugin.Call(_client, "get_size", [_handle]);
        if (answer.Status == ScriptStatus.Missing)
            answer.Fail(Errno.EIO, "the get_size method is required");
        if (answer.Status != ScriptStatus.Ok)
            return answer.Tell();
        try
        {
            size = DiskSize.Parse(answer.Text);
            return Errno.Ok;
        }
        catch (ConfigException error)
        {
            Log.Error(error.Message);
            answer.FailToParse();
            return answer.Tell();
        }
    }

    private Errno Ask(string ability, out bool isTrue)
    {
        Errno errno = AskIfKnown(ability, out bool? known);
        isTrue = known ?? false;
        return errno;
    }

    private Errno AskIfKnown(string ability, out bool? isTrue)
    {
        isTrue = true;
        if (_plugin.Supplies(ability))
            return Errno.Ok;
        ScriptAnswer answer = _plugin.Call(_client, ability, [_handle], mayBeFalse: true);
        isTrue = answer.Status switch
        {
            ScriptStatus.Ok => true,
            ScriptStatus.False => false,
            _ => null,
        };
        return answer.Tell();
    }

    private Errno AskMode(string ability, ref string mode)
    {
        if (_plugin.Supplies(ability))
        {
            mode = "native";
            return Errno.Ok;
        }

        ScriptAnswer answer = _plugin.Call(_client, ability, [_handle]);
        string said = answer.Text.ToLowerInvariant();   // Capitals are taken too, as nbdkit does.
        if (answer.Status == ScriptStatus.Ok && said is not ("none" or "emulate" or "native"))
            answer.FailToParse();
        if (answer.Status == ScriptStatus.Ok)
            mode = said;
        return answer.Tell();
    }
}
