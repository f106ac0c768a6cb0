import type { DeviceInfo } from '../protocol/app.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { sessionFacts } from '../training/session-facts.ts';
import type { SyntheticTask } from '../training/synthetic-task.test-support.ts';
import { newRecord } from './new-record.ts';

const device: DeviceInfo = {
  backend: 'javascript',
  available: true,
  reason: null,
  description: 'JavaScript',
  selfCheckError: null,
  tokensPerSecond: null,
};

/** The record of a run that begins here, for tests. */
export function newTestRecord(
  task: SyntheticTask,
  name = 'A run',
  facts = sessionFacts(task.data, task.document.training),
): RunRecord {
  return newRecord({ ...task, facts, device, name });
}
