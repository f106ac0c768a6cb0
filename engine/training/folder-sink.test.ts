import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceInfo } from '../protocol/app.ts';
import type { Evaluation, RunSummary } from '../protocol/runs.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { FolderSink, type RunEvents } from './folder-sink.ts';
import { newRecord } from './new-record.ts';
import { sessionFacts } from './session-facts.ts';
import { syntheticTask } from './synthetic-task.ts';

const device: DeviceInfo = {
  backend: 'javascript',
  available: true,
  reason: null,
  description: 'JavaScript',
  selfCheckError: null,
  tokensPerSecond: null,
};

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-sink-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const evaluationOf = (split: Evaluation['split'], accuracy: number): Evaluation => ({
  split,
  step: 3,
  values: { accuracy },
  baseline: {},
  baselineName: 'none',
  classes: [],
  confusion: null,
  series: null,
  examples: [],
});

async function open(judgedOn: RunSummary['judgedOn'] = 'validation') {
  const { document, data, plan } = syntheticTask('sequence-classification');
  const facts = { ...sessionFacts(data, document.training), validationSplit: judgedOn ?? 'validation' };
  const record = newRecord({ document, data, plan, facts, device, name: 'run' });
  const folder = new RunFolder(join(root, 'run'));
  await folder.create(record, data.encoding);
  const sent: Parameters<RunEvents['emit']>[] = [];
  const sink = new FolderSink(folder, record, { emit: (...told) => void sent.push(told) });
  return { folder, sink, sent };
}

describe('what a session finds, in its folder', () => {
  it('keeps the test split’s figures apart from those of validation', async () => {
    const { folder, sink, sent } = await open();
    await sink.evaluation(evaluationOf('validation', 0.75));
    expect(sink.summary.test).toBeUndefined();
    await sink.evaluation(evaluationOf('test', 0.5));
    expect((await folder.evaluation())?.split).toBe('validation');
    expect((await folder.evaluation())?.values).toEqual({ accuracy: 0.75 });
    expect(sink.summary).toMatchObject({ test: { accuracy: 0.5 }, validation: null });
    await sink.end('done', null);
    expect((await folder.read()).summary.test).toEqual({ accuracy: 0.5 });
    expect(sent.filter(([event]) => event === 'run.evaluation')).toHaveLength(2);
  });
});
