import type { Plan } from '../../compile/plan.ts';
import type { MediaKind } from '../features/media-json.ts';
import { generateScript } from './generate-script.ts';
import { type Form, imports, inputForm, loader, textForm } from './input-form.ts';
import { sequenceScript } from './sequence-script.ts';
import { className, everyStep, headOf } from './torch-plan.ts';

/** `predict.py`: text, series or file in, prediction out, through the same steps as the app. */
export function predictScript(plan: Plan, media: MediaKind | null): string {
  const form = inputForm(plan, media);
  if (plan.task === 'sequence-to-sequence') return sequenceScript(plan, form);
  if (plan.task === 'language-model') return generateScript(plan, textForm);
  return script(plan, form);
}

/** Lines that turn the module's output for one row into what is shown. */
function interpret(plan: Plan): { readonly body: string; readonly returns: string; readonly doc: string } {
  const steps = everyStep(plan);
  switch (headOf(plan).kind) {
    case 'linear-regression':
      return {
        doc: 'Numbers in the units of the data',
        returns: 'list[float]',
        body: `    return denormalize(output, vocabulary["target_normalization"])`,
      };
    case 'dense-sigmoid':
      return {
        doc: `Probability of each class${steps ? ' at each step' : ''}`,
        returns: steps ? 'list[list[float]]' : 'list[float]',
        body: `    return torch.stack([1 - output, output], dim=-1).tolist()`,
      };
    default:
      return {
        doc: `Probability of each class${steps ? ' at each step' : ''}`,
        returns: steps ? 'list[list[float]]' : 'list[float]',
        body: `    return output.exp().tolist()`,
      };
  }
}

const denormalize = `def denormalize(values: torch.Tensor, rule: dict) -> list[float]:
    """Normalized numbers [K] in the units of the data."""
    return [
        value * deviation + mean
        for value, mean, deviation in zip(values.tolist(), rule["mean"], rule["deviation"])
    ]`;

function show(plan: Plan): string {
  if (headOf(plan).kind === 'linear-regression') {
    return `def show(values: list[float], vocabulary: dict) -> None:
    """Prints each number with its name."""
    for name, value in zip(vocabulary["target_normalization"]["names"], values):
        print(f"{value:.6g}  {name}")`;
  }
  if (everyStep(plan)) {
    return `def show(tokens: list[str], probabilities: list[list[float]], vocabulary: dict) -> None:
    """Prints each token with its likeliest tag."""
    for token, row in zip(tokens, probabilities):
        best = max(range(len(row)), key=row.__getitem__)
        print(f"{row[best]:.4f}  {vocabulary['classes'][best]}  {token}")`;
  }
  return `def show(probabilities: list[float], vocabulary: dict) -> None:
    """Prints the ten likeliest classes."""
    ranked = sorted(zip(probabilities, vocabulary["classes"]), reverse=True)
    for probability, label in ranked[:10]:
        print(f"{probability:.4f}  {label}")`;
}

/** What `--json` prints beside the result. */
function jsonFields(plan: Plan, tokens: string | null): string {
  const fields = [
    ...(tokens === null ? [] : [`"tokens": ${tokens}`]),
    ...(headOf(plan).kind === 'linear-regression'
      ? ['"names": vocabulary["target_normalization"]["names"]', '"values": result']
      : ['"classes": vocabulary["classes"]', '"probabilities": result']),
  ];
  return `\n${fields.map((field) => `            ${field},\n`).join('')}        `;
}

function script(plan: Plan, form: Form): string {
  const name = className(plan);
  const { body, returns, doc } = interpret(plan);
  const numbers = headOf(plan).kind === 'linear-regression';
  const [parameter, type] = form.parameter;
  const shown = everyStep(plan) && !numbers ? `show(${form.stepNames}, result, vocabulary)` : 'show(result, vocabulary)';
  return `"""${form.usage}
"""
${imports(name, form.imports, form.own)}

${loader(name)}


${form.functions}

${numbers ? `\n${denormalize}\n\n` : ''}
@torch.no_grad()
def predict(${parameter}: ${type}, model: ${name}, vocabulary: dict) -> ${returns}:
    """${doc}."""
${form.prepare}
    output = model(${form.row.join(', ')})[0]
${body}


${show(plan)}


def main() -> None:
    sys.stdout.reconfigure(errors="replace")  # a console that lacks a character shows another one
    layout = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    parser.add_argument(${form.argument})
    parser.add_argument("--json", action="store_true", help="print ${numbers ? 'the numbers' : 'all probabilities'} as JSON")
    parser.add_argument("--weights", default=FOLDER / "model.safetensors", help="as train.py wrote them")
    arguments = parser.parse_args()
    model, vocabulary = load(arguments.weights)
    try:
${form.read}
        result = predict(${parameter}, model, vocabulary)
    except (OSError, ValueError) as error:
        sys.exit(f"predict.py: {error}")
    if arguments.json:
        shown = {${jsonFields(plan, form.tokens)}}
        print(json.dumps(shown))
    else:
        ${shown}


if __name__ == "__main__":
    main()
`;
}
