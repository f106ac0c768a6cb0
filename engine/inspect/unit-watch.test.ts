import '../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { compilePlan } from '../compile/compile-plan.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import { type DataEncoding, specialTokenNames } from '../data/dataset.ts';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument } from '../document/schema.ts';
import { generate } from '../predict/generate.tf.ts';
import { encodePrompt } from '../predict/prompt.ts';
import { UserError } from '../protocol/envelope.ts';
import { generateSettings } from '../protocol/predict.ts';
import { Recorder } from './recorder.tf.ts';
import { UnitWatch } from './unit-watch.tf.ts';

const vocabulary = [...specialTokenNames, ...'abc '];
const facts = { vocabulary: vocabulary.length, classes: vocabulary.length, features: null, targets: null };

function writer() {
  const document = {
    ...emptyDocument('Text'),
    nodes: [
      ...[node('input', 'token-input'), node('embed', 'embedding', { width: 4 }), node('cell', 'lstm-cell', { hidden: 6 })],
      ...[node('rnn', 'recurrent', { layers: 2 }), node('head', 'dense-softmax')],
    ],
    edges: [
      'input.tokens > embed.tokens',
      'embed.sequence > rnn.sequence',
      'cell.cell > rnn.cell',
      'rnn.output > head.input',
    ].map(wire),
    data: dataBinding.parse({
      source: { kind: 'template', name: 'text' },
      task: 'language-model',
      languageModel: { unit: 'line' },
      tokenizer: { level: 'character', lowercase: false },
    }),
  };
  const compiled = compilePlan(document, facts);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const encoding: DataEncoding = {
    ...{ binding: document.data, facts, fingerprint: 'text', vocabulary, classes: vocabulary },
    ...{ inputNormalization: null, targetNormalization: null },
  };
  return { model: new Model(compiled.plan, initializeParameters(compiled.plan, 8)), encoding };
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});
let predictor: ReturnType<typeof writer> | null = null;
afterEach(() => predictor?.model.dispose());

it.each(['', 'a', 'ab c'])(
  'a unit after each token that was written on from “%s” is what it is when all is read at once',
  async (prompt) => {
    predictor = writer();
    const settings = generateSettings.parse({ prompt, maxTokens: 30, untilEnd: false, seed: 5 });
    const plain = await generate(predictor, settings, () => undefined);
    const tensors = tf.memory().numTensors;
    for (const [layer, unit] of [
      [0, 2],
      [1, 5],
    ] as const) {
      const place = { node: 'rnn', layer, direction: 'forward', line: "h'", unit } as const;
      const values: number[] = [];
      const watch = new UnitWatch(place);
      const said = await generate(predictor, settings, (_pieces, told) => values.push(...told), undefined, watch);
      expect(said).toEqual(plain);
      expect(tf.memory().numTensors).toBe(tensors);
      // One behind: the last token was not read.
      expect(values).toHaveLength(said.tokens.length - 1);
      const begun = [...encodePrompt(predictor.encoding, prompt).ids];
      // A line's end is followed by the next line's beginning.
      const ids = said.tokens.map((token) => vocabulary.indexOf(token === '<eos>' ? '<bos>' : token));
      const read = Int32Array.from([...begun, ...ids]);
      const recorder = new Recorder();
      const kernels = tf.tidy(() => {
        const batch = { steps: read.length, rows: 1, tokens: read, series: null, lengths: Int32Array.of(read.length) };
        predictor?.model.values(toTensors(batch), { dropout: null, watch: recorder });
        const ran = recorder.runs.find((run) => run.module === 'rnn' && run.layer === layer);
        return [...(ran?.sequence.dataSync() ?? [])];
      });
      values.forEach((value, at) => {
        expect(value).toBeCloseTo(kernels[(begun.length + at) * 6 + unit] ?? Number.NaN, 5);
      });
    }
  },
);

it.each([
  { line: 'z', unit: 0 },
  { line: 'f', unit: 6 },
])('is refused where there is no unit $unit of $line', async (asked) => {
  predictor = writer();
  const watch = new UnitWatch({ node: 'rnn', layer: 0, direction: 'forward', ...asked });
  const settings = generateSettings.parse({ maxTokens: 3 });
  await expect(generate(predictor, settings, () => undefined, undefined, watch)).rejects.toBeInstanceOf(UserError);
});
