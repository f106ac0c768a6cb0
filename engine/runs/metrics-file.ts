import { appendFile, open } from 'node:fs/promises';
import { join } from 'node:path';
import { givingWay } from '../event-loop.ts';
import { errorCode } from '../files/error-code.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { figuresToJson } from '../protocol/figure.ts';
import type { MetricsPiece, MetricsPlace } from '../protocol/metric-columns.ts';
import type { MetricEvent } from '../protocol/runs.ts';
import { MetricColumns } from './metric-columns.ts';
import { parseMetricLine } from './metric-line.ts';
import { type FilePiece, readPiece } from './metrics-piece.ts';

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
  const events: MetricEvent[] = [];
  let lost = 0;
  for await (const { text } of pieces(folder))
    lost += await eachLine(text, (event) => {
      events.push(event);
    });
  return { events, lost };
}

/** The next piece of what was logged, as columns. @param after what was read before; absent: from the beginning */
export async function readMetricsPiece(folder: string, after?: MetricsPlace): Promise<MetricsPiece> {
  const { text, from, next, bytes } = await readPiece(path(folder), after);
  const columns = new MetricColumns();
  const lost = await eachLine(text, (event) => columns.add(event));
  return { from, next, bytes, ...columns.sent(), lost };
}

/**
 * Drops the lines after a step: they were logged after the checkpoint that training goes on from, and will be logged again.
 *
 * @returns lines that could not be read, and are gone now
 */
export async function keepMetricsUpTo(folder: string, step: number): Promise<number> {
  const kept: Buffer[] = [];
  let lost = 0;
  for await (const { text } of pieces(folder)) {
    let lines = '';
    lost += await eachLine(text, (event, line) => {
      if (event.step <= step) lines += `${line}\n`;
    });
    kept.push(Buffer.from(lines));
  }
  await writeAtomically(path(folder), Buffer.concat(kept));
  return lost;
}

async function* pieces(folder: string): AsyncGenerator<FilePiece> {
  let after: MetricsPlace | undefined;
  do {
    const piece: FilePiece = await readPiece(path(folder), after);
    yield piece;
    after = piece.next ?? undefined;
  } while (after !== undefined);
}

/** Takes each line that can be read, and lets other work have its turn. @returns how many cannot */
async function eachLine(text: string, take: (event: MetricEvent, line: string) => void): Promise<number> {
  let lost = 0;
  function* lines(): Generator<undefined, void> {
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const event = parseMetricLine(line);
      if (event === null) lost++;
      else take(event, line);
      yield;
    }
  }
  await givingWay(lines());
  return lost;
}
