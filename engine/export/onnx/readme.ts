import type { Plan } from '../../compile/plan.ts';
import { className, inputName } from '../pytorch/torch-plan.ts';
import { operatorSet } from './encode-model.ts';
import { outputOf } from './write-graph.ts';

/** `README.md` of the exported folder. */
export function readme(plan: Plan): string {
  const tokens = inputName(plan) === 'tokens';
  const input = inputName(plan);
  const output = outputOf(plan);
  const rows = tokens
    ? 'tokens = np.array([[5, 9, 4], [7, 6, 0]])'
    : `series = np.random.randn(2, 3, ${plan.facts.features}).astype(np.float32)`;
  const taken = tokens
    ? 'int64 `[batch, time]`, ids of `vocabulary.json`'
    : `float32 \`[batch, time, ${plan.facts.features}]\`, normalized as \`vocabulary.json\` says`;
  return `# ${className(plan)}

A trained recurrent network as ONNX (operator set ${operatorSet}), exported by Unroll. It runs wherever ONNX runs: Python, C++, C#, Java, the browser, phones.

| file | what it is |
|---|---|
| \`model.onnx\` | the network and its weights; open it in Netron to look at it. Its metadata hold the task, the classes and the content of \`vocabulary.json\` |
| \`vocabulary.json\` | ${tokens ? "the tokenizer's rule, the tokens and the classes by id" : 'the normalization of inputs and targets, and the classes'} |
| \`test_parity.py\`, \`golden.json\` | inputs, the numbers that the app computed for them, and the check that onnxruntime gives them too, to within 1e-4 |

\`\`\`
pip install onnxruntime
python test_parity.py
\`\`\`

## Inputs and output

| name | what it is |
|---|---|
| \`${input}\` | ${taken}, padded to the longest row |
| \`lengths\` | int64 \`[batch]\`: how many steps of each row are real, at least 1. Padding changes nothing |
| \`${output.name}\` | ${output.description} |

\`\`\`python
import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession("model.onnx")
${rows}  # two rows, the second one step shorter
lengths = np.array([3, 2])
(output,) = session.run(None, {"${input}": ${input}, "lengths": lengths})
\`\`\`

Batch and time may have any size. Dropout is left out: it acts in training only. To train on, use the PyTorch export.
`;
}
