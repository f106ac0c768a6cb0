import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import type { Plan } from '../compile/plan.ts';
import { makeBatch } from '../data/batches.ts';
import { type Batch, neverSaid, specialTokens } from '../data/dataset.ts';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument } from '../document/schema.ts';
import { Random } from '../random.ts';
import { reversalTask } from '../training/reversal-task.test-support.ts';
import { beam } from './beam.ts';
import { greedy } from './greedy.ts';
import { largestIndex, logProbabilities } from './log-probabilities.ts';
import { ModelTokens } from './model-tokens.tf.ts';
import { sample } from './sample.ts';
import type { Hypothesis } from './token-source.ts';

beforeAll(async () => {
  await startJavascript();
});

/** Weights far from zero: what the model says depends on all it has read, and sequences come to an end. */
function modelOf(plan: Plan, seed = 4): Model {
  const parameters = initializeParameters(plan, seed);
  for (const [name, { data }] of parameters) {
    const random = new Random(seed, name);
    for (let i = 0; i < data.length; i++) data[i] = random.normal() * (name.includes('dense_softmax') ? 2 : 1.2);
  }
  return new Model(plan, parameters);
}

/** Log-probabilities of each next token after `<bos>` and the tokens, with the whole sequence given at once `[U + 1][V]`. */
function taught(model: Model, batch: Batch, row: number, tokens: readonly number[]): Float64Array[] {
  const one = onlyRow(batch, row);
  const inputs = Int32Array.from([specialTokens.begin, ...tokens]);
  const target = { steps: inputs.length, inputs, lengths: Int32Array.of(inputs.length) };
  const logits = tf.tidy(() =>
    model
      .forward(toTensors({ ...one, target }), { dropout: null })
      .dataSync()
      .slice(),
  );
  const width = logits.length / inputs.length;
  return Array.from(inputs, (_, u) => logProbabilities('dense-softmax', logits, u, new Float64Array(width)));
}

function onlyRow({ rows, lengths, tokens }: Batch, row: number): Parameters<typeof toTensors>[0] {
  const steps = lengths[row] ?? 0;
  const own = Int32Array.from({ length: steps }, (_, t) => tokens?.[t * rows + row] ?? 0);
  return { steps, rows: 1, tokens: own, series: null, lengths: Int32Array.of(steps) };
}

const covered = (log: Float64Array): Float64Array => {
  for (const id of neverSaid) log[id] = Number.NEGATIVE_INFINITY;
  return log;
};

async function searched<T>(
  model: Model,
  input: Parameters<typeof toTensors>[0] | null,
  search: (source: ModelTokens) => Promise<T>,
) {
  const source = new ModelTokens(model, input);
  try {
    return await search(source);
  } finally {
    source.dispose();
  }
}

const recurrentCases = (['none', 'dot', 'general', 'additive'] as const).flatMap((attention) =>
  (['gru-cell', 'lstm-cell', 'rnn-cell'] as const).map((cell) => ({ attention, cell, layers: attention === 'general' ? 2 : 1 })),
);

const cases = [
  ...recurrentCases.map((options) => ({ ...options, encoder: 'recurrent' as const })),
  { attention: 'additive' as const, cell: 'gru-cell' as const, layers: 1, encoder: 'pyramid' as const },
];

describe.each(cases)('token by token, $cell, attention $attention, $layers layers, $encoder', (options) => {
  const task = reversalTask({ ...options, hidden: 7, examples: 9 });
  const batch = makeBatch(task.data.splits.train, Uint32Array.from([0, 1, 2, 3, 4, 5, 6]), null);

  it('says what the whole sequence at once says', async () => {
    const model = modelOf(task.plan);
    const found = await searched(model, batch, (source) => greedy(source, 12));
    expect(new Set(found.map(({ logProbability }) => logProbability.toFixed(4))).size).toBeGreaterThan(1);
    for (const [row, { tokens, logProbability, finished, alignment }] of found.entries()) {
      const steps = taught(model, batch, row, tokens).map(covered);
      const said = finished ? [...tokens, specialTokens.end] : tokens;
      expect(steps.slice(0, said.length).map(largestIndex)).toEqual(said);
      const sum = said.reduce((total, token, u) => total + (steps[u]?.[token] ?? 0), 0);
      expect(logProbability).toBeCloseTo(sum, 3);
      if (options.attention === 'none') expect(alignment).toBeNull();
      else {
        expect(alignment?.length).toBe(tokens.length);
        for (const weights of alignment ?? []) {
          expect(weights).toHaveLength(Math.ceil((batch.lengths[row] ?? 0) / (options.encoder === 'pyramid' ? 2 : 1)));
          expect(weights.reduce((total, weight) => total + weight, 0)).toBeCloseTo(1, 4);
        }
      }
    }
    model.dispose();
  });

  it('does not notice the other rows, nor padding', async () => {
    const model = modelOf(task.plan);
    const together = await searched(model, batch, (source) => greedy(source, 12));
    const padded = makeBatch(task.data.splits.train, batch.examples, null, batch.steps + 5);
    padded.tokens?.forEach((token, at) => {
      if (padded.tokens && token === 0) padded.tokens[at] = 5;
    });
    const loose = await searched(model, padded, (source) => greedy(source, 12));
    for (let row = 0; row < batch.rows; row++) {
      const [alone] = await searched(model, onlyRow(batch, row), (source) => greedy(source, 12));
      for (const other of [together[row], loose[row]]) {
        expect(other?.tokens).toEqual(alone?.tokens);
        expect(other?.logProbability).toBeCloseTo(alone?.logProbability ?? Number.NaN, 4);
        expect(other?.alignment?.flat().length).toBe(alone?.alignment?.flat().length);
      }
    }
    model.dispose();
  });
});

describe('beam search of a model', () => {
  const task = reversalTask({ hidden: 5, examples: 9, attention: 'additive' });
  const batch = makeBatch(task.data.splits.train, Uint32Array.from([0, 1, 2]), null);

  it('of width 1 is greedy, and so is sampling of the most probable token alone', async () => {
    const model = modelOf(task.plan);
    for (const row of [0, 1, 2]) {
      const input = onlyRow(batch, row);
      const [said] = await searched(model, input, (source) => greedy(source, 8));
      expect(await searched(model, input, (source) => beam(source, { width: 1, lengthPenalty: 0.6, maxTokens: 8 }))).toEqual([
        said,
      ]);
      const settings = { temperature: 2, topK: 1, topP: 1, seed: 3, maxTokens: 8 };
      expect(await searched(model, input, (source) => sample(source, settings))).toEqual([said]);
    }
    model.dispose();
  });

  it('finds every sequence when its width holds them all', async () => {
    const model = modelOf(task.plan);
    const letters = [4, 5, 6, 7, 8, 9];
    const limit = 3;
    const prefixes = [[], ...letters.map((x) => [x]), ...letters.flatMap((x) => letters.map((y) => [x, y]))];
    const expected = prefixes.map((tokens) => {
      const steps = taught(model, batch, 1, tokens);
      const said = [...tokens, specialTokens.end];
      return { tokens, logProbability: said.reduce((sum, token, u) => sum + (steps[u]?.[token] ?? 0), 0) };
    });
    expected.sort((x, y) => y.logProbability - x.logProbability);
    const found: Hypothesis[] = await searched(model, onlyRow(batch, 1), (source) =>
      beam(source, { width: 400, lengthPenalty: 0, maxTokens: limit }),
    );
    const ended = found.filter(({ finished }) => finished);
    expect(found.length - ended.length).toBe(6 ** limit);
    expect(ended.map(({ tokens }) => tokens)).toEqual(expected.map(({ tokens }) => tokens));
    ended.forEach(({ logProbability }, at) => {
      expect(logProbability).toBeCloseTo(expected[at]?.logProbability ?? Number.NaN, 3);
    });
    model.dispose();
  });
});

it('rows that are exchanged or doubled read each their own example, and leave nothing behind', async () => {
  const task = reversalTask({ hidden: 6, examples: 9, attention: 'additive' });
  const model = modelOf(task.plan);
  const batch = makeBatch(task.data.splits.train, Uint32Array.from([0, 1, 2]), null);
  const before = tf.memory().numTensors;
  const nextOf = async (input: Parameters<typeof toTensors>[0], ...orders: number[][]): Promise<number[][]> =>
    searched(model, input, async (source) => {
      await source.next(new Int32Array(source.rows).fill(specialTokens.begin));
      for (const order of orders) source.select(order);
      const { logits } = await source.next(new Int32Array(source.rows).fill(5));
      return Array.from({ length: source.rows }, (_, row) =>
        Array.from({ length: source.vocabulary }, (_unused, id) => logits[row * source.vocabulary + id] ?? Number.NaN),
      );
    });
  const alone = await Promise.all([0, 1, 2].map((row) => nextOf(onlyRow(batch, row))));
  for (const [orders, rows] of [
    [[[1, 0, 2]], [1, 0, 2]],
    [[[2, 2, 0, 0]], [2, 2, 0, 0]],
    [
      [
        [2, 0, 1],
        [1, 2],
      ],
      [0, 1],
    ],
  ] as const) {
    const found = await nextOf(batch, ...orders.map((order) => [...order]));
    found.forEach((logits, at) => {
      logits.forEach((value, id) => {
        expect(value).toBeCloseTo(alone[rows[at] ?? 0]?.[0]?.[id] ?? Number.NaN, 4);
      });
    });
    expect(found).toHaveLength(rows.length);
  }
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

describe('memory', () => {
  it('holds nothing after a search, and no more at its end than at its start', async () => {
    const task = reversalTask({ hidden: 6, examples: 9, cell: 'lstm-cell', layers: 2 });
    const batch = makeBatch(task.data.splits.train, Uint32Array.from([0, 1, 2, 3]), null);
    const model = modelOf(task.plan);
    const before = tf.memory().numTensors;
    const counts: number[] = [];
    await searched(model, batch, (source) => {
      const asked = source.next.bind(source);
      source.next = async (tokens) => {
        const result = await asked(tokens);
        counts.push(tf.memory().numTensors);
        return result;
      };
      return greedy(source, 40);
    });
    expect(new Set(counts.slice(0, 3)).size).toBe(1);
    expect(Math.max(...counts)).toBeLessThan(before + 40);
    await searched(model, onlyRow(batch, 0), (source) => beam(source, { width: 5, lengthPenalty: 1, maxTokens: 20 }));
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

describe('a language model', () => {
  function languageModel(): Plan {
    const size = 11;
    const document = {
      ...emptyDocument('Text'),
      nodes: [
        node('input', 'token-input'),
        node('embed', 'embedding', { width: 4 }),
        node('cell', 'lstm-cell', { hidden: 6 }),
        node('rnn', 'recurrent', { layers: 2 }),
        node('head', 'dense-softmax'),
      ],
      edges: [
        wire('input.tokens > embed.tokens'),
        wire('embed.sequence > rnn.sequence'),
        wire('cell.cell > rnn.cell'),
        wire('rnn.output > head.input'),
      ],
      data: dataBinding.parse({ source: { kind: 'template', name: 'synthetic' }, task: 'language-model' }),
    };
    const compiled = compilePlan(document, { vocabulary: size, classes: size, features: null, targets: null });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    return compiled.plan;
  }

  it.each([
    ['a prompt', [7, 9, 4, 10]],
    ['nothing', []],
  ])('goes on from %s as the whole text at once does', async (_title, given) => {
    const model = modelOf(languageModel());
    const prompt = Int32Array.from([specialTokens.begin, ...given]);
    const [found] = await searched(model, null, (source) => {
      source.read(prompt.subarray(0, -1));
      const first = prompt.at(-1) ?? Number.NaN;
      return sample(source, { temperature: 1, topK: 1, topP: 1, seed: 1, maxTokens: 9, first, untilEnd: false });
    });
    const text = Int32Array.from(
      [...prompt, ...(found?.tokens ?? [])].flatMap((id) => (id === specialTokens.end ? [id, 2] : [id])),
    );
    const input = { steps: text.length, rows: 1, tokens: text, series: null, lengths: Int32Array.of(text.length) };
    const logits = tf.tidy(() => model.forward(toTensors(input), { dropout: null }).dataSync().slice());
    const next = Array.from(text, (_, t) =>
      largestIndex(covered(logProbabilities('dense-softmax', logits, t, new Float64Array(11)))),
    );
    expect(found?.tokens).toHaveLength(9);
    const expected: number[] = [];
    for (let t = prompt.length - 1; expected.length < 9; t++) if (text[t] !== specialTokens.end) expected.push(next[t] ?? -1);
    expect(found?.tokens).toEqual(expected);
    model.dispose();
  });
});
