import type { Plan } from '../../compile/plan.ts';
import { type Form, imports, loader } from './input-form.ts';
import { className } from './torch-plan.ts';

/** `predict.py` of an encoder–decoder: an input in, sequences out. */
export function sequenceScript(plan: Plan, form: Form): string {
  const name = className(plan);
  const [parameter, type] = form.parameter;
  return `"""${form.usage}
"""
${imports(name, form.imports, ['from decode import beam', ...form.own])}

${loader(name)}


${form.functions}


def write(tokens: list[str], rule: dict) -> str:
    """Tokens as one text: words with spaces between, characters and sub-words as they stand."""
    return (" " if rule["level"] == "word" else "").join(tokens)


@torch.no_grad()
def predict(
    ${parameter}: ${type}, model: ${name}, vocabulary: dict, width: int = 5, length_penalty: float = 0.6
) -> list[dict]:
    """The likeliest sequences, best first; a width of 1 is greedy."""
${form.prepare}
    limit = vocabulary["target"]["max_tokens"]
    found = beam(model, ${form.row.join(', ')}, limit, width, length_penalty)
    hypotheses = []
    for said, log_probability in found:
        tokens = [vocabulary["classes"][token] for token in said]
        text = write(tokens, vocabulary["target"])
        hypotheses.append({"tokens": tokens, "text": text, "log_probability": log_probability})
    return hypotheses


def main() -> None:
    sys.stdout.reconfigure(errors="replace")  # a console that lacks a character shows another one
    layout = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    parser.add_argument(${form.argument})
    parser.add_argument("--json", action="store_true", help="print all hypotheses as JSON")
    parser.add_argument("--width", type=int, default=5, help="hypotheses that are kept; 1 is greedy")
    parser.add_argument("--length-penalty", type=float, default=0.6, help="0 favours short sequences")
    parser.add_argument("--weights", default=FOLDER / "model.safetensors", help="as train.py wrote them")
    arguments = parser.parse_args()
    model, vocabulary = load(arguments.weights)
    try:
${form.read}
        hypotheses = predict(${parameter}, model, vocabulary, arguments.width, arguments.length_penalty)
    except (OSError, ValueError) as error:
        sys.exit(f"predict.py: {error}")
    if arguments.json:
        print(json.dumps(hypotheses))
    else:
        for one in hypotheses:
            print(f"{one['log_probability']:9.4f}  {one['text']}")


if __name__ == "__main__":
    main()
`;
}
