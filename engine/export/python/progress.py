"""What a training remembers: where it is, its best weights, and what schedule and early stopping wait for."""

from __future__ import annotations

import math

from torch import Tensor, nn


class Progress:
    def __init__(self) -> None:
        self.epoch = self.batch = self.step = 0  # of what comes next, from 0
        self.loss_sum = 0.0  # of this epoch's updates
        self.judged_step = -1
        self.best: tuple[float, float, int] | None = None  # figure, loss and step of the weights that are kept
        self.weights: dict[str, Tensor] = {}  # those weights
        self.lowest, self.stale = math.inf, 0  # of early stopping
        self.scale, self.plateau, self.waited = 1.0, math.inf, 0  # of the plateau schedule
        self.stopped = False
        self.chance: list[int] = []  # state of the generator that scheduled sampling draws from
        self.hidden: list | None = None  # states of a running text, of all rows

    def judge(self, model: nn.Module, loss: float, figure: float, higher_is_better: bool) -> bool:
        """Keeps the weights if they are the best so far: by the figure, by the loss where it is equal."""
        self.judged_step = self.step
        if math.isnan(loss) or math.isnan(figure):
            return False
        if self.best is not None:
            before, least, _ = self.best
            better = figure > before if higher_is_better else figure < before
            if not (better or figure == before and loss < least):
                return False
        self.best = (figure, loss, self.step)
        self.weights = {name: value.detach().cpu().clone() for name, value in model.state_dict().items()}
        return True

    def end_epoch(self, loss: float, settings: dict) -> None:
        """Goes on to the next epoch, or stops early: the loss has not fallen for as many epochs as it waits."""
        self.lower_rate(loss, settings["schedule"])
        self.stale = 0 if loss < self.lowest else self.stale + 1
        self.lowest = min(self.lowest, loss)
        self.epoch, self.batch, self.loss_sum = self.epoch + 1, 0, 0.0
        patience = settings["earlyStoppingPatience"]
        self.stopped = patience is not None and self.stale >= patience

    def lower_rate(self, loss: float, schedule: dict) -> None:
        """Lowers the rate where the loss has stopped falling, by the rule of ReduceLROnPlateau."""
        if schedule["kind"] != "plateau":
            return
        if loss < self.plateau * (1 - 1e-4):
            self.plateau, self.waited = loss, 0
            return
        self.waited += 1
        if self.waited > schedule["patience"]:
            self.scale, self.waited = self.scale * schedule["factor"], 0
