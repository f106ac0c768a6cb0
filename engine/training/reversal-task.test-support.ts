import { compilePlan } from '../compile/compile-plan.ts';
import { type DataEncoding, type EncodedSplit, specialTokenNames, specialTokens } from '../data/dataset.ts';
import { longestTarget } from '../data/encode-targets.ts';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument } from '../document/schema.ts';
import { trainingSettings } from '../document/training-settings.ts';
import { Random } from '../random.ts';
import { reportOf, type SyntheticTask } from './synthetic-task.test-support.ts';

interface ReversalOptions {
  readonly settings?: Record<string, unknown>;
  readonly examples?: number;
  readonly attention?: 'none' | 'dot' | 'general' | 'additive';
  readonly cell?: 'gru-cell' | 'lstm-cell' | 'rnn-cell';
  readonly hidden?: number;
  readonly layers?: number;
  /** A pyramid joins pairs of letters, and its two final states cross a bridge. */
  readonly encoder?: 'recurrent' | 'pyramid';
  /** Most letters of an input, which has at least 2. */
  readonly longest?: number;
}

const inputVocabulary = [...specialTokenNames, 'a', 'b', 'c', 'd', 'e', 'f'];
const targetVocabulary = [...specialTokenNames, 'F', 'E', 'D', 'C', 'B', 'A'];

/** A small task for tests of sequence to sequence: say the input backwards, in capitals. The two vocabularies have different ids. */
export function reversalTask(options: ReversalOptions = {}): SyntheticTask {
  const {
    settings = {},
    examples = 400,
    attention = 'general',
    cell = 'gru-cell',
    hidden = 24,
    layers = 1,
    encoder = 'recurrent',
    longest = 6,
  } = options;
  const facts = { vocabulary: inputVocabulary.length, classes: targetVocabulary.length, features: null, targets: null };
  const binding = dataBinding.parse({ source: { kind: 'template', name: 'synthetic' }, task: 'sequence-to-sequence' });
  const split = (count: number, stream: string): EncodedSplit => reversals(count, longest, new Random(5, stream));
  const splits = { train: split(examples, 'train'), validation: split(60, 'validation'), test: split(60, 'test') };
  const encoding: DataEncoding = {
    binding,
    facts,
    fingerprint: 'synthetic-reversal',
    vocabulary: inputVocabulary,
    classes: targetVocabulary,
    longestTarget: longestTarget(splits.train),
    inputNormalization: null,
    targetNormalization: null,
  };
  const document = {
    ...emptyDocument('Reversal'),
    nodes: [
      node('input', 'token-input'),
      node('embed', 'embedding', { width: 8 }),
      node('drop', 'dropout', { rate: 0.1 }),
      node('cell', cell, { hidden }),
      ...(encoder === 'recurrent'
        ? [node('encoder', encoder, { layers })]
        : [node('encoder', encoder, { layers: 1 }), node('bridge', 'bridge', { layers })]),
      node('said', 'target-input'),
      node('targets', 'embedding', { width: 8 }),
      node('decoder', 'decoder', { attention, attentionWidth: 16, layers }),
      node('head', 'dense-softmax'),
    ],
    edges: [
      wire('input.tokens > embed.tokens'),
      wire('embed.sequence > drop.input'),
      wire('drop.output > encoder.sequence'),
      wire('cell.cell > encoder.cell'),
      wire('said.tokens > targets.tokens'),
      wire('targets.sequence > decoder.sequence'),
      wire('cell.cell > decoder.cell'),
      ...(encoder === 'recurrent'
        ? [wire('encoder.state > decoder.initial')]
        : [wire('encoder.state > bridge.from'), wire('cell.cell > bridge.cell'), wire('bridge.state > decoder.initial')]),
      ...(attention === 'none' ? [] : [wire('encoder.output > decoder.memory')]),
      wire('decoder.output > head.input'),
    ],
    data: binding,
    training: trainingSettings.parse(settings),
  };
  const compiled = compilePlan(document, facts);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return { document, plan: compiled.plan, data: { encoding, splits, report: reportOf(encoding, splits) } };
}

function reversals(count: number, longest: number, random: Random): EncodedSplit {
  const letters = inputVocabulary.length - specialTokenNames.length;
  const offsets = new Uint32Array(count + 1);
  const tokens: number[] = [];
  const said: number[] = [];
  for (let i = 0; i < count; i++) {
    const word = Array.from({ length: 2 + random.below(longest - 1) }, () => random.below(letters));
    tokens.push(...word.map((letter) => specialTokenNames.length + letter));
    said.push(...word.reverse().map((letter) => specialTokenNames.length + letters - 1 - letter), specialTokens.end);
    offsets[i + 1] = tokens.length;
  }
  return {
    count,
    offsets,
    tokens: Uint8Array.from(tokens),
    series: null,
    classTargets: null,
    tagTargets: null,
    numberTargets: null,
    targets: { offsets: offsets.map((offset, i) => offset + i), tokens: Uint8Array.from(said) },
    lines: Uint32Array.from({ length: count }, (_, i) => i + 1),
  };
}
