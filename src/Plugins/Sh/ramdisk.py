#!/usr/bin/env python3
# A disk in memory for the sh plugin of nbdfast: started once, it gets all calls through its pipes. Under nbdkit, which runs it
# for each call, the disk is a file in $tmpdir instead. Parameter: size=BYTES (default 64M).
import os
import sys

folder = os.environ["tmpdir"]


def setting(name, default):
    path = os.path.join(folder, name)
    return open(path).read() if os.path.exists(path) else default


class MissingMethod(Exception):
    pass


class FileDisk:
    """For one call only: what must last is in a file."""

    def __init__(self, size):
        self.file = os.open(os.path.join(folder, "disk"), os.O_RDWR | os.O_CREAT)
        os.ftruncate(self.file, size)

    def read(self, count, offset):
        return os.pread(self.file, count, offset)

    def write(self, data, offset):
        os.pwrite(self.file, data, offset)


class MemoryDisk:
    def __init__(self, size):
        self.bytes = bytearray(size)

    def read(self, count, offset):
        return bytes(self.bytes[offset:offset + count])

    def write(self, data, offset):
        self.bytes[offset:offset + len(data)] = data


def size():
    text = setting("size", "64M")
    units = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    return int(text[:-1]) * units[text[-1]] if text[-1] in units else int(text)


def call(disk, method, arguments, data):
    """What a method prints. An error is an exception, whose text is told to the user."""
    if method == "config":
        if arguments[0] != "size":
            raise ValueError("EINVAL unknown parameter " + arguments[0])
        open(os.path.join(folder, "size"), "w").write(arguments[1])
    elif method == "thread_model":
        return b"parallel"
    elif method == "get_size":
        return str(size()).encode()
    elif method in ("can_write", "can_flush", "can_multi_conn", "flush"):
        pass
    elif method == "pread":
        return disk().read(int(arguments[1]), int(arguments[2]))
    elif method == "pwrite":
        disk().write(data(), int(arguments[2]))
    else:
        raise MissingMethod()
    return b""


def answer(disk, method, arguments, data):
    """Exit code, output, errors."""
    try:
        return 0, call(disk, method, arguments, data), b""
    except MissingMethod:
        return 2, b"", b""
    except Exception as error:
        return 1, b"", str(error).encode()


def serve():
    kept = MemoryDisk(size())
    calls, answers = sys.stdin.buffer, sys.stdout.buffer
    for line in calls:
        number, length, *lengths = map(int, line.split())
        method, *arguments = [calls.read(n).decode() for n in lengths]
        data = calls.read(length)
        code, output, errors = answer(lambda: kept, method, arguments, lambda: data)
        answers.write(b"%d %d %d %d\n" % (number, code, len(output), len(errors)) + output + errors)
        answers.flush()


method, arguments = sys.argv[1], sys.argv[2:]
if method == "coprocess":
    if arguments:
        serve()
    else:
        print(1)
    sys.exit(0)
code, output, errors = answer(lambda: FileDisk(size()), method, arguments, sys.stdin.buffer.read)
sys.stdout.buffer.write(output)
sys.stderr.buffer.write(errors)
sys.exit(code)
