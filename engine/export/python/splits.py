"""Which examples are for training, validation and test: by the app's rule and its random numbers, so that they are the same ones."""

from __future__ import annotations

import math

from chance import Random

SPLITS = ("train", "validation", "test")


def shares_to_cut(given: list[str], rule: dict) -> tuple[float, float]:
    """Shares for validation and test that are cut from what is for training: none for a split that the data names itself."""
    named = set(given)
    return tuple(0 if split in named else rule[split] for split in SPLITS[1:])


def choose(count: int, rule: dict) -> list[int]:
    """The examples that are used at all, in the order of the file."""
    if rule["limit"] is None:
        return list(range(count))
    return sorted(Random(rule["seed"], "limit").shuffle(list(range(count)))[: rule["limit"]])


def assign(given: list[str], rule: dict, strata: list[int] | None, groups: list[str] | None) -> list[str | None]:
    """The split of each example, None where it is not used.

    given: what the data says of each, "train" where it says nothing. strata: classes, of which each split gets its share. groups:
    examples of one group stay together.
    """
    chosen = choose(len(given), rule)
    found: list[str | None] = [None] * len(given)
    validation, test = shares_to_cut(given, rule)
    shares = [1 - validation - test, validation, test]
    for_training = [i for i in chosen if given[i] == "train"]
    units: dict = {}  # what is split as a whole
    for i in for_training:
        units.setdefault(i if groups is None else groups[i], []).append(i)
    by_stratum: dict[int, list] = {}
    for name, members in units.items():
        by_stratum.setdefault(0 if strata is None else strata[members[0]], []).append(name)
    random = Random(rule["seed"], "split")
    carried = [0.0, 0.0, 0.0]
    for _, stratum in sorted(by_stratum.items(), key=lambda one: one[0]):
        random.shuffle(stratum)
        stratum.sort(key=lambda name: -len(units[name]))  # the small ones even out what large ones leave
        size = sum(len(units[name]) for name in stratum)
        wanted = [share * size + left for share, left in zip(shares, carried)]
        had = [0, 0, 0]
        for place, name in enumerate(stratum):
            missing = [want - has for want, has in zip(wanted, had)]
            split = 0 if place == 0 else missing.index(max(missing))
            had[split] += len(units[name])
            for i in units[name]:
                found[i] = SPLITS[split]
        carried = [want - has for want, has in zip(wanted, had)]
    for i in chosen:
        if given[i] != "train":
            found[i] = given[i]
    return found


def assign_in_order(given: list[str], sizes: list[int], rule: dict) -> list[str | None]:
    """Rows of a running text: the beginning is for training, the end for the test. sizes: tokens of each row."""
    used = first_rows(given, rule["limit"])
    validation, test = shares_to_cut(given, rule)
    cut = [i for i in used if given[i] == "train"]
    total = max(1, sum(sizes[i] for i in cut))
    found: list[str | None] = [None] * len(given)
    before = 0
    for place, i in enumerate(cut):
        middle = (before + sizes[i] / 2) / total
        found[i] = "train" if place == 0 or middle < 1 - validation - test else "validation" if middle < 1 - test else "test"
        before += sizes[i]
    for i in used:
        if given[i] != "train":
            found[i] = given[i]
    return found


def first_rows(given: list[str], limit: int | None) -> list[int]:
    """As many rows as are used, the first ones; of each split that the data names its share."""
    count = len(given)
    if limit is None or limit >= count:
        return list(range(count))
    left = {split: max(int(split == "train"), math.floor(limit * given.count(split) / count)) for split in SPLITS}
    if set(given) == {"train"}:
        return list(range(limit))
    used = []
    for i, split in enumerate(given):
        left[split] -= 1
        if left[split] >= 0:
            used.append(i)
    return used


def assign_in_time(given: list[str], shares: tuple[float, float]) -> list[str]:
    """Rows of one series: what comes later is never seen before."""
    validation, test = shares
    rows = given.count("train")
    train_end = math.floor(rows * max(0, 1 - validation - test) + 0.5)
    validation_end = max(train_end, math.floor(rows * (1 - test) + 0.5))
    found, rank = [], 0
    for split in given:
        if split == "train":
            split = "train" if rank < train_end else "validation" if rank < validation_end else "test"
            rank += 1
        found.append(split)
    return found
