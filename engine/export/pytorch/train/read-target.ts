import { pieceFunctions } from '../input-form.ts';
import type { TrainForm } from './form.ts';

/** Python of `train.py` from what stands in the chosen columns to the target; nothing of a language model, whose target is its input. */
export function readTarget({ numbers, tags, tokens, says, language }: TrainForm): readonly string[] {
  if (language) return [spaced];
  if (says) return [spaced, ...(tokens ? [] : [pieceFunctions]), sequenceTarget];
  return [
    ...(tokens && !tags ? [spaced] : []),
    ...(numbers ? [numberTarget] : [classId, tags ? tagTarget(tokens) : classTarget]),
  ];
}

const spaced = `def spaced(tokens: list[str], rule: dict) -> list[str]:
    """Given tokens as sub-words are cut out of them: the space stands before each but the first."""
    space = " " if rule["level"] == "subword" else ""
    return [space + token if place else token for place, token in enumerate(tokens)]`;

const sequenceTarget = `def read_target(given: str | list[str], vocabulary: dict) -> Tensor:
    """The text to say, or a list of its tokens -> their ids [U], <eos> last."""
    rule = vocabulary["target"]
    if isinstance(given, str):
        words = tokenize_target(given, rule)
    else:
        words = pieces(spaced([normalize_target(word, rule) for word in given], rule), rule)
    if not words:
        raise BadRow("no target text")
    words = words[: rule["max_length"]]
    ids = {word: i for i, word in enumerate(vocabulary["classes"]) if i > END}
    return torch.tensor([*(ids.get(word, 1) for word in words), END])


def normalize_target(text: str, rule: dict) -> str:
    text = unicodedata.normalize(rule["normalization"], text)
    return text.lower() if rule["lowercase"] else text


def tokenize_target(text: str, rule: dict) -> list[str]:
    text = normalize_target(text, rule)
    words = list(text) if rule["level"] == "character" else re.findall(rule["word_pattern"], text)
    return pieces(words, rule)`;

const numberTarget = `def read_target(given: list[float], vocabulary: dict) -> Tensor:
    """Numbers in the units of the data -> normalized [K]."""
    rule = vocabulary["target_normalization"]
    values = torch.tensor([float(value) for value in given])
    if len(values) != len(rule["mean"]):
        raise ValueError(f"expected {len(rule['mean'])} targets, found {len(values)}")
    return (values - torch.tensor(rule["mean"])) / torch.tensor(rule["deviation"])`;

const classId = `def class_id(name: str, vocabulary: dict) -> int:
    if name not in vocabulary["classes"]:
        raise ValueError(f"unknown class {name!r}: expected one of {vocabulary['classes'][:20]}")
    return vocabulary["classes"].index(name)`;

const classTarget = `def read_target(label: str, vocabulary: dict) -> Tensor:
    """A class -> its id."""
    return torch.tensor(class_id(label, vocabulary))`;

const tagTarget = (tokens: boolean): string => `def read_target(tags: list[str], vocabulary: dict) -> Tensor:
    """Tags -> their ids [T]."""
    return torch.tensor([class_id(tag, vocabulary) for tag in tags${tokens ? '[: vocabulary["tokenizer"]["max_length"]]' : ''}])`;
