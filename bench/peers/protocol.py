"""What the Python peers share: requests and replies as one JSON object a line, and the tensors of a task."""

import json
import os
import resource
import sys
import time

import numpy


def read_safetensors(path):
    """Name -> array of a safetensors file of float32 and int32."""
    with open(path, "rb") as file:
        content = file.read()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    types = {"F32": numpy.float32, "I32": numpy.int32}
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        flat = numpy.frombuffer(content[8 + length + start : 8 + length + end], types[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


def peak_bytes():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def timed(step):
    """`step` returns its loss, or its milliseconds and its loss where not all of it counts."""
    start = time.perf_counter()
    result = step()
    spent = (time.perf_counter() - start) * 1000
    return result if isinstance(result, tuple) else (spent, result)


def sgemm_gflops(multiply, size, repeats=5):
    """The best of a few products of square matrices: 2 n^3 operations each."""
    multiply()
    return max(2 * size**3 / timed(lambda: (multiply(), 0)[1])[0] / 1e6 for _ in range(repeats))


def serve(version, load, sgemm):
    """Answers until standard input ends. `load(task, tensors)` returns the function of one step."""
    # Libraries that print must not end up between the replies.
    channel = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def reply(value):
        channel.write(json.dumps(value) + "\n")

    step = None
    reply({"version": version, "peakBytes": peak_bytes()})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "load":
                step = None
                step = load(request["task"], read_safetensors(request["file"]))
                reply({})
            elif request["do"] == "run":
                results = [timed(step) for _ in range(request["warm"] + request["steps"])][request["warm"] :]
                reply({"times": [ms for ms, _ in results], "losses": [float(loss) for _, loss in results]})
            elif request["do"] == "sgemm":
                reply({"gflops": sgemm()})
            elif request["do"] == "memory":
                reply({"peakBytes": peak_bytes()})
            else:
                reply({"error": f"unknown request {request['do']}"})
        except Exception as error:
            reply({"error": f"{type(error).__name__}: {error}"})
