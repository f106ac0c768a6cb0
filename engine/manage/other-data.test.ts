import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { trainingSettings } from '../document/training-settings.ts';
import { managedRuns } from './managed-runs.test-support.ts';
import { RunModels } from './run-models.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-other-data-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const names = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const spoken = (n: number): string => [...String(n)].map((digit) => names[Number(digit)]).join(' ');
const range = (count: number, from: number): number[] => Array.from({ length: count }, (_unused, i) => from + i);

/** Digits → their names, in sub-words on the target side. */
async function documentOf(name: string, numbers: readonly number[]): Promise<UnrollDocument> {
  const path = join(root, name);
  await writeFile(path, `digits\tspoken\n${numbers.map((n) => `${n}\t${spoken(n)}`).join('\n')}\n`);
  const reader = { format: 'delimited', inputColumns: ['digits'], targetColumns: ['spoken'] };
  return {
    ...emptyDocument('Numbers'),
    nodes: [
      node('input', 'token-input'),
      node('embed', 'embedding', { width: 12 }),
      node('cell', 'gru-cell', { hidden: 24 }),
      node('encoder', 'recurrent', { output: 'every-step' }),
      node('said', 'target-input'),
      node('targets', 'embedding', { width: 12 }),
      node('decoder', 'decoder', { attention: 'general' }),
      node('head', 'dense-softmax'),
    ],
    edges: [
      wire('input.tokens > embed.tokens'),
      wire('embed.sequence > encoder.sequence'),
      wire('cell.cell > encoder.cell'),
      wire('encoder.state > decoder.initial'),
      wire('encoder.output > decoder.memory'),
      wire('cell.cell > decoder.cell'),
      wire('said.tokens > targets.tokens'),
      wire('targets.sequence > decoder.sequence'),
      wire('decoder.output > head.input'),
    ],
    data: dataBinding.parse({
      source: { kind: 'file', path, reader },
      task: 'sequence-to-sequence',
      tokenizer: { level: 'character' },
      targetTokenizer: { level: 'subword', maxVocabulary: 36 },
    }),
    training: trainingSettings.parse({ device: 'wasm', epochs: 12, batchSize: 16, learningRate: 0.02 }),
  };
}

function manage() {
  const { manager, train } = managedRuns(join(root, 'runs'));
  return { manager, models: new RunModels(manager), train };
}

describe('a model that says sub-words', () => {
  it('learns, is judged by its words, and trains on with other data in its own sub-words', async () => {
    const { manager, models, train } = manage();
    const first = await train({ document: await documentOf('first.tsv', range(400, 0)) });
    expect(first.status).toBe('done');
    const { values, examples, baselineName } = await models.evaluate(first.id, 'test');
    expect(values['sequence-accuracy']).toBeGreaterThan(0.9);
    expect(values['word-error-rate']).toBeLessThan(0.05);
    expect(baselineName).not.toMatch(/“.* {2}/);
    for (const { target } of examples) expect(target.join()).toMatch(/^[a-z]+( [a-z]+)*$/);
    const model = await manager.folder(first.id).encoding();
    expect(model.classes?.some((token) => /^ [a-z]+/.test(token))).toBe(true);

    const prediction = await models.predictText(first.id, '207', {
      method: 'beam',
      maxTokens: null,
      width: 3,
      lengthPenalty: 0.6,
    });
    if (prediction.kind !== 'sequence') throw new Error('expected a sequence');
    expect(prediction.hypotheses[0]).toMatchObject({ text: 'two zero seven', finished: true });
    expect(prediction.hypotheses[0]?.tokens.join('')).toBe('two zero seven');

    // Longer numbers: other frequencies, so other sub-words of their own.
    const second = await train({
      document: await documentOf('second.tsv', range(240, 7700)),
      from: first.id,
      overrides: { epochs: 12 },
    });
    const after = await manager.folder(second.id).encoding();
    expect([after.classes, after.targetMerges]).toEqual([model.classes, model.targetMerges]);
    expect(after.longestTarget).toBeGreaterThan(model.longestTarget ?? 0);
    expect(second.best?.value).toBeLessThan(0.2);
    expect((await models.evaluate(second.id, 'test')).values['word-error-rate']).toBeLessThan(0.2);

    // The data is read in the model's sub-words again after a pause.
    const third = await manager.startRun({ document: await documentOf('third.tsv', range(120, 5500)), from: first.id });
    expect((await manager.pause(third.id)).status).toBe('paused');
    await manager.resumeRun(third.id);
    expect((await manager.stop(third.id)).status).toBe('stopped');
    expect((await manager.folder(third.id).encoding()).targetMerges).toEqual(model.targetMerges);
  });
});
