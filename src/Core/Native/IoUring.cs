// A ring of io_uring(7): requests to the kernel and their completions without a call for each. Not: what is asked for
// when (Drivers).

using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace NbdFast.Native;

/// <summary>One ring, with at most one group of provided buffers. Used by one thread at a time.</summary>
internal sealed unsafe partial class IoUring : IDisposable
{
    /// <summary>Where a receive puts what came: a number of a provided buffer, in a completion's upper flags.</summary>
    private const int BufferShift = 16;

    private readonly int _descriptor;
    private readonly byte* _rings;
    private readonly nuint _ringBytes;
    private readonly Submission* _submissions;
    private readonly nuint _submissionBytes;
    private readonly uint* _submissionHead;
    private readonly uint* _submissionTail;
    private readonly uint* _array;
    private readonly uint _submissionMask;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly Completion* _completions;
    private readonly uint _completionMask;
    private NativeBuffer? _provided;
    private uint _providedMask;
    private ushort _providedTail;
    private uint _tail;
    private uint _submitted;

    private IoUring(int descriptor, in Parameters parameters, byte* rings, byte* submissions)
    {
        _descriptor = descriptor;
        _rings = rings;
        _ringBytes = RingBytes(parameters);
        _submissions = (Submission*)submissions;
        _submissionBytes = SubmissionBytes(parameters);
        _submissionHead = (uint*)(rings + parameters.SubmissionOffsets.Head);
        _submissionTail = (uint*)(rings + parameters.SubmissionOffsets.Tail);
        _submissionMask = *(uint*)(rings + parameters.SubmissionOffsets.Mask);
        _array = (uint*)(rings + parameters.SubmissionOffsets.Array);
        _completionHead = (uint*)(rings + parameters.CompletionOffsets.Head);
        _completionTail = (uint*)(rings + parameters.CompletionOffsets.Tail);
        _completionMask = *(uint*)(rings + parameters.CompletionOffsets.Mask);
        _completions = (Completion*)(rings + parameters.CompletionOffsets.Entries);
    }

    /// <summary>Readable while there are completions, except for the thread's own deferred ones.</summary>
    public int Descriptor => _descriptor;

    /// <summary>Makes a ring that does nothing until <see cref="Enable"/>.</summary>
    /// <param name="entries">How many requests can be made before they are submitted; a power of two.</param>
    /// <param name="completions">How many completions may wait to be taken; a power of two, more than
    /// <paramref name="entries"/>.</param>
    /// <param name="isOneThreads">Only the thread that calls <see cref="Enable"/> will ever use it, which is
    /// faster.</param>
    /// <param name="ring">The ring.</param>
    /// <returns>ENOSYS, EPERM, ENOMEM, EINVAL: the system has no rings, or none for us.</returns>
    public static Errno TryCreate(uint entries, uint completions, bool isOneThreads, out IoUring? ring)
    {
        ring = null;
        Parameters parameters = new()
        {
            Flags = SetupDisabled | SetupClamp | SetupCompletionSize
                | (isOneThreads ? SetupSingleIssuer | SetupDeferTaskRun : SetupCooperative),
            CompletionEntries = completions,
        };
        int descriptor = (int)Result(syscall(SetupNumber, (nint)entries, (nint)(&parameters), 0, 0, 0, 0));
        if (descriptor < 0)
            return (Errno)(-descriptor);
        byte* rings = Map(descriptor, RingBytes(parameters), RingsOffset);
        byte* submissions = Map(descriptor, SubmissionBytes(parameters), SubmissionsOffset);
        if (rings != null && submissions != null && (parameters.Features & FeatureSingleMapping) != 0)
        {
            ring = new IoUring(descriptor, parameters, rings, submissions);
            return Errno.Ok;
        }

        Unmap(rings, RingBytes(parameters));
        Unmap(submissions, SubmissionBytes(parameters));
        Libc.Close(descriptor);
        return Errno.ENOMEM;
    }

    /// <summary>Makes a group of buffers that <see cref="Receive"/> takes from; it has none yet.</summary>
    /// <param name="count">The most buffers in it at once; a power of two.</param>
    public Errno MakeBufferGroup(uint count)
    {
        NativeBuffer memory = new((int)count * sizeof(ProvidedBuffer));
        BufferGroup group = new() { Address = (ulong)memory.Address, Entries = count };
        nint result = Result(syscall(RegisterNumber, _descriptor, RegisterBufferGroup, (nint)(&group), 1, 0, 0));
        if (result < 0)
        {
            memory.Release();
            return (Errno)(-result);
        }

        _provided = memory;
        _providedMask = count - 1;
        return Errno.Ok;
    }

    /// <summary>Lets the calling thread use the ring.</summary>
    public Errno Enable() => (Errno)(-Result(syscall(RegisterNumber, _descriptor, RegisterEnable, 0, 0, 0, 0)));

    /// <summary>Puts a buffer into the group.</summary>
    /// <param name="address">Native memory, the kernel's until a receive completes with this number.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="number">What the completion calls it.</param>
    [HotPath]
    public void Provide(nint address, int length, ushort number)
    {
        ProvidedBuffer* entries = (ProvidedBuffer*)_provided!.Address;
        ProvidedBuffer* entry = entries + (_providedTail & _providedMask);
        entry->Address = (ulong)address;
        entry->Length = (uint)length;
        entry->Number = number;
        Volatile.Write(ref entries->Tail, ++_providedTail);   // The first entry's unused field is the ring's tail.
    }

    /// <summary>Asks for bytes of a socket, into a buffer of the group.</summary>
    /// <param name="socket">The descriptor.</param>
    /// <param name="tag">What the completion calls it.</param>
    [HotPath]
    public void Receive(int socket, ulong tag)
    {
        Submission* submission = Next();
        submission->Operation = OperationReceive;
        submission->Flags = SelectBuffer;
        submission->Priority = PollFirst;   // Replies have just been sent: nothing can be there yet.
        submission->Descriptor = socket;
        submission->Tag = tag;
    }

    /// <summary>Asks to be told once that a descriptor is readable.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="tag">What the completion calls it.</param>
    public void Poll(int descriptor, ulong tag)
    {
        Submission* submission = Next();
        submission->Operation = OperationPoll;
        submission->Descriptor = descriptor;
        submission->OperationFlags = PollIn;
        submission->Tag = tag;
    }

    /// <summary>Asks for bytes of a file.</summary>
    /// <param name="file">The descriptor.</param>
    /// <param name="address">Native memory, the kernel's until the completion.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="offset">Where they begin in the file.</param>
    /// <param name="tag">What the completion calls it.</param>
    [HotPath]
    public void Read(int file, nint address, int length, ulong offset, ulong tag)
    {
        Submission* submission = Next();
        submission->Operation = OperationRead;
        submission->Descriptor = file;
        submission->Offset = offset;
        submission->Address = (ulong)address;
        submission->Length = (uint)length;
        submission->Tag = tag;
    }

    /// <summary>Hands what was asked for to the kernel.</summary>
    [HotPath]
    public void Submit() => Enter(waitFor: 0, 0, 0, 0);

    /// <summary>Hands what was asked for to the kernel, and waits for a completion; less long after a signal.</summary>
    [HotPath]
    public void SubmitAndWait() => Enter(waitFor: 1, EnterGetEvents, 0, 0);

    /// <summary>The same, but not for long.</summary>
    /// <param name="milliseconds">So long at most: 0 to 999.</param>
    [HotPath]
    public void SubmitAndWait(int milliseconds)
    {
        Timespan time = new() { Nanoseconds = milliseconds * NanosecondsPerMillisecond };
        WaitArgument argument = new() { Time = (ulong)(&time) };
        Enter(waitFor: 1, EnterGetEvents | EnterHasArgument, (nint)(&argument), sizeof(WaitArgument));
    }

    /// <summary>Takes a completion that is there.</summary>
    /// <param name="tag">What was said when it was asked for.</param>
    /// <param name="result">A count, or the negated errno.</param>
    /// <param name="buffer">For a receive: the number of the buffer.</param>
    [HotPath]
    public bool TryTake(out ulong tag, out int result, out ushort buffer)
    {
        uint head = *_completionHead;
        if (head == Volatile.Read(ref *_completionTail))
        {
            tag = 0;
            result = 0;
            buffer = 0;
            return false;
        }

        Completion* completion = _completions + (head & _completionMask);
        tag = completion->Tag;
        result = completion->Result;
        buffer = (ushort)(completion->Flags >> BufferShift);
        Volatile.Write(ref *_completionHead, head + 1);
        return true;
    }

    /// <summary>Ends everything that was asked for. Buffers of the group are not the kernel's any more when this
    /// returns, or a moment later: the caller keeps them as memory.</summary>
    public void Dispose()
    {
        Libc.Close(_descriptor);
        Unmap(_rings, _ringBytes);
        Unmap((byte*)_submissions, _submissionBytes);
        _provided?.Release();
    }

    // Where the kernel takes no more for now, completions are got nevertheless: they are what it lacks.
    [HotPath]
    private void Enter(nint waitFor, nint flags, nint argument, nint argumentBytes)
    {
        Volatile.Write(ref *_submissionTail, _tail);
        nint count = (nint)(_tail - _submitted);
        nint result = Result(syscall(EnterNumber, _descriptor, count, waitFor, flags, argument, argumentBytes));
        if (result > 0)
            _submitted += (uint)result;
        else if (result < 0 && count > 0)
            _ = syscall(EnterNumber, _descriptor, 0, 0, EnterGetEvents, 0, 0);
    }

    // An empty submission. Where there is no room, the kernel takes what is there.
    [HotPath]
    private Submission* Next()
    {
        while (_tail - Volatile.Read(ref *_submissionHead) > _submissionMask)
            Submit();
        uint index = _tail++ & _submissionMask;
        _array[index] = index;
        Submission* submission = _submissions + index;
        *submission = default;
        return submission;
    }

    private static nuint RingBytes(in Parameters parameters) => Math.Max(
        parameters.SubmissionOffsets.Array + (parameters.SubmissionEntries * sizeof(uint)),
        parameters.CompletionOffsets.Entries + (parameters.CompletionEntries * (uint)sizeof(Completion)));

    private static nuint SubmissionBytes(in Parameters parameters) =>
        parameters.SubmissionEntries * (uint)sizeof(Submission);

    private static byte* Map(int descriptor, nuint length, long offset)
    {
        void* address = mmap(null, length, ReadAndWrite, SharedAndPopulated, descriptor, offset);
        return (nint)address == -1 ? null : (byte*)address;
    }

    private static void Unmap(byte* address, nuint length)
    {
        if (address != null)
            _ = munmap(address, length);
    }

    private static nint Result(nint returned) => returned < 0 ? -Marshal.GetLastSystemError() : returned;
}
