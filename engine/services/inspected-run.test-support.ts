import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startJavascript } from '../backends/javascript.tf.ts';
import { managedRuns } from '../manage/managed-runs.test-support.ts';
import { RunInspections } from '../manage/run-inspections.ts';
import { type EventData, events, type MethodName, type MethodParams, type MethodResult, methods } from '../protocol/contract.ts';
import type { Numbers } from '../protocol/inspect.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { inspectService } from './inspect.ts';

type Inspect = Extract<MethodName, `inspect.${string}`>;

/** Numbers as the protocol sends them. */
export const decoded = ({ data }: Numbers): number[] => {
  const bytes = Buffer.from(data, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
};

/** Row by row. */
export function decodedRows(numbers: Numbers): number[][] {
  const [rows = 0, width = 0] = numbers.shape;
  const all = decoded(numbers);
  return Array.from({ length: rows }, (_, t) => all.slice(t * width, (t + 1) * width));
}

/**
 * A network (a tagger with a recurrent layer `rnn` of a GRU of 8 units, unless another task is given) that was trained for a moment, and the
 * requests that look into it, checked against the contract.
 */
export async function inspectedRun(task = syntheticTask('step-tagging', { epochs: 2 }, 60)) {
  await startJavascript();
  const root = await mkdtemp(join(tmpdir(), 'unroll-inspected-'));
  const { manager, train } = managedRuns(root, async () => task.data);
  const listeners = new Set<(data: EventData<'inspect.progress'>) => void>();
  const service = inspectService(new RunInspections(manager), {
    emit: (event, data) => {
      if (event !== 'inspect.progress') return;
      const told = events['inspect.progress'].parse(data);
      for (const listener of listeners) listener(told);
    },
  });
  const ask = async <M extends Inspect>(method: M, params: MethodParams<M>): Promise<MethodResult<M>> => {
    const handler = service[method] as (given: unknown) => Promise<unknown>;
    return methods[method].result.parse(await handler(methods[method].params.parse(params))) as MethodResult<M>;
  };
  const { id: run } = await train({ document: task.document });
  /** h at each step of a test row that is traced by itself. */
  const single = async (index: number): Promise<number[][]> => {
    const { trace } = await ask('inspect.trace', { run, input: { kind: 'example', split: 'test', index } });
    const { values } = await ask('inspect.values', { trace, node: 'rnn', names: ["h'"] });
    return decodedRows(values["h'"] ?? { shape: [], data: '' });
  };
  return { run, ask, single, listeners, end: () => rm(root, { recursive: true, force: true }) };
}
