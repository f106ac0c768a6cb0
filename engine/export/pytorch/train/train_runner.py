"""Runs train.py of several folders in one process, for as-the-app.test.ts: loading torch takes longer than the rest.

On standard input: a JSON list of {folder, arguments, port}. One JSON line comes back for each: the lines that it printed, what it wrote to
standard error, and the weights of its checkpoint by name.
"""

import contextlib
import importlib
import io
import json
import os
import sys
import traceback

import torch


def run(job):
    os.chdir(job["folder"])
    for file in os.listdir("."):
        sys.modules.pop(file[: -len(".py")], None)
    sys.path[0] = job["folder"]
    importlib.invalidate_caches()
    sys.argv = ["train.py", *job["arguments"]]
    os.environ["MASTER_PORT"] = str(job["port"])
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            import train

            train.main()
        except SystemExit as error:
            print(error.code, file=sys.stderr)
        except Exception:
            traceback.print_exc()
    checkpoint = job["arguments"][job["arguments"].index("--checkpoint") + 1]
    weights = {}
    if os.path.exists(checkpoint):
        from checkpoints import read_checkpoint

        model = read_checkpoint(checkpoint)["model"]
        weights = {name: value.flatten().tolist() for name, value in model.items()}
    return {"lines": out.getvalue().splitlines(), "errors": err.getvalue(), "weights": weights}


torch.set_num_threads(1)
for job in json.load(sys.stdin):
    result = run(job)
    if os.environ.get("RANK", "0") == "0":
        print(json.dumps(result), flush=True)
os._exit(0)  # many process groups in one process: PyTorch's threads of them may abort an ordinary end
