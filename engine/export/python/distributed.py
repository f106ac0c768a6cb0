"""One training on several processes, each with its share of every batch's rows.

Started by torchrun, or with MASTER_ADDR, MASTER_PORT, RANK and WORLD_SIZE set. Every process reads all examples and knows every
batch; row b of a batch belongs to process b % world. So rows of about equal length are spread evenly, and of a running text a row's
state stays in one process.
"""

from __future__ import annotations

import os
import sys

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from forward import each_part


class Workers:
    """This process and the others."""

    def __init__(self, device: str | None = None, backend: str | None = None):
        self.alone = "WORLD_SIZE" not in os.environ
        self.world = int(os.environ.get("WORLD_SIZE", "1"))
        self.rank = int(os.environ.get("RANK", "0"))
        name = device or ("cuda" if torch.cuda.is_available() else "cpu")
        if name == "cuda":
            if not torch.cuda.is_available():
                sys.exit("--device cuda: PyTorch sees no GPU here")
            name = f"cuda:{int(os.environ.get('LOCAL_RANK', self.rank)) % torch.cuda.device_count()}"
        self.device = torch.device(name)
        if self.device.type == "cuda":
            torch.cuda.set_device(self.device)
        if backend == "nccl" and self.device.type != "cuda":
            sys.exit(f"--backend nccl speaks between GPUs, and this process computes on {self.device}: gloo")
        if not self.alone:
            missing = [variable for variable in ("RANK", "MASTER_ADDR", "MASTER_PORT") if variable not in os.environ]
            if missing:
                sys.exit(f"WORLD_SIZE is {self.world}, so {' and '.join(missing)} must be set, too; torchrun does it")
            dist.init_process_group(backend or ("nccl" if self.device.type == "cuda" else "gloo"))

    @property
    def first(self) -> bool:
        """Whether this process writes files and tells of the training."""
        return self.rank == 0

    def share(self, rows: list) -> list:
        """This process' rows of a batch."""
        return rows[self.rank :: self.world]

    def together(self, model: nn.Module) -> nn.Module:
        """The model with gradients that are the mean over all processes."""
        return model if self.alone else DistributedDataParallel(model)

    def sum(self, *numbers: float) -> list[float]:
        """Each number, summed over all processes."""
        if self.alone:
            return list(numbers)
        total = torch.tensor(numbers, dtype=torch.double, device=self.device)
        dist.all_reduce(total)
        return total.tolist()

    def gather(self, hidden) -> list | None:
        """The states of all rows in their order, from those of each process' rows. Parts are [layers, B, H]."""
        mine = each_part(hidden, lambda part: part.detach().cpu())
        if self.alone or hidden is None:
            return mine
        shares: list = [None] * self.world
        dist.all_gather_object(shares, mine)
        return interleave(shares)

    def scatter(self, hidden):
        """This process' rows of states."""
        return each_part(hidden, lambda part: part[:, self.rank :: self.world].to(self.device).contiguous())

    def close(self) -> None:
        if not self.alone:
            dist.destroy_process_group()


def interleave(shares: list):
    """Row b is row b // world of share b % world."""
    one = shares[0]
    if isinstance(one, (list, tuple)):
        return type(one)(interleave(list(parts)) for parts in zip(*shares))
    if one is None:
        return None
    rows = sum(part.size(1) for part in shares)
    whole: Tensor = one.new_zeros(one.size(0), rows, *one.shape[2:])
    for rank, part in enumerate(shares):
        whole[:, rank :: len(shares)] = part
    return whole
