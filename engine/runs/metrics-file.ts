import { appendFile, open } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../files/error-code.ts';
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
  } catch (error) {
    // What cannot be synchronized (EINVAL) has no lines to lose in a power cut; a line that does not fit is told when it is written.
    if (errorCode(error) !== 'EINVAL') throw error;
  } finally {
    await file.close();
  }
}

export interface LoggedMetrics {
  readonly events: MetricEvent[];
  /** Lines that cannot be read; a last one that a crash tore, or that is being written, is none of them. */
  readonly lost: number;
}

/** All logged lines that are whole, whatever lies between them. */
export async function readMetrics(folder: string): Promise<LoggedMetrics> {
  const text = await readTextFile(path(folder)).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  });
  const ended = text.lastIndexOf('\n') + 1;
  const events: MetricEvent[] = [];
  let lost = 0;
  for (const line of text.slice(0, ended).split('\n')) {
    if (line === '') continue;
    const event = parseLine(line);
    if (event === null) lost++;
    else events.push(event);
  }
  return { events, lost };
}

/**
 * Drops the lines after a step: they were logged after the checkpoint that training goes on from, and will be logged again.
 *
 * @returns lines that could not be read, and are gone now
 */
export async function keepMetricsUpTo(folder: string, step: number): Promise<number> {
  const { events, lost } = await readMetrics(folder);
  await writeAtomically(path(folder), lines(events.filter((event) => event.step <= step)));
  return lost;
}

function parseLine(line: string): MetricEvent | null {
  try {
    const result = metricEvent.safeParse(JSON.parse(line));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}
