import { appendFile, open } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextFile } from '../files/open-file.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { figuresToJson } from '../protocol/figure.ts';
import { type MetricEvent, metricEvent } from '../protocol/runs.ts';

const path = (folder: string): string => join(folder, 'metrics.jsonl');
const lines = (events: readonly MetricEvent[]): string => events.map((event) => `${figuresToJson(event)}\n`).join('');

export async function appendMetrics(folder: string, events: readonly MetricEvent[]): Promise<void> {
  await appendFile(path(folder), lines(events));
}

/** What was appended survives a power cut. */
export async function syncMetrics(folder: string): Promise<void> {
  const file = await open(path(folder), 'a');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** All logged lines. A line torn by a crash ends the file early: what follows it is not trusted. */
export async function readMetrics(folder: string): Promise<MetricEvent[]> {
  const text = await readTextFile(path(folder)).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  const events: MetricEvent[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const event = parseLine(line);
    if (event === null) break;
    events.push(event);
  }
  return events;
}

/** Drops the lines after a step: they were logged after the checkpoint that training goes on from, and will be logged again. */
export async function keepMetricsUpTo(folder: string, step: number): Promise<void> {
  const events = await readMetrics(folder);
  await writeAtomically(path(folder), lines(events.filter((event) => event.step <= step)));
}

function parseLine(line: string): MetricEvent | null {
  try {
    const result = metricEvent.safeParse(JSON.parse(line));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}
