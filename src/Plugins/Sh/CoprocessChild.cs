// A running co-process: its pipes, the thread that reads them, the calls that it has not answered yet. Not: starting it
// again (Coprocess), the form of its answers (CoprocessReply).

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Threading;
using NbdFast.Native;

namespace NbdFast.Plugins.Scripts;

/// <summary>
/// Sends calls and waits for their answers, which may come in any order. A call is a line "ID INPUT LENGTH LENGTH
/// ...": the length of its input, then those of the method's name and of each argument, all in bytes; then name,
/// arguments and input follow without anything in between.
/// </summary>
internal sealed class CoprocessChild
{
    private const int StackBytes = 256 << 10;
    private const int ChunkBytes = 256 << 10;
    private const int LongestComplaint = 4096;
    private const int PatienceMs = 2000;
    private const int LastWordsMs = 200;
    private const int KillSignal = 9;

    private readonly string _path;
    private readonly int _process;
    private readonly int _end;
    private readonly int _output;
    private readonly int _errors;
    private readonly Lock _writing = new();
    private readonly object _lock = new();
    private readonly Dictionary<ulong, CoprocessCall> _pending = [];
    private readonly CoprocessReply _reply = new();
    private readonly Thread _reader;
    private readonly List<byte> _complaint = [];
    private int _input;
    private ulong _id;
    private bool _hasEnded;
    private bool _isWaitedFor;

    private CoprocessChild(string path, int process, int input, int output, int errors)
    {
        (_path, _process, _input, _output, _errors) = (path, process, input, output, errors);
        _end = Libc.ProcessDescriptor(process);   // Negative in an old kernel: then its end is that of its output.
        _reader = new Thread(ReadToTheEnd, StackBytes) { IsBackground = true, Name = "coprocess" };
        _reader.Start();
    }

    /// <summary>It takes no more calls.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_lock)
                return _hasEnded;
        }
    }

    /// <summary>Calls wait for its answers.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
                return _pending.Count > 0;
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="path">The script, for messages.</param>
    /// <param name="command">What is run.</param>
    /// <param name="variable">An environment variable for it.</param>
    /// <param name="child">It, or null.</param>
    public static Errno TryStart(string path, List<byte[]> command, byte[] variable, out CoprocessChild? child)
    {
        child = null;
        int childInput = -1, input = -1, output = -1, childOutput = -1, errors = -1, childErrors = -1;
        Errno errno = Libc.Pipe(out childInput, out input);
        if (errno == Errno.Ok)
            errno = Libc.Pipe(out output, out childOutput);
        if (errno == Errno.Ok)
            errno = Libc.Pipe(out errors, out childErrors);
        int process = errno == Errno.Ok
            ? ScriptRun.Start(command, variable, childInput, childOutput, childErrors)
            : -(int)errno;
        Close(childInput, childOutput, childErrors);
        if (process >= 0)
        {
            child = new CoprocessChild(path, process, input, output, errors);
            return Errno.Ok;
        }

        Close(input, output, errors);
        return (Errno)(-process);
    }

    /// <summary>Has a method executed.</summary>
    /// <param name="call">The method's name and its arguments.</param>
    /// <param name="input">What the method is to read.</param>
    /// <param name="limitMs">How long the answer may take, or -1: as long as it takes. Then it is ended.</param>
    /// <returns>The answer, or null if there is none: it has ended.</returns>
    public CoprocessCall? Do(List<byte[]> call, ReadOnlySpan<byte> input, int limitMs)
    {
        CoprocessCall waiting = new();
        lock (_writing)
        {
            ulong id = ++_id;
            lock (_lock)
            {
                if (_hasEnded)
                    return null;
                _pending.Add(id, waiting);
            }

            // Who does not read calls can answer none, whatever else it still does.
            if (!Write(Header(id, call, input.Length)) || !Write(input))
                Kill();
        }

        if (!waiting.Wait(limitMs))
        {
            Kill();
            _ = waiting.Wait(Timeout.Infinite);
        }

        return waiting.IsLost ? null : waiting;
    }

    /// <summary>Tells it to end, by the end of its input, and ends it if it does not.</summary>
    public void End()
    {
        // While a call is being written that it does not read, nothing but its end ends that.
        if (!_writing.TryEnter(PatienceMs))
        {
            Kill();
            _writing.Enter();
        }

        int input = _input;
        Volatile.Write(ref _input, -1);   // First: the end that follows is no surprise to the reader.
        Close(input);
        _writing.Exit();
        if (_reader.Join(PatienceMs))
            return;
        Kill();
        // Where its end cannot be watched, whoever has inherited its output can hide it.
        _ = _reader.Join(PatienceMs);
    }

    /// <summary>Ends it at once. All calls are lost.</summary>
    public void Kill()
    {
        lock (_lock)
        {
            if (!_isWaitedFor)   // Else its number may be somebody else's by now.
                _ = Libc.SendSignal(_process, KillSignal);
        }
    }

    private static byte[] Header(ulong id, List<byte[]> call, int inputBytes)
    {
        var line = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{id} {inputBytes}");
        foreach (byte[] argument in call)
            line.Append(' ').Append(argument.Length);
        return [.. ScriptText.Of(line.Append('\n').ToString()), .. Flat(call)];
    }

    private static byte[] Flat(List<byte[]> parts)
    {
        byte[] all = [];
        foreach (byte[] part in parts)
            all = [.. all, .. part];
        return all;
    }

    private bool Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint count = Libc.Write(_input, bytes);
            if (count < 0 && count != -(nint)Errno.EINTR)
                return false;
            bytes = bytes[(int)nint.Max(count, 0)..];
        }

        return true;
    }

    // Until it closes its output, writes what is no answer, or ends: though others may still hold its output then.
    private void ReadToTheEnd()
    {
        byte[] chunk = new byte[ChunkBytes];
        Span<bool> readable = stackalloc bool[3];
        bool goesOn = true, complains = true;
        while (goesOn)
        {
            if (Libc.Poll(-1, [_output, complains ? _errors : -1, _end], out _, readable) != Errno.Ok)
                break;
            if (readable[2])
                goesOn = Libc.SetNonBlocking(_output) == Errno.Ok;   // What it has said is there; nothing follows.
            if (readable[1])
                complains = ReadComplaints(chunk);
            if (readable[0] || readable[2])
                goesOn = goesOn && ReadAnswers(chunk);
        }

        Finish(chunk);
    }

    private bool ReadAnswers(byte[] chunk)
    {
        nint count = Libc.Read(_output, chunk);
        if (count == -(nint)Errno.EINTR)
            return true;
        if (count <= 0)
            return false;
        ReadOnlySpan<byte> bytes = chunk.AsSpan(0, (int)count);
        while (!bytes.IsEmpty)
        {
            bool isWhole = _reply.Take(ref bytes);
            if (_reply.IsBroken)
                Log.Error($"{_path}: the co-process wrote what is no answer");
            if (_reply.IsBroken || (isWhole && !TryAnswer()))
            {
                Kill();   // It cannot be talked to any more.
                return false;
            }
        }

        return true;
    }

    private bool TryAnswer()
    {
        CoprocessCall? call;
        lock (_lock)
            _ = _pending.Remove(_reply.Id, out call);
        if (call == null)
            Log.Error($"{_path}: the co-process answered call {_reply.Id}, which nobody waits for");
        if (call == null)
            _reply.Output.Dispose();
        call?.Answer(_reply.Status, _reply.Output, _reply.Errors);
        return call != null;
    }

    // What it says outside of answers is for the user, line by line.
    private bool ReadComplaints(byte[] chunk)
    {
        nint count = Libc.Read(_errors, chunk);
        for (int i = 0; i < count; i++)
        {
            if (chunk[i] != (byte)'\n' && _complaint.Count < LongestComplaint)
                _complaint.Add(chunk[i]);
            else
                Complain();
        }

        return count != 0;
    }

    private void Complain()
    {
        if (_complaint.Count > 0)
            Log.Error($"{_path}: {Encoding.UTF8.GetString([.. _complaint])}");
        _complaint.Clear();
    }

    private void Finish(byte[] chunk)
    {
        bool wasAsked = Volatile.Read(ref _input) < 0;
        if (_end >= 0)
            _ = Libc.PollForReading([_end], stackalloc bool[1], LastWordsMs);   // So that it can say how it ends.
        lock (_lock)
        {
            _ = Libc.SendSignal(_process, KillSignal);   // Without its output it is of no use, whatever it still does.
            _isWaitedFor = true;
        }

        Errno errno = Libc.WaitForChild(_process, out int status);
        _reply.Output.Dispose();
        if (Libc.SetNonBlocking(_errors) == Errno.Ok)
            _ = ReadComplaints(chunk);
        Complain();
        if (!wasAsked)
            Log.Error(errno == Errno.Ok
                ? $"{_path}: the co-process has ended: {(status >= 0 ? "exit code" : "signal")} {int.Abs(status)}"
                : $"{_path}: the co-process has ended: {errno.Text()}");
        List<CoprocessCall> lost;
        lock (_lock)
        {
            _hasEnded = true;
            lost = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (CoprocessCall call in lost)
            call.Lose();
        Close(_output, _errors, _end);
    }

    private static void Close(params ReadOnlySpan<int> descriptors)
    {
        foreach (int descriptor in descriptors)
            if (descriptor >= 0)
                _ = Libc.Close(descriptor);   // A pipe has nothing to say when it is closed.
    }
}
