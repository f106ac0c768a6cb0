import type { Plan } from '../../compile/plan.ts';
import type { DataEncoding } from '../../data/dataset.ts';
import { mediaKind } from '../features/media-json.ts';
import { mediaSteps } from '../features/media-steps.ts';
import { mediaWords, seesPictures } from '../features/media-words.ts';
import { waySaid } from '../pytorch/python-parts.ts';
import { className, inputName } from '../pytorch/torch-plan.ts';
import { attends, modelInputs, outputOf } from './border.ts';
import { operatorSet } from './encode-model.ts';
import { nextPrefix, stepFiles } from './write-steps.ts';

/** `README.md` of the exported folder. */
export function readme(plan: Plan, encoding: Pick<DataEncoding, 'binding'>): string {
  const media = mediaKind(encoding);
  const tokens = inputName(plan) === 'tokens';
  const input = inputName(plan);
  const output = outputOf(plan);
  const says = plan.task === 'sequence-to-sequence';
  const one = media === 'image';
  const rows = tokens
    ? 'tokens = np.array([[5, 9, 4], [7, 6, 0]])'
    : `series = np.random.randn(2, ${one ? 1 : 3}, ${plan.facts.features}).astype(np.float32)`;
  const taken = tokens
    ? 'int64 `[batch, time]`, ids of `vocabulary.json`'
    : `float32 \`[batch, time, ${plan.facts.features}]\`, normalized as \`vocabulary.json\` says`;
  const feeds = modelInputs(plan).map(({ name }) => `"${name}": ${name}`);
  return `# ${className(plan)}

A trained recurrent network as ONNX (operator set ${operatorSet}), exported by Unroll. It runs wherever ONNX runs: Python, C++, C#, Java, the browser, phones.

| file | what it is |
|---|---|
| \`model.onnx\` | the network and its weights; open it in Netron to look at it. Its metadata hold the task, the classes and the content of \`vocabulary.json\` |
${stepRows(plan)}${media === null ? '' : `| \`features.py\`${seesPictures(media) ? ', `pictures.py`' : ''} | ${mediaWords[media].features}; ${seesPictures(media) ? 'it needs torch and Pillow' : 'it needs torch'} |\n`}| \`vocabulary.json\` | ${tokens ? "the tokenizer's rule, the tokens and the classes by id" : `${media === null ? '' : 'the settings of `features.py`, '}the normalization of inputs and targets, and the classes`} |
${waySaid(plan) === 'labels' ? '' : '| `decode.py` | how to say a sequence with them |\n'}| \`test_parity.py\`, \`parity.py\`, \`parity_predictions.py\`, \`golden.json\` | inputs, the numbers that the app computed for them, and the check that onnxruntime gives them too, to within 1e-4 |

\`\`\`
pip install onnxruntime
python test_parity.py
\`\`\`

## Inputs and output

| name | what it is |
|---|---|
| \`${input}\` | ${taken}, padded to the longest row |
| \`lengths\` | int64 \`[batch]\`: how many steps of each row are real, at least 1. Padding changes nothing |
${says ? '| `targets` | int64 `[batch, target_time]`: the tokens said before each step, `<bos>` (2) first, padded |\n| `target_lengths` | int64 `[batch]`: how many of them are real, at least 1 |\n' : ''}| \`${output.name}\` | ${output.description} |
${says && attends(plan) ? '| `alignment` | float32 `[batch, target_time, time]`: how much each step of the input counted |\n' : ''}
\`\`\`python
import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession("model.onnx")
${rows}  # ${one ? 'two pictures, each a row of one step' : 'two rows, the second one step shorter'}
lengths = np.array(${one ? '[1, 1]' : '[3, 2]'})
${says ? 'targets = np.array([[2, 7, 5], [2, 6, 0]])\ntarget_lengths = np.array([3, 2])\n' : ''}output, *_ = session.run(None, {${feeds.join(', ')}})
\`\`\`

Batch and time may have any size. Dropout is left out: it acts in training only. To train on, use the PyTorch export.
${mediaSteps(encoding)}${generation(plan)}`;
}

function stepRows(plan: Plan): string {
  switch (plan.task) {
    case 'sequence-to-sequence':
      return `| \`${stepFiles.encoder}\`, \`${stepFiles.decoder}\` | the same weights in two parts, to say a sequence token by token |\n`;
    case 'language-model':
      return `| \`${stepFiles.language}\` | the same weights with states in and out, to go on from a prompt token by token |\n`;
    default:
      return '';
  }
}

/** How to say a sequence with the step graphs. */
function generation(plan: Plan): string {
  const after = `Its outputs named \`${nextPrefix}…\` are the states for the next call, under the same names without \`${nextPrefix}\`. Never say ids 0 to 2 (\`<pad>\`, \`<unk>\`, \`<bos>\`); id 3, \`<eos>\`, ends. \`classes\` of \`vocabulary.json\` has the tokens by id; as a text, words stand with spaces between, and characters and sub-words are joined as they are.`;
  switch (plan.task) {
    case 'sequence-to-sequence':
      return `
## To say a sequence

Run \`${stepFiles.encoder}\` once. What it gives is what \`${stepFiles.decoder}\` takes, name by name, beside \`targets\`: \`<bos>\` (2) at first, then the token said last, \`[batch, 1]\`. ${after} \`greedy\` in \`decode.py\` does it in ten lines. Beam search keeps several sequences open, which is a loop around these graphs, not a part of them; the PyTorch export has it.
`;
    case 'language-model':
      return `
## To go on from a prompt

\`${stepFiles.language}\` takes \`tokens\` (the whole prompt at first, \`<bos>\` (2) before it unless it is of a running text, then the token said last) and the states, zeros \`[layers, batch, width]\` at first. ${after} \`generate\` in \`decode.py\` does it in ten lines.
`;
    default:
      return '';
  }
}
