import type { TrainForm } from './form.ts';

/** Python of `train.py` that reads a file's examples: rows that are none are left out and told. */
export function readExamples(form: TrainForm): string {
  const { windows, language } = form;
  const wholeText = `    running = vocabulary.get("running")
    if running and reading["format"] == "text":
        ids = torch.tensor(encode(tokenize(read_content(path, reading), vocabulary["tokenizer"]), vocabulary))
        return {"train": cut_into_chunks(ids, running), "validation": []}
`;
  return `def read_examples(path: str, vocabulary: dict, options: argparse.Namespace) -> dict[str, list[tuple[Tensor, Tensor]]]:
    """Input and target of each example, as tensors: those to train on, and those that a column names for validation."""
    columns = vocabulary["columns"] or {"input": None, "target": None}
    wanted = ${language ? 'options.input or columns["input"] or []' : '[*(options.input or columns["input"] or []), *(options.target or columns["target"] or [])]'}
    LEFT_OUT.clear()
    reading = settle(path, vocabulary["reading"], options.format, wanted, options.no_header)
${language ? wholeText : ''}    cells = Cells(reading)
    rows = []
    for line, row in read_rows(path, reading):
        ${windows ? 'split = None\n        ' : ''}try:
            if isinstance(row, BadRow):
                raise row
            split = split_of(row, reading["split"])
            if split == "test":${windows ? '\n                rows.append((line, row, split, None, None))' : ''}
                continue
            inputs = choose(row, options.input, columns["input"], "input")
${
  language
    ? '            rows.append((line, row, split, cells.text(row, inputs), None))'
    : `            targets = choose(row, options.target, columns["target"], "target")
            rows.append((line, row, split, ${givenInput(form)}, ${givenTarget(form)}))`
}
        except BadRow as error:
            LEFT_OUT.append(f"line {line}: {error}")${windows ? '\n            rows.append((line, row, split, None, None))' : ''}
${
  windows
    ? `    if any(isinstance(x, list) and x and isinstance(x[0], list) for *_, x, _ in rows):
        rows = [row for row in rows if row[3] is not None]
    else:
        rows = cut_windows(rows, reading, vocabulary["window"])
`
    : ''
}    examples = {"train": [], "validation": []}
    for line, _, split, given, answer in rows:
        try:
            examples[split].append(make_example(given, answer, vocabulary))
        except BadRow as error:
            LEFT_OUT.append(f"line {line}: {error}")
        except (OSError, TypeError, ValueError) as error:
            raise ValueError(f"line {line}: not an example of this model: {error}") from None
${
  language
    ? `    if running:
        joined = {split: torch.cat([y[:-1] for _, y in found]) for split, found in examples.items() if found}
        return {split: cut_into_chunks(joined[split], running) if split in joined else [] for split in examples}
`
    : ''
}    return examples


${language ? textExample : makeExample(form)}`;
}

/** Python of what the chosen columns of `row` hold. */
function givenInput({ media, tags, tokens, windows }: TrainForm): string {
  if (media) return '(Path(path).parent, text_of(row[inputs[0]]))';
  if (tokens) return tags ? 'cells.tokens(row, inputs[0])' : 'cells.text(row, inputs)';
  return windows ? 'cells.numbers(row, inputs)' : 'cells.steps(row, inputs)';
}

function givenTarget({ numbers, says, tags }: TrainForm): string {
  if (numbers) return 'cells.numbers(row, targets)';
  if (says) return 'cells.text(row, targets)';
  return tags ? 'cells.tags(row, targets[0])' : 'cells.label(row, targets[0])';
}

const makeExample = ({ tags }: TrainForm): string => `def make_example(given, answer, vocabulary: dict) -> tuple[Tensor, Tensor]:
    """What stands in the columns -> input and target."""
    x = read_input(given, vocabulary)
    y = read_target(answer, vocabulary)
    if len(x) == 0:
        raise BadRow("the input is empty")${
          tags
            ? `
    if len(x) != len(y):
        raise BadRow("expected one tag for each step")`
            : ''
        }
    return x, y`;

const textExample = `def make_example(given: str | list[str], _, vocabulary: dict) -> tuple[Tensor, Tensor]:
    """A text -> what is read and what is to be said at each step."""
    if "running" in vocabulary:
        given = [*given, "\\n"] if isinstance(given, list) else given + "\\n"
    x = read_input(given, vocabulary)
    if len(x) == 0:
        raise BadRow("the input is empty")
    return torch.cat([torch.tensor([BEGIN]), x]), torch.cat([x, torch.tensor([END])])


def cut_into_chunks(ids: Tensor, running: dict) -> list[tuple[Tensor, Tensor]]:
    """One text -> chunks of it, in order."""
    before = torch.cat([torch.tensor([BEGIN]), ids[:-1]])
    return list(zip(before.split(running["chunk"]), ids.split(running["chunk"])))`;
