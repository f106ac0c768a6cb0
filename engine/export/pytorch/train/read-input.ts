import type { TrainForm } from './form.ts';

/** Python of `train.py` from what stands in the chosen columns to the network's input. */
export function readInput({ media, tokens, windows, tags }: TrainForm): string {
  if (media) return mediaInput;
  if (tokens) return tokenInput(tags);
  return windows ? windowInput : seriesInput;
}

const mediaInput = `def read_input(file: tuple[Path, str], vocabulary: dict) -> Tensor:
    """A path relative to a folder -> normalized features [T, F]."""
    folder, path = file
    steps = read_steps(path, vocabulary["media"], folder)[: vocabulary["max_steps"]]
    return normalize(steps, vocabulary["input_normalization"])`;

const tokenInput = (
  steps: boolean,
): string => `def read_input(given: ${steps ? 'list[str]' : 'str | list[str]'}, vocabulary: dict) -> Tensor:
    """${steps ? 'Given tokens' : 'A text, or a list of its tokens'} -> ids [T]."""
    rule = vocabulary["tokenizer"]
${
  steps
    ? `    words = [normalize(word, rule) for word in given][: rule["max_length"]]`
    : `    if isinstance(given, str):
        words = tokenize(given, rule)
    else:
        words = pieces(spaced([normalize(word, rule) for word in given], rule), rule)[: rule["max_length"]]`
}
    return torch.tensor(encode(words, vocabulary))`;

const seriesInput = `def read_input(steps: list[list[float]], vocabulary: dict) -> Tensor:
    """Steps of a series -> normalized [T, F]."""
    rule = vocabulary["input_normalization"]
    if any(len(step) != len(rule["mean"]) for step in steps):
        raise BadRow(f"expected {len(rule['mean'])} numbers at every step")
    return torch.tensor(normalize(steps[: vocabulary["max_steps"]], rule))`;

const windowInput = `def cut_windows(rows: list[tuple], reading: dict, window: dict) -> list[tuple]:
    """Steps of a series -> examples: a window of steps, and the target some steps after its last one.

    Each group is a series of its own, in the order of its dates. A window lies in steps of one split, all of which could be read."""
    length, horizon = window["length"], window["horizon"]
    groups: dict[str | None, list[tuple]] = {}
    for one in rows:
        group = text_of(one[1][reading["group"]]) if reading["group"] and isinstance(one[1], dict) else None
        groups.setdefault(group, []).append(one)
    found = []
    for steps in groups.values():
        steps = in_time(steps, [row if isinstance(row, dict) else None for _, row, *_ in steps], reading["time"])
        for split, stretch in stretches(steps):
            for start in range(0, len(stretch) - length - horizon + 1, window["stride"]):
                span = stretch[start : start + length + horizon]
                if split != "test" and all(x is not None for *_, x, _ in span):
                    found.append((span[-1][0], None, split, [x for *_, x, _ in span[:length]], span[-1][-1]))
    return found


def stretches(steps: list[tuple]) -> list[tuple[str, list[tuple]]]:
    """Neighbours of one split; a step that could not be read and names none goes with the one before, the first with the one after."""
    split = next((one[2] for one in steps if one[2] is not None), "train")
    found: list[tuple[str, list[tuple]]] = []
    for one in steps:
        split = one[2] or split
        if not found or found[-1][0] != split:
            found.append((split, []))
        found[-1][1].append(one)
    return found


def read_input(steps: list[list[float]], vocabulary: dict) -> Tensor:
    """A window of steps -> normalized [T, F]."""
    return torch.tensor(normalize(steps, vocabulary["input_normalization"]))`;
