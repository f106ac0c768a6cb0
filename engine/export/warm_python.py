"""Runs Python programs as `python ARGUMENTS` does, each in a fork of this process, which has imported the modules of its own
arguments: loading torch takes a second, most programs of the tests far less. A request is a line of JSON on descriptor 3, its answer
one on descriptor 4."""

import importlib
import json
import os
import runpy
import sys


def become(request, streams):
    """Makes this fork a process of its own in the request's folder, with the arguments where Python has them."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    # The server's descriptors, and the names by which the streams were known.
    os.closerange(3, max(streams) + 1)
    os.chdir(request["folder"])
    first = request["arguments"][0]
    sys.path[0] = "" if first == "-c" else os.path.dirname(os.path.abspath(first))
    sys.argv = ["-c", *request["arguments"][2:]] if first == "-c" else request["arguments"]


def run(arguments):
    if arguments[0] == "-c":
        exec(compile(arguments[1], "<string>", "exec"), {"__name__": "__main__", "__builtins__": __builtins__})
    else:
        runpy.run_path(os.path.abspath(arguments[0]), run_name="__main__")


def lines(descriptor):
    """Without a file object, whose end in a fork would warn of a file that was not closed."""
    rest = b""
    while chunk := os.read(descriptor, 2**16):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole


def written(stream):
    size = os.lseek(stream, 0, os.SEEK_CUR)
    return os.pread(stream, size, 0).decode("utf-8", "replace")


def main():
    for name in sys.argv[1:]:
        importlib.import_module(name)
    for line in lines(3):
        request = json.loads(line)
        streams = [os.memfd_create(name) for name in ("stdin", "stdout", "stderr")]
        os.pwrite(streams[0], request["input"].encode(), 0)
        fork = os.fork()
        if fork == 0:
            become(request, streams)
            return run(request["arguments"])
        _, status = os.waitpid(fork, 0)
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        answer = {"status": code, "stdout": written(streams[1]), "stderr": written(streams[2])}
        with os.fdopen(4, "w", encoding="utf-8", closefd=False) as answers:
            answers.write(json.dumps(answer) + "\n")
        for stream in streams:
            os.close(stream)


main()
