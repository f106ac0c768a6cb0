"""Trains the network on your examples as the app does, with the settings of the run in config.json:

    python train.py FILE                          from the exported weights; several files are read as one
    python train.py FILE --fresh                  from PyTorch's own random weights
    python train.py FILE --resume                 on from checkpoint.pt, after a stop
    torchrun --nproc_per_node 4 train.py FILE     on four processes (GPUs): the same training, only faster

Files: CSV, TSV, JSONL, CoNLL columns, TXT, ARFF or .ts, read as in training; --input and --target name other columns. A file of a
time series is cut into windows. Classes are those of vocabulary.json, numbers are in the units of the data.

Of the file that the app trained on, the examples for training, validation and test, the batches and their order are the app's own.
The weights are judged after each epoch and the best are kept, in trained.safetensors:

    python predict.py --weights trained.safetensors ...

Other than in the app: dropout draws other numbers, and optimizers that follow no gradient become Adam.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import sys
import time

import torch

from batches import as_streams, by_length, collate, lengths_of
from chance import Random
from checkpoints import load_checkpoint, save_checkpoint
from data import read_data
from distributed import Workers
from examples import FORMATS
from forward import draw_own, first_rows, forward, with_own_tokens
from losses import Loss
from metrics import Judge
from network import CONFIG, load, new_network
from optim import clip_gradients, make_optimizer, make_scaler, rate_at, set_rate
from progress import Progress
from weights import save_safetensors

FIGURE = CONFIG["judged_by"]["metric"]  # what the best weights are the best in
EVERY_STEP = CONFIG["head"]["every_step"]
SAYS = CONFIG["task"] == "sequence-to-sequence"
SECONDS_UNSAVED = 10.0  # of epochs at most
PRECISIONS = {"float32": None, "bfloat16": torch.bfloat16, "float16": torch.float16}


def main() -> None:
    options = read_options()
    workers = Workers(options.device, options.backend)
    try:
        run(options, workers)
    finally:
        workers.close()


def read_options() -> argparse.Namespace:
    settings = CONFIG["training"]
    layout = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    parser.add_argument("examples", nargs="+", help="a file of one of the formats above; several are read as one")
    several = {"metavar": "FILE", "action": "append"}
    parser.add_argument("--validation", **several, help="examples to judge by; without it, a share of the examples")
    parser.add_argument("--test", **several, help="examples that the best weights are judged on at the end")
    parser.add_argument("--validation-share", type=float, metavar="SHARE", help="of the examples, where none are for validation")
    formats = list(dict.fromkeys(FORMATS.values()))
    parser.add_argument("--format", choices=formats, help="where the file's name does not tell")
    parser.add_argument("--input", nargs="+", metavar="COLUMN", help="columns of the input")
    parser.add_argument("--target", nargs="+", metavar="COLUMN", help="columns of the target")
    parser.add_argument("--no-header", action="store_true", help="the columns have no names: #0, #1, ...")
    parser.add_argument("--epochs", type=int, default=settings["epochs"])
    parser.add_argument("--steps", type=int, help="stop after so many updates, with a checkpoint")
    parser.add_argument("--batch-size", type=int, default=settings["batchSize"], help="over all processes")
    parser.add_argument("--learning-rate", type=float, default=settings["learningRate"])
    parser.add_argument("--seed", type=int, default=settings["seed"])
    parser.add_argument("--fresh", action="store_true", help="start from PyTorch's own random weights")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument(
        "--checkpoint", default="checkpoint.pt", metavar="FILE", help="what --resume needs, written at each judging"
    )
    parser.add_argument("--out", default="trained.safetensors", metavar="FILE", help="the best weights")
    parser.add_argument("--device", help="cpu or cuda; a GPU where there is one")
    parser.add_argument("--backend", choices=["gloo", "nccl"], help="of several processes")
    parser.add_argument("--precision", choices=list(PRECISIONS), default="float32", help="lower ones by torch.autocast")
    parser.add_argument("--json", action="store_true", help="tell updates, judgements and epochs as lines of JSON")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="with --json: the mean of N updates on a line")
    return parser.parse_args()


def run(options: argparse.Namespace, workers: Workers) -> None:
    given = {
        "epochs": options.epochs,
        "batchSize": options.batch_size,
        "learningRate": options.learning_rate,
        "seed": options.seed,
    }
    settings = {**CONFIG["training"], **given}
    refuse_precision(options.precision, workers.device.type)
    torch.manual_seed(settings["seed"])
    model, vocabulary = load()
    if options.fresh:
        model = new_network()
    if options.validation_share is not None:
        vocabulary["split"]["validation"] = options.validation_share
    files = {"train": options.examples, "validation": options.validation, "test": options.test}
    data = read_data({split: paths for split, paths in files.items() if paths is not None}, vocabulary, options)
    if not data["train"]:
        sys.exit(f"{', '.join(options.examples)}: no examples for training")
    training = Training(model.to(workers.device), vocabulary, data, settings, options, workers)
    counts = {split: len(found) for split, found in data.items()}
    training.tell(f"examples: {', '.join(f'{count} for {split}' for split, count in counts.items() if count)}", examples=counts)
    if options.resume:
        training.resume()
    training.run()


def refuse_precision(precision: str, device: str) -> None:
    """Ends where the device does not have it, before anything is read."""
    if precision == "float16" and device == "cpu":
        sys.exit(
            "--precision float16 needs a GPU: its small gradients are kept by scaling, which PyTorch has for CUDA. Here: bfloat16"
        )
    if precision == "bfloat16" and device == "cuda" and not torch.cuda.is_bf16_supported():
        sys.exit("--precision bfloat16 needs a newer GPU than this one; float16 does not")


class Training:
    """A training from its first update to the best weights."""

    def __init__(self, model, vocabulary: dict, data: dict, settings: dict, options: argparse.Namespace, workers: Workers):
        self.model, self.settings, self.options, self.workers = model, settings, options, workers
        self.examples, self.data = data["train"], data
        self.judged = "validation" if data["validation"] else "train"
        self.running = "running" in vocabulary  # batches keep the text's order
        self.carries = self.running and settings["carryState"] and CONFIG["carries_state"]  # truncated back-propagation
        self.loss = Loss(CONFIG["head"]["loss"], CONFIG["head"]["classes"], EVERY_STEP, settings, [y for _, y in self.examples])
        self.weights = [self.loss.weight_of(y) for _, y in self.examples]
        self.loss.to(workers.device)
        self.judge = Judge(CONFIG, vocabulary, self.loss, settings["batchSize"], self.carries, workers)
        self.parallel = workers.together(model)
        self.optimizer = make_optimizer(model, settings)
        self.scaler = make_scaler(options.precision == "float16")
        self.progress = Progress()
        self.chance = Random(settings["seed"], "dropout")  # of scheduled sampling; the app draws dropout from it, too
        self.hidden = None  # of this process' rows
        self.untold: list[float] = []  # losses since the last line about updates
        self.asked_to_stop = False
        self.saved = time.monotonic()

    def run(self) -> None:
        """Goes over the training examples until the last epoch, an early stop, or a signal."""
        progress = self.progress
        self.tell("", begins=progress.step, best=progress.best)
        self.model.train()
        before = signal.signal(signal.SIGTERM, self.ask_to_stop)
        try:
            while progress.epoch < self.settings["epochs"] and not progress.stopped:
                if not self.run_epoch():
                    self.save()
                    words = f"stopped after step {progress.step}; --resume goes on from {self.options.checkpoint}"
                    self.tell(words, stopped=progress.step)
                    return
        finally:
            signal.signal(signal.SIGTERM, before)
        self.finish()

    def run_epoch(self) -> bool:
        """False where it stopped on the way."""
        progress, every = self.progress, self.settings["checkpointEverySteps"]
        batches = self.batches()
        while progress.batch < len(batches):
            if every is not None and progress.batch > 0 and progress.step % every == 0 and progress.judged_step != progress.step:
                self.evaluate()
                self.save()
            stopping = self.update(batches[progress.batch], progress.epoch, self.settings["epochs"] * len(batches))
            if stopping and progress.batch < len(batches):
                return False
        mean = progress.loss_sum / len(batches)
        figures, best = self.evaluate()
        split = "validation" if self.judged == "validation" else "all of it"
        told = f"loss {figures['loss']:.4f}, {FIGURE} {figures[FIGURE]:.4f}{' *' if best else ''}"
        self.tell(
            f"epoch {progress.epoch + 1}  loss {mean:.4f} | {split}: {told}", epoch=progress.epoch + 1, train=mean, **figures
        )
        progress.end_epoch(figures["loss"], self.settings)
        if progress.stopped:
            self.tell(f"stopped early: the loss has not fallen for {progress.stale} epochs")
        self.save_now_and_then()
        return not stopping or progress.epoch == self.settings["epochs"]

    def batches(self) -> list[list[int]]:
        """Examples of each batch of the epoch, the same ones in every process."""
        size = self.settings["batchSize"]
        if self.running:
            return as_streams(len(self.examples), size)
        return by_length(lengths_of(self.examples, SAYS), size, self.settings["seed"], self.progress.epoch)

    def update(self, rows: list[int], epoch: int, total: int) -> bool:
        """One step down the gradient of a batch's loss. True where it is to be the last one for now."""
        progress, workers, options = self.progress, self.workers, self.options
        mine = workers.share(rows)
        # A process without a row of its own takes part all the same, with one that does not count.
        batch = collate([self.examples[i] for i in mine or rows[:1]], SAYS, workers.device)
        torch.manual_seed((self.settings["seed"] * 1_000_003 + progress.step) * workers.world + workers.rank)  # of dropout
        share = self.settings["scheduledSampling"] * progress.step / max(1, total - 1)
        if SAYS and share > 0:
            drawn = draw_own([len(self.examples[i][1]) for i in rows], share, self.chance)
            batch = with_own_tokens(self.model, batch, drawn[workers.rank :: workers.world] if mine else drawn[:1])
        if progress.batch == 0 or not mine:
            self.hidden = None
        with torch.autocast(workers.device.type, PRECISIONS[options.precision] or torch.bfloat16, options.precision != "float32"):
            outputs = forward(self.parallel, batch, EVERY_STEP, first_rows(self.hidden, len(mine)))
        self.hidden = first_rows(self.model.hidden, len(mine)) if self.carries else None
        # The whole batch's loss is the sum of every process' part: each is divided by what counts in all of them.
        count = sum(self.weights[i] for i in rows)
        terms = self.loss.terms(outputs.float(), batch.targets) * self.loss.weights_of(batch.targets)
        part = terms.sum() / count * (1 if mine else 0)
        mean, asked = workers.sum(part.item(), float(self.asked_to_stop))
        loss = self.loss.of_mean(mean)
        if not math.isfinite(loss):
            self.diverged(loss)
        self.optimizer.zero_grad()
        # Gradients become the mean over the processes, and it is their sum that is wanted.
        self.scaler.scale(part * self.loss.slope(mean) * workers.world).backward()
        self.scaler.unscale_(self.optimizer)
        clip_gradients(self.model, self.settings)
        rate = progress.scale * rate_at(self.settings, progress.step, epoch, total)
        set_rate(self.optimizer, rate)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        progress.step, progress.batch, progress.loss_sum = progress.step + 1, progress.batch + 1, progress.loss_sum + loss
        self.untold.append(loss)
        if progress.batch % options.every == 0 or progress.batch * self.settings["epochs"] == total:
            self.tell("", step=progress.step, loss=sum(self.untold) / len(self.untold), rate=rate)
            self.untold = []
        return asked > 0 or progress.step == options.steps

    def evaluate(self) -> tuple[dict[str, float], bool]:
        """Figures of the split that is judged, and whether these weights are the best so far."""
        figures = self.judge.evaluate(self.model, self.data[self.judged])
        best = self.progress.judge(self.model, figures["loss"], figures[FIGURE], CONFIG["judged_by"]["higher_is_better"])
        self.tell("", judged=self.progress.step, split=self.judged, best=best, figures=figures)
        return figures, best

    def finish(self) -> None:
        """Keeps the best weights, and judges them once on examples that had no part in choosing them."""
        progress = self.progress
        self.save()
        if progress.best is None:
            sys.exit("nothing is kept: the loss was never a number")
        figure, _, step = progress.best
        self.tell(f"kept: the weights after step {step}, {FIGURE} {figure:.4f}", kept=step, **{FIGURE: figure})
        if self.data["test"]:
            self.model.load_state_dict(progress.weights)
            figures = self.judge.evaluate(self.model, self.data["test"])
            self.tell(f"test: {', '.join(f'{name} {value:.4f}' for name, value in figures.items())}", test=figures)

    def diverged(self, loss: float) -> None:
        if self.workers.first:
            print(f"step {self.progress.step + 1}: the loss is {loss}; a lower --learning-rate may help", file=sys.stderr)
            self.save_best()
        self.tell("", diverged=self.progress.step + 1, loss=loss)
        sys.exit(1)

    def save_now_and_then(self) -> None:
        """Many short epochs do not spend their time writing."""
        late = self.workers.sum(float(time.monotonic() - self.saved > SECONDS_UNSAVED))
        if late[0] > 0:
            self.save()

    def save(self) -> None:
        self.saved = time.monotonic()
        self.progress.chance = self.chance.state
        self.progress.hidden = self.workers.gather(self.hidden)
        if self.workers.first:
            save_checkpoint(self.options.checkpoint, self.model, self.optimizer, self.scaler, self.progress, self.identity())
            self.save_best()
        self.tell("", saved=self.progress.step, best=self.progress.best)

    def save_best(self) -> None:
        if self.progress.best is not None:
            save_safetensors(self.progress.weights, self.options.out, {"step": str(self.progress.best[2])})

    def resume(self) -> None:
        try:
            path = self.options.checkpoint
            self.progress = load_checkpoint(path, self.model, self.optimizer, self.scaler, self.identity())
        except (OSError, ValueError) as error:
            sys.exit(f"--resume: {error}")
        self.chance.state = self.progress.chance
        self.hidden = self.workers.scatter(self.progress.hidden)

    def identity(self) -> dict:
        """What must be the same when a training goes on."""
        return {
            "settings": json.dumps({**self.settings, "epochs": None}, sort_keys=True),
            "examples": {split: len(found) for split, found in self.data.items()},
        }

    def ask_to_stop(self, *_) -> None:
        self.asked_to_stop = True

    def tell(self, text: str, **values: object) -> None:
        """Says it once, as text or as JSON."""
        if not self.workers.first:
            return
        if not self.options.json:
            print(text, flush=True)
        elif values:
            print(json.dumps(values), flush=True)


if __name__ == "__main__":
    main()
