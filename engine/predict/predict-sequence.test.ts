import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model } from '../compile/materialize.tf.ts';
import { type DataEncoding, specialTokenNames } from '../data/dataset.ts';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument } from '../document/schema.ts';
import { managedRuns } from '../manage/managed-runs.test-support.ts';
import { RunModels } from '../manage/run-models.ts';
import { UserError } from '../protocol/envelope.ts';
import {
  decodeSettings,
  generateSettings,
  generation,
  type Prediction,
  prediction,
  type SaidPiece,
} from '../protocol/predict.ts';
import { predictService } from '../services/predict.ts';
import { reversalTask } from '../training/reversal-task.test-support.ts';
import { generate } from './generate.tf.ts';
import { predictText } from './predict.tf.ts';
import type { Predictor } from './predictor.ts';
import { encodePrompt } from './prompt.ts';

beforeAll(async () => {
  await startJavascript();
});

const sequences = (said: Prediction): Extract<Prediction, { kind: 'sequence' }>['hypotheses'] => {
  const parsed = prediction.parse(said);
  if (parsed.kind !== 'sequence') throw new Error(`expected a sequence, got ${parsed.kind}`);
  return parsed.hypotheses;
};

describe('what a sequence model says', () => {
  const task = reversalTask({ hidden: 6, examples: 9 });
  const encoding: DataEncoding = {
    ...task.data.encoding,
    binding: {
      ...task.data.encoding.binding,
      targetTokenizer: { ...task.data.encoding.binding.targetTokenizer, level: 'character' },
    },
  };
  let predictor: Predictor;
  beforeEach(() => {
    predictor = { model: new Model(task.plan, initializeParameters(task.plan, 8)), encoding };
  });
  afterEach(() => predictor.model.dispose());

  it('is greedy unless asked otherwise, and never longer than asked', async () => {
    const plain = await predictText(predictor, 'a b zzz');
    const [one] = sequences(plain);
    expect(plain).toMatchObject({ kind: 'sequence', tokens: ['a', 'b', 'zzz'], unknown: [false, false, true] });
    expect(one?.text).toBe(one?.tokens.join(''));
    expect(one?.probabilities).toHaveLength(one?.tokens.length ?? -1);
    expect(one?.alignment?.every((weights) => weights.length === 3)).toBe(true);
    expect((one?.tokens.length ?? 99) <= 2 * (encoding.longestTarget ?? 0)).toBe(true);
    const [short] = sequences(await predictText(predictor, 'a b', decodeSettings.parse({ method: 'greedy', maxTokens: 1 })));
    expect(short?.tokens.length ?? 9).toBeLessThanOrEqual(1);
  });

  it('comes as several hypotheses of a beam or of draws, best first', async () => {
    const beams = sequences(await predictText(predictor, 'a b c', decodeSettings.parse({ method: 'beam', width: 4 })));
    expect(beams).toHaveLength(4);
    const looked = await predictText(predictor, 'a b c', decodeSettings.parse({ method: 'beam', width: 4, tree: true }));
    expect(sequences(looked)).toEqual(beams);
    const nodes = looked.kind === 'sequence' ? (looked.tree?.nodes ?? []) : [];
    const said = (at: number | null): string[] => {
      const node = at === null ? undefined : nodes[at];
      return node === undefined ? [] : [...said(node.parent), node.token];
    };
    const answers = beams.map((_, rank) => said(nodes.findIndex((node) => node.rank === rank)));
    expect(answers).toEqual(beams.map(({ tokens, finished }) => [...tokens, ...(finished ? ['<eos>'] : [])]));
    const draw = decodeSettings.parse({ method: 'sample', samples: 6, temperature: 2, seed: 4 });
    const draws = sequences(await predictText(predictor, 'a b c', draw));
    const scores = draws.map(({ logProbability }) => logProbability);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(draws.map(({ text }) => text)).size).toBeGreaterThan(1);
    expect(sequences(await predictText(predictor, 'a b c', draw))).toEqual(draws);
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    for (const method of ['greedy', 'beam', 'sample']) {
      await predictText(predictor, 'a b c', decodeSettings.parse({ method, ...(method === 'sample' ? { samples: 3 } : {}) }));
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('what a language model goes on with', () => {
  const vocabulary = [...specialTokenNames, ...'abc '];
  const document = {
    ...emptyDocument('Text'),
    nodes: [
      node('input', 'token-input'),
      node('embed', 'embedding', { width: 4 }),
      node('cell', 'gru-cell', { hidden: 6 }),
      node('rnn', 'recurrent'),
      node('head', 'dense-softmax'),
    ],
    edges: [
      wire('input.tokens > embed.tokens'),
      wire('embed.sequence > rnn.sequence'),
      wire('cell.cell > rnn.cell'),
      wire('rnn.output > head.input'),
    ],
    data: dataBinding.parse({
      source: { kind: 'template', name: 'text' },
      task: 'language-model',
      languageModel: { unit: 'line' },
      tokenizer: { level: 'character', lowercase: false },
    }),
  };
  const facts = { vocabulary: vocabulary.length, classes: vocabulary.length, features: null, targets: null };
  const compiled = compilePlan(document, facts);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const encoding: DataEncoding = {
    binding: document.data,
    facts,
    fingerprint: 'text',
    vocabulary,
    classes: vocabulary,
    inputNormalization: null,
    targetNormalization: null,
  };
  let predictor: Predictor;
  beforeEach(() => {
    predictor = { model: new Model(compiled.plan, initializeParameters(compiled.plan, 8)), encoding };
  });
  afterEach(() => predictor.model.dispose());

  it('is told in pieces that make up the whole, and is the same with the same seed', async () => {
    const told: SaidPiece[] = [];
    const settings = generateSettings.parse({ prompt: 'ab\nc', maxTokens: 300, untilEnd: false, seed: 7 });
    const said = generation.parse(await generate(predictor, settings, (pieces) => told.push(...pieces)));
    expect(said).toMatchObject({ prompt: ['a', 'b', 'c'], unknown: [false, false, false], ended: 'limit' });
    expect(said.tokens).toHaveLength(300);
    expect(told.map(({ token }) => token)).toEqual(said.tokens);
    expect(told.map(({ probability }) => probability)).toEqual(said.probabilities);
    expect(told.map(({ text }) => text).join('')).toBe(said.text);
    expect(said.text).toContain('\n');
    expect(said.text).not.toContain('<');
    expect((await generate(predictor, settings, () => undefined)).text).toBe(said.text);
    expect((await generate(predictor, { ...settings, seed: 8 }, () => undefined)).text).not.toBe(said.text);
  });

  it('ends at <eos>', async () => {
    const settings = generateSettings.parse({ maxTokens: 5000, seed: 3 });
    const said = await generate(predictor, settings, () => undefined);
    expect(said.ended).toBe('end');
    expect(said.text).not.toContain('\n');
  });

  it('follows the probabilities that a prediction ranks', async () => {
    const ranked = prediction.parse(await predictText(predictor, 'a c'));
    if (ranked.kind !== 'class') throw new Error('no ranking');
    const best = ranked.ranked.find(({ label }) => !['<pad>', '<unk>', '<bos>'].includes(label));
    const settings = generateSettings.parse({ prompt: 'a c', maxTokens: 1, topK: 1, untilEnd: false });
    const said = await generate(predictor, settings, () => undefined);
    expect(said.tokens).toEqual([best?.label]);
    expect(said.probabilities[0]).toBeCloseTo(best?.probability ?? Number.NaN, 5);
  });

  it('of a running text has no end, and begins with what the prompt says alone', async () => {
    const running = {
      model: predictor.model,
      encoding: {
        ...encoding,
        vocabulary: encoding.vocabulary?.map((token) => (token === 'c' ? '\n' : token)) ?? null,
        classes: encoding.vocabulary?.map((token) => (token === 'c' ? '\n' : token)) ?? null,
        binding: { ...encoding.binding, languageModel: { unit: 'running' as const, chunk: 64 } },
      },
    };
    const settings = generateSettings.parse({ maxTokens: 2000, seed: 3 });
    const said = await generate(running, settings, () => undefined);
    expect(said.ended).toBe('limit');
    expect(said.tokens).not.toContain('<eos>');
    expect(said.text).toContain('\n');
    const line = vocabulary.indexOf('c');
    expect([...encodePrompt(running.encoding, '').ids]).toEqual([line]);
    expect([...encodePrompt(running.encoding, 'a\r\n\nb').ids]).toEqual([
      vocabulary.indexOf('a'),
      line,
      line,
      vocabulary.indexOf('b'),
    ]);
  });

  it('is refused by a model of another kind', async () => {
    const task = reversalTask({ hidden: 4, examples: 9 });
    const model = new Model(task.plan, initializeParameters(task.plan, 8));
    const asked = generate({ model, encoding: task.data.encoding }, generateSettings.parse({}), () => undefined);
    await expect(asked).rejects.toBeInstanceOf(UserError);
    model.dispose();
  });

  it('can be cancelled, and returns what it had said', async () => {
    const sent: string[] = [];
    const models = {
      generate: (_run: string, ...rest: [never, never, never]) => generate(predictor, ...rest),
    } as unknown as RunModels;
    const service = predictService(models, {
      emit: (event, data) => {
        if (event !== 'predict.tokens') return;
        sent.push(event);
        if ('id' in data) void service['predict.cancel']({ id: String(data.id) });
      },
    });
    const settings = generateSettings.parse({ maxTokens: 100_000, untilEnd: false });
    const said = await service['predict.generate']({ run: 'x', id: 'mine', settings });
    expect(said.ended).toBe('cancelled');
    expect(said.tokens.length).toBeGreaterThan(0);
    expect(sent.length).toBeLessThan(5);
  });
});

describe('a run that trains', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'unroll-says-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('says sequences with its weights of that moment, and with its best ones after', async () => {
    const task = reversalTask({
      settings: { device: 'javascript', epochs: 60, batchSize: 16, learningRate: 0.02 },
      examples: 48,
      hidden: 12,
      longest: 3,
    });
    const { manager, when, ended } = managedRuns(root, async () => task.data);
    const [running, done] = [when(({ step }) => step >= 1), ended()];
    const models = new RunModels(manager);
    const { id } = await manager.startRun({ document: task.document });
    await running;
    const beam = decodeSettings.parse({ method: 'beam', width: 3 });
    // Stopping frees the run's own model while these still search.
    const asked = [models.predictText(id, 'a b', beam), models.predictText(id, 'c d e', beam)];
    await manager.stop(id);
    for (const said of await Promise.all(asked)) expect(sequences(said).length).toBeGreaterThan(0);
    await done;
    // What the ops are given in the place of what is absent is made once, and stays.
    await models.predictText(id, 'a b', beam);
    models.forget(id);
    await new Promise((resume) => setImmediate(resume));
    const before = tf.memory().numTensors;
    const [one, two] = await Promise.all([models.predictText(id, 'a b', beam), models.predictText(id, 'a b', beam)]);
    expect(one).toEqual(two);
    models.forget(id);
    await new Promise((resume) => setImmediate(resume));
    expect(tf.memory().numTensors).toBe(before);
  });
});
