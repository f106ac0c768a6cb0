import type { Plan } from '../../compile/plan.ts';
import type { MediaKind } from '../features/media-json.ts';
import { mediaWords, seesPictures } from '../features/media-words.ts';
import { className, headOf, inputName, torchModules } from './torch-plan.ts';

/** `README.md` of the exported folder. */
export function readme(plan: Plan, media: MediaKind | null): string {
  const name = className(plan);
  const input = inputName(plan);
  const says = plan.task === 'sequence-to-sequence';
  const generates = plan.task === 'language-model';
  const given = media === null ? 'series.csv' : mediaWords[media].example;
  const example =
    input === 'tokens' ? `python predict.py "${generates ? 'how it begins' : 'a sentence'}"` : `python predict.py ${given}`;
  const one = media === 'image';
  const rows =
    input === 'tokens'
      ? 'tokens = torch.tensor([[5, 9, 4], [7, 6, 0]])'
      : `series = torch.randn(2, ${one ? 1 : 3}, ${plan.facts.features})`;
  return `# ${name}

A recurrent network in PyTorch, exported by Unroll with its trained weights. It needs Python 3.8 and torch 1.13, or newer, and ${seesPictures(media) ? 'Pillow to read pictures (`pip install torch pillow`)' : 'nothing else'}.

\`\`\`
${example}
python test_parity.py
\`\`\`

| file | what it is |
|---|---|
| \`model.py\` | the network, an \`nn.Module\` to read and to change |
| \`model.safetensors\` | its weights: the state dict |
| \`config.json\` | the same network as data: each layer's class, arguments and wiring, and the training settings |
| \`vocabulary.json\` | ${input === 'tokens' ? "the tokenizer's rule, the tokens and the classes by id" : `${media === null ? '' : 'the settings of `features.py`, '}the normalization of inputs and targets${media === null ? '' : ', the classes by id'}`} |
| \`predict.py\` | ${generates ? 'goes on from a prompt: temperature, top-k, top-p, seed' : `${media === null ? (input === 'tokens' ? 'text' : 'series') : mediaWords[media].input} in, ${says ? 'the likeliest sequences' : 'prediction'} out`} |${says ? '\n| `decode.py` | greedy and beam search, token by token |' : ''}
${media === null ? '' : `| \`features.py\`${seesPictures(media) ? ', `pictures.py`' : ''} | ${mediaWords[media].features} |\n`}| \`train.py\`, \`settings.py\` | a training loop over your own examples, and what the run's settings mean: optimizer, schedule, class weights, early stopping, best weights |
| \`examples.py\`, \`tables.py\`, \`archives.py\`, \`cells.py\`, \`lists.py\`, \`dates.py\` | read them from CSV, TSV, JSON, CoNLL columns, ARFF or .ts, with the reading settings of the run (\`reading\` in \`vocabulary.json\`) |
| \`weights.py\` | reads and writes safetensors with torch alone |
| \`test_parity.py\`, \`golden.json\` | inputs, the numbers that the app computed for them, and the check that this code gives them too, to within 1e-5 |

## From Python

\`\`\`python
import torch
from predict import load

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
from predict import normalize

steps = read_steps("${mediaWords[media].example}", vocabulary["media"])  # [T, F], as the app computes them
inputs = normalize(steps, vocabulary["input_normalization"]).unsqueeze(0)
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
    "- `train.py` follows the settings of the run in `config.json`, with these exceptions: batches are drawn by chance whatever the lengths, `--fresh` starts from PyTorch's own random weights, optimizers that follow no gradient become Adam, and examples that it holds out for validation itself are not those that the app held out.",
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
