import type { Plan } from '../../compile/plan.ts';
import type { MediaKind } from '../features/media-json.ts';
import { mediaWords, seesPictures } from '../features/media-words.ts';
import { className, headOf, inputName, torchModules } from './torch-plan.ts';

/** `README.md` of the exported folder. */
export function readme(plan: Plan, media: MediaKind | null, running: boolean): string {
  const name = className(plan);
  const input = inputName(plan);
  const says = plan.task === 'sequence-to-sequence';
  const generates = plan.task === 'language-model';
  const given = media === null ? 'series.csv' : mediaWords[media].example;
  const example =
    input === 'tokens' ? `python predict.py "${generates ? 'how it begins' : 'a sentence'}"` : `python predict.py ${given}`;
  const look = example.replace('predict.py', 'look_inside.py');
  const one = media === 'image';
  const rows =
    input === 'tokens'
      ? 'tokens = torch.tensor([[5, 9, 4], [7, 6, 0]])'
      : `series = torch.randn(2, ${one ? 1 : 3}, ${plan.facts.features})`;
  return `# ${name}

A recurrent network in PyTorch, exported by Unroll with its trained weights. It needs Python 3.8 and torch 1.13, or newer, and ${seesPictures(media) ? 'Pillow to read pictures (`pip install torch pillow`)' : 'nothing else'}.

\`\`\`
${example}
${look}
python test_parity.py
\`\`\`

| file | what it is |
|---|---|
| \`model.py\` | the network, an \`nn.Module\` to read and to change |
| \`model.safetensors\` | its weights: the state dict |
| \`config.json\` | the same network as data: each layer's class, arguments and wiring, and the training settings |
| \`vocabulary.json\` | ${input === 'tokens' ? "the tokenizer's rule, the tokens and the classes by id" : `${media === null ? '' : 'the settings of `features.py`, '}the normalization of inputs and targets${media === null ? '' : ', the classes by id'}`} |
| \`predict.py\`, \`inputs.py\` | ${generates ? 'goes on from a prompt: temperature, top-k, top-p, seed' : `${media === null ? (input === 'tokens' ? 'text' : 'series') : mediaWords[media].input} in, ${says ? 'the likeliest sequences' : 'prediction'} out`} |${says ? '\n| `decode.py`, `beam_tree.py` | greedy and beam search, token by token, and what it looks at |' : ''}
${media === null ? '' : `| \`features.py\`${seesPictures(media) ? ', `pictures.py`' : ''} | ${mediaWords[media].features} |\n`}${input === 'tokens' || says ? '| `tokens.py` | cuts texts into tokens |\n' : ''}| \`train.py\` | trains on your examples as the app does: read it from top to bottom |
| \`data.py\`, \`splits.py\`, \`targets.py\`${plan.task === 'forecasting' ? ', `windows.py`' : ''}${running ? ', `running_text.py`' : ''} | the examples, and which are for training, validation and test |
| \`batches.py\`, \`chance.py\` | the order of an epoch's batches, by the app's own random numbers |
| \`forward.py\`, \`losses.py\`, \`optim.py\` | a batch through the network, the loss with its class weights, optimizer, schedule and clipping |
| \`metrics.py\`${says ? ', `token_errors.py`' : ''}, \`progress.py\` | the figures, the best weights, early stopping |
| \`checkpoints.py\`, \`distributed.py\` | going on after a stop, and training on several processes or GPUs |
| \`rows.py\`, \`examples.py\`, \`tables.py\`, \`archives.py\`, \`json_rows.py\`, \`cells.py\`, \`lists.py\`, \`dates.py\` | read CSV, TSV, JSON, CoNLL columns, ARFF or .ts, with the reading settings of the run (\`reading\` in \`vocabulary.json\`) |
| \`look_inside.py\`, \`recurrences.json\` | every gate and state at every step, gradients back through time and term by term, which steps matter, spectra: what the app shows, by autograd |
| \`recurrences.py\`, \`equations.py\`, \`through_time.py\`, \`saliency.py\`, \`made.py\`, \`answers.py\`, \`example.py\` | how: each cell runs by its equations in the place of its module |
| \`network.py\`, \`weights.py\` | load the network; read and write safetensors with torch alone |
| \`test_parity.py\`, \`parity.py\`, \`parity_predictions.py\`, \`golden.json\` | inputs, the numbers that the app computed for them, and the check that this code gives them too, to within 1e-5 |

## Looking inside

\`look_inside.py\` prints, of one input, what \`unroll inspect\` prints: with \`--json\` the same lines, \`trace\`, \`gradient\`, \`saliency\`${says ? ', `beam`' : ''} and \`spectrum\`. \`--target WHAT\` says what the network should say, so that the gradient is that of its loss; \`--of\` takes another (\`--of step --step 3\`, \`--of class=NAME\`, \`--of token=NAME --step 0\`; steps count from 0), \`--node ID\` keeps one node, and \`--out DIR\` writes all arrays as safetensors. Everything is computed in double precision, from the cells' equations; how far these are from the modules of \`model.py\` is told.

## From Python

\`\`\`python
import torch
from network import load

model, vocabulary = load()
${rows}  # ${one ? 'two pictures, each a row of one step' : 'two rows, the second one step shorter'}
lengths = torch.tensor(${one ? '[1, 1]' : '[3, 2]'})
${
  says
    ? `targets = torch.tensor([[2, 7, 5], [2, 6, 0]])  # previous target tokens, <bos> first
output = model(${input}, lengths, targets, torch.tensor([3, 2]))  # log-probabilities of the next`
    : `output = model(${input}, lengths)  # ${outputMeaning(plan)}`
}
\`\`\`
${media === null ? '' : fromFiles(media)}${notes(plan)}`;
}

function fromFiles(media: MediaKind): string {
  const exact = seesPictures(media)
    ? ' Decoders of JPEG differ: by about one level of 256 where a picture is shrunk well or has smooth colours, by more at sharp edges between colours. Of a PNG of 16 bits a colour, the upper 8 are read.'
    : '';
  return `
From a file:

\`\`\`python
from features import read_steps
from inputs import to_input

steps = read_steps("${mediaWords[media].example}", vocabulary["media"])  # [T, F], as the app computes them
inputs = to_input(steps, vocabulary).unsqueeze(0)
\`\`\`

The steps are the app's own numbers.${exact}
`;
}

function outputMeaning(plan: Plan): string {
  switch (headOf(plan).kind) {
    case 'dense-softmax':
      return 'log-probabilities';
    case 'dense-sigmoid':
      return 'the probability of the second class';
    default:
      return 'normalized numbers; predict.py turns them into the units of the data';
  }
}

function notes(plan: Plan): string {
  const classes = new Set(torchModules(plan).map((module) => module.className));
  const lines: string[] = [
    "- `train.py` trains as the app does, with the settings of the run in `config.json`: of the same data the same splits, the same batches in the same order and, but for rounding, the same weights. With these exceptions: dropout draws other numbers, `--fresh` starts from PyTorch's own random weights (recurrent ones orthogonal where the app's are), and optimizers that follow no gradient become Adam.",
    '- Several processes or GPUs: `torchrun --nproc_per_node 4 train.py FILE`, or start each with MASTER_ADDR, MASTER_PORT, RANK and WORLD_SIZE. The batch size is that of all together, and the result is that of one process. `--precision bfloat16` computes with half as many bits where that is enough.',
    '- A stopped training goes on with `--resume`, also with another number of processes.',
  ];
  if (torchModules(plan).some((module) => module.state !== undefined)) {
    lines.push(
      '- `forward` starts from zeros and leaves the state after the last step of each row in `model.hidden`. Hand it back, `model(next, lengths, model.hidden)`, to go on from there. Detach it first when you train on chunks.',
    );
  }
  const lectures = (['RelevanceGRU', 'SimplifiedGRU'] as const).filter((name) => classes.has(name)).map((name) => `\`${name}\``);
  if (lectures.length > 0) {
    lines.push(
      `- ${lectures.join(' and ')} ${lectures.length > 1 ? 'are' : 'is'} written in PyTorch's convention: z weighs the old state. Textbooks often use the update gate u = 1 - z, which weighs the candidate; the rows of u changed their sign on the way here, since 1 - sigmoid(a) = sigmoid(-a).`,
    );
  }
  if ([...classes].some((name) => name.endsWith('PeepholeLSTM'))) {
    lines.push('- `weight_ch_l0` holds the peepholes: one number a unit for each gate that sees the cell state.');
  }
  if (classes.has('nn.LSTM')) lines.push('- Gate order in the stacked weights of `nn.LSTM`: i, f, g, o.');
  if (classes.has('nn.GRU')) lines.push('- Gate order in the stacked weights of `nn.GRU`: r, z, n.');
  return `\n## Good to know\n\n${lines.join('\n')}\n`;
}
