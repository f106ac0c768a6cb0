"""The program of a job on a Ray cluster: train.py on so many processes, its weights and checkpoints in a storage that the app sees.

What to do stands in UNROLL_JOB as JSON. What happens is told as lines of JSON, each after MARK, and written down in the storage, too.
The first process is the job's own; the others are actors of Ray, on whichever machines have room for them.

Ray unpacks a package once on each machine and starts every job with it in that same folder, those of other runs and earlier ones of this
run, too. So each job has folders of its own in there, and removes them.
"""

from __future__ import annotations

import importlib.util
import io
import json
import math
import os
import platform
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback

from storage import Storage

MARK = "@unroll "
DATA = "files"  # the package's folder of data, as the job's arguments name it
KEPT = ("checkpoint.pt", "trained.safetensors")


class Failed(Exception):
    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


class Output(io.TextIOBase):
    """Takes the place of standard output: what train.py tells as JSON is told to the app, the rest is printed as it is."""

    def __init__(self, job: dict):
        self.out, self.part, self.began = sys.stdout, "", time.monotonic()
        self.events, self.storage = f"events-{job['id']}.jsonl", None
        self.ended = None  # how train.py ended
        open(self.events, "w").close()

    def write(self, text: str) -> int:
        *lines, self.part = (self.part + text).split("\n")
        for line in lines:
            self.line(line)
        return len(text)

    def flush(self) -> None:
        self.out.flush()

    def line(self, line: str) -> None:
        try:
            values = json.loads(line)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            print(line, file=self.out, flush=True)
            return
        if "begins" in values:
            self.began = time.monotonic()
        if "saved" in values:
            self.keep(KEPT)
        for end, key in (("stopped", "stopped"), ("done", "kept"), ("diverged", "diverged")):
            if key in values:
                self.ended = end
        self.tell(values)

    def tell(self, values: dict) -> None:
        text = json.dumps(plain({"seconds": round(time.monotonic() - self.began, 3), **values}))
        with open(self.events, "a") as file:
            file.write(text + "\n")
        print(MARK + text, file=self.out, flush=True)

    def keep(self, names: tuple) -> None:
        """Copies files to the storage, and what was told so far."""
        if self.storage is None:
            return
        for name in (*names, self.events):
            if os.path.exists(name):
                self.storage.put(name, name)


def plain(value):
    """JSON has no words for numbers that are none: they become text."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def main() -> None:
    job = json.loads(os.environ["UNROLL_JOB"])
    package = os.getcwd()
    place = Place(job, package, 0)
    sys.path.insert(0, package)
    os.chdir(place.folder)
    output = sys.stdout = Output(job)
    try:
        run(job, output, place)
    except Failed as failure:
        output.tell({"failed": {"code": failure.code, "message": str(failure)}})
        output.keep(())
        sys.exit(1)
    finally:
        os.chdir(package)
        place.remove()


class Place:
    """Where one of a job's processes works, in the folder that the package was unpacked into."""

    def __init__(self, job: dict, package: str, rank: int):
        self.package = package
        self.folder = os.path.join(package, f"{job['id']}-{rank}")
        self.data = os.path.join(
            package, f"{job['id']}-{DATA}"
        )  # of all processes of a machine, where it does not lie in the package
        os.makedirs(self.folder, exist_ok=True)

    def arguments(self, job: dict) -> list:
        """Of train.py."""
        data = self.data if os.path.isdir(self.data) else os.path.join(self.package, DATA)
        resumes = job["resume"] and os.path.exists(os.path.join(self.folder, "checkpoint.pt"))
        named = [f"{data}{given[len(DATA) :]}" if given.startswith(f"{DATA}/") else given for given in job["arguments"]]
        return [*named, *(["--resume"] if resumes else [])]

    def remove(self) -> None:
        for folder in (self.folder, self.data):
            shutil.rmtree(folder, ignore_errors=True)


def run(job: dict, output: Output, place: Place) -> None:
    if importlib.util.find_spec("torch") is None:
        raise Failed("no-torch", f"{sys.executable} has no torch")
    output.storage = fetch(job, place)
    import torch

    cuda = torch.cuda.is_available()
    if job["gpu"] and not cuda:
        raise Failed("no-gpu", f"PyTorch {torch.__version__} of {sys.executable} sees no GPU")
    device = torch.cuda.get_device_name() if job["gpu"] else f"CPU {platform.machine()}"
    versions = {"torch": torch.__version__, "python": platform.python_version()}
    output.tell({"started": {"host": socket.gethostname(), "device": device, "versions": versions}})
    others = start_others(job, output) if job["workers"] > 1 else []
    try:
        train(place.arguments(job))
    except (Exception, SystemExit) as error:
        if output.ended != "diverged":
            raise failure_of(error, others) from error
    if output.ended == "diverged":
        raise Failed("loss-not-finite", "the loss is not a number")
    output.tell({"ended": output.ended or "stopped"})
    output.keep(KEPT)


def fetch(job: dict, place: Place) -> Storage:
    """The storage, and from it what this process needs. Failed where it is not the one that the app sees."""
    mark, checkpoint = (os.path.join(place.folder, name) for name in ("storage.json", "checkpoint.pt"))
    try:
        storage = Storage(job["storage"])
    except ImportError as error:
        raise Failed("no-fsspec", f"{sys.executable} cannot open {job['storage']}: {error}") from None
    try:
        storage.get("storage.json", mark)
        with open(mark) as file:
            seen = json.load(file)["mark"]
    except (OSError, ValueError) as error:
        raise Failed("storage-not-seen", f"{socket.gethostname()} does not see {job['storage']}: {error}") from None
    if seen != job["mark"]:
        raise Failed("storage-not-seen", f"{job['storage']} is another folder on {socket.gethostname()}")
    for name in job["stored"]:
        bring(storage, name, place.data)
    if job["shared"] is not None:
        bring(Storage(job["shared"]["place"]), f"{job['shared']['content']}.zip", place.data)
    if job["resume"] and storage.exists("checkpoint.pt"):
        storage.get("checkpoint.pt", checkpoint)
    return storage


def bring(storage: Storage, name: str, folder: str) -> None:
    """What an archive holds, in a folder, once for all processes of a machine: whole, or not there."""
    if os.path.isdir(folder):
        return
    with tempfile.TemporaryDirectory(dir=os.path.dirname(folder)) as scratch:
        archive, inside = os.path.join(scratch, "archive.zip"), os.path.join(scratch, "inside")
        storage.get(name, archive)
        shutil.unpack_archive(archive, inside)
        try:
            os.rename(inside, folder)
        except OSError:
            if not os.path.isdir(folder):  # another process was first
                raise


def train(arguments: list) -> None:
    """train.py in this process."""
    import train as program

    sys.argv = ["train.py", *arguments]
    program.main()


def failure_of(error: BaseException, others: list) -> Failed:
    """What went wrong, in this process or in another one, of which this one has only lost the connection."""
    traceback.print_exc()
    said = [str(error)]
    if others:
        import ray

        for other in others:
            try:
                ray.get(other, timeout=20)
            except Exception as lost:
                said.append(str(lost))
    words = "\n".join(said)
    memory = isinstance(error, MemoryError) or any(sign in words for sign in ("out of memory", "can't allocate memory"))
    return Failed("out-of-memory" if memory else "train-failed", words[-2000:])


def start_others(job: dict, output: Output) -> list:
    """One process for each further rank, somewhere on the cluster; this one is rank 0. What they will have given back."""
    import ray

    ray.init(log_to_driver=False)
    here = ray.util.get_node_ip_address()

    @ray.remote(max_restarts=0, max_task_retries=0)
    class Rank:
        def ready(self, rank: int) -> None:
            self.place = Place(job, os.getcwd(), rank)
            fetch(job, self.place)

        def train(self, environment: dict) -> None:
            own = {**os.environ, **environment, **interface(ray.util.get_node_ip_address())}
            program = [sys.executable, os.path.join(self.place.package, "train.py"), *self.place.arguments(job)]
            try:
                done = subprocess.run(program, env=own, cwd=self.place.folder, stderr=subprocess.PIPE, text=True)
            finally:
                self.place.remove()
            if done.returncode != 0:
                raise RuntimeError(f"a further process ended with {done.returncode}: {done.stderr[-1000:]}")

    made = Rank.options(num_cpus=1, num_gpus=1 if job["gpu"] else 0)
    ranks = {number: made.remote() for number in range(1, job["workers"])}
    answers = waiting = [rank.ready.remote(number) for number, rank in ranks.items()]
    patience = 5.0
    while waiting:
        _, waiting = ray.wait(waiting, num_returns=len(waiting), timeout=patience)
        if waiting:
            has = ray.cluster_resources()
            output.tell({"waiting": {"workers": len(waiting), "cpus": has.get("CPU", 0), "gpus": has.get("GPU", 0)}})
            patience = 30.0
    try:
        ray.get(answers)
    except ray.exceptions.RayTaskError as error:
        cause = error.cause
        raise Failed(getattr(cause, "code", "train-failed"), str(cause)) from None
    with socket.socket() as free:
        free.bind(("", 0))
        port = free.getsockname()[1]
    world = {"MASTER_ADDR": here, "MASTER_PORT": str(port), "WORLD_SIZE": str(job["workers"]), "OMP_NUM_THREADS": "1"}
    os.environ.update({**world, **interface(here), "RANK": "0", "LOCAL_RANK": "0"})
    return [rank.train.remote({**world, "RANK": str(number), "LOCAL_RANK": "0"}) for number, rank in ranks.items()]


def interface(address: str) -> dict:
    """Environment that has gloo and nccl speak over the network that Ray speaks over, where nobody has chosen another."""
    chosen = {name for name in ("GLOO_SOCKET_IFNAME", "NCCL_SOCKET_IFNAME") if name not in os.environ}
    try:
        import fcntl

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            for _, name in socket.if_nameindex():
                try:  # SIOCGIFADDR
                    found = fcntl.ioctl(asked.fileno(), 0x8915, struct.pack("256s", name.encode()[:15]))
                except OSError:
                    continue
                if socket.inet_ntoa(found[20:24]) == address:
                    return dict.fromkeys(chosen, name)
    except (ImportError, OSError):
        pass
    return {}


if __name__ == "__main__":
    main()
