"""Runs train.py of the folder it is started in, and tells when each update was told and what this process had computed by then.

    python timed_train.py FOLDER ARGUMENT ...

One line of JSON at the end: [step, seconds by the clock, seconds of the processor] of each update, in the first process only.
"""

import contextlib
import io
import json
import os
import sys
import time

import torch

folder, *arguments = sys.argv[1:]
os.chdir(folder)
sys.path[0] = folder
sys.argv = ["train.py", *arguments]
torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
told = []


class Updates(io.TextIOBase):
    def write(self, text: str) -> int:
        values = json.loads(text) if text.strip() else {}  # a line, or its end
        if "rate" in values:
            told.append([values["step"], time.perf_counter(), time.process_time()])
        return len(text)


with contextlib.redirect_stdout(Updates()):
    import train

    train.main()
if os.environ.get("RANK", "0") == "0":
    print(json.dumps(told))
