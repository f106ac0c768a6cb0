import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { trainingSettings } from '../document/training-settings.ts';
import type { UserError } from '../protocol/envelope.ts';
import { RunStore } from '../runs/run-store.ts';
import { RunManager } from './run-manager.ts';
import { RunModels } from './run-models.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-own-splits-run-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Whether a text holds “good”; `count` rows, of which the first `positive` do. */
const lines = (count: number, positive: number): string =>
  Array.from({ length: count }, (_unused, i) =>
    JSON.stringify({ said: `a ${i < positive ? 'good' : 'poor'} film no ${i}`, kind: i < positive ? 'yes' : 'no' }),
  ).join('\n');

async function documentOf(): Promise<UnrollDocument> {
  const at = (name: string): string => join(root, name);
  await writeFile(at('train.jsonl'), lines(60, 30));
  await writeFile(at('dev.jsonl'), lines(10, 5));
  await writeFile(at('test.jsonl'), lines(9, 7));
  return {
    ...emptyDocument('Own splits'),
    nodes: [
      node('input', 'token-input'),
      node('embed', 'embedding', { width: 8 }),
      node('cell', 'gru-cell', { hidden: 8 }),
      node('rnn', 'recurrent', { output: 'last' }),
      node('head', 'dense-softmax'),
    ],
    edges: [
      wire('input.tokens > embed.tokens'),
      wire('embed.sequence > rnn.sequence'),
      wire('cell.cell > rnn.cell'),
      wire('rnn.output > head.input'),
    ],
    data: dataBinding.parse({
      source: {
        kind: 'file',
        path: at('train.jsonl'),
        splitFiles: { validation: at('dev.jsonl'), test: at('test.jsonl') },
        reader: { format: 'jsonl', inputColumns: ['said'], targetColumns: ['kind'] },
      },
      task: 'sequence-classification',
    }),
    training: trainingSettings.parse({ device: 'wasm', epochs: 500, batchSize: 10, learningRate: 0.02 }),
  };
}

it('a run keeps to the files of its splits: judged on each, resumed only while none has changed', {
  timeout: 60_000,
}, async () => {
  const document = await documentOf();
  const manager = new RunManager(new RunStore(join(root, 'runs')), { emit: () => undefined });
  const models = new RunModels(manager);
  const { id } = await manager.startRun({ document });
  expect((await manager.pause(id)).status).toBe('paused');
  expect((await manager.get(id)).document.data?.source).toEqual(document.data?.source);

  const support = async (split: 'validation' | 'test'): Promise<Record<string, number>> =>
    Object.fromEntries((await models.evaluate(id, split)).classes.map((one) => [one.name, one.support]));
  expect(await support('validation')).toEqual({ no: 5, yes: 5 });
  expect(await support('test')).toEqual({ no: 2, yes: 7 });

  const test = join(root, 'test.jsonl');
  await writeFile(test, lines(9, 6));
  const refused = await manager.resumeRun(id).catch((error: UserError) => error.failure);
  expect(refused).toMatchObject({ code: 'data-changed' });
  await writeFile(test, lines(9, 7));
  expect((await manager.resumeRun(id)).status).toBe('running');
  expect((await manager.stop(id)).status).toBe('stopped');
});
