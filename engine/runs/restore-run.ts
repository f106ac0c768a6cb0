import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { compilePlan } from '../compile/compile-plan.ts';
import { readTextFile } from '../files/open-file.ts';
import { type DamagedRun, headline, type RunSummary, runSummary } from '../protocol/runs.ts';
import { weightsOf } from './checkpoint.ts';
import type { RunFolder } from './run-folder.ts';
import { type RunRecord, runRecord } from './run-record.ts';

const hasMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What is left of a run whose `run.json` cannot be read; `null` for a folder that holds none. @param name of its folder */
export async function inspectDamaged(folder: RunFolder, name: string): Promise<DamagedRun | null> {
  const names = await readdir(folder.path).catch((): string[] => []);
  if (!['run.json', 'encoding.json', 'metrics.jsonl'].some((own) => names.includes(own))) return null;
  const problem = await folder.read().then(
    () => null,
    (error: unknown) => hasMessage(error),
  );
  if (problem === null) return null;
  const { document, record } = await salvage(folder, name);
  return { id: name, problem, restorable: record !== null, document };
}

/**
 * Rebuilds a damaged `run.json` from the parts of it that are whole and from the last checkpoint, and damaged best weights from that
 * checkpoint. What cannot be known any more is left out, not made up.
 *
 * @returns the run, and what was done in words
 * @throws UserError `run-busy`, `run-damaged` where too little is left
 */
export async function restoreRun(folder: RunFolder): Promise<{ summary: RunSummary; done: string[] }> {
  return folder.alone(async () => {
    const done: string[] = [];
    const record = await readOrRebuild(folder, done);
    await restoreBest(folder, done);
    if (done.length > 0) await folder.write({ ...record, summary: noted(record.summary, done) });
    return { summary: (await folder.read()).summary, done };
  });
}

async function readOrRebuild(folder: RunFolder, done: string[]): Promise<RunRecord> {
  try {
    return await folder.read();
  } catch (error) {
    const { record } = await salvage(folder, folder.path.split(/[\\/]/).at(-1) ?? '');
    if (record === null) throw error;
    done.push('run.json was damaged: it was rebuilt from what was whole in it and from the last checkpoint.');
    return record;
  }
}

async function restoreBest(folder: RunFolder, done: string[]): Promise<void> {
  const damaged = await folder.best().then(
    () => null,
    (error: unknown) => error,
  );
  if (damaged === null) return;
  const checkpoint = await folder.checkpoint();
  if (checkpoint === null) throw damaged;
  await folder.saveBest(weightsOf(checkpoint), checkpoint.state.step);
  done.push(`The best weights were damaged: those of the last checkpoint, of step ${checkpoint.state.step}, took their place.`);
}

const noted = (summary: RunSummary, done: readonly string[]): RunSummary => ({
  ...summary,
  notes: [...(summary.notes ?? []), ...done],
});

/** The parts that training, predicting and exporting need; without them there is no run. */
const essential = runRecord.omit({ summary: true });

async function salvage(folder: RunFolder, name: string): Promise<Pick<DamagedRun, 'document'> & { record: RunRecord | null }> {
  const saved = await readTextFile(join(folder.path, 'run.json'))
    .then((text) => z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).data ?? null)
    .catch(() => null);
  if (saved === null) return { document: null, record: null };
  const document = runRecord.shape.document.safeParse(saved['document']).data ?? null;
  const { summary: _damaged, ...rest } = saved;
  const parts = essential.safeParse(rest);
  if (!parts.success || !compilePlan(parts.data.document, parts.data.facts).ok) return { document, record: null };
  const summary = await rebuildSummary(folder, name, parts.data, saved['summary']);
  return { document, record: summary && { ...parts.data, summary } };
}

/** Each figure that is whole, or what the last checkpoint says of it. */
async function rebuildSummary(
  folder: RunFolder,
  name: string,
  { document }: Pick<RunRecord, 'document'>,
  saved: unknown,
): Promise<RunSummary | null> {
  const old = z.record(z.string(), z.unknown()).safeParse(saved).data ?? {};
  const whole = Object.fromEntries(
    Object.entries(runSummary.shape).flatMap(([key, schema]) => {
      const read = schema.safeParse(old[key]);
      return read.success && read.data !== undefined ? [[key, read.data]] : [];
    }),
  );
  const state = (await folder.checkpoint())?.state;
  const rebuilt = runSummary.safeParse({
    id: /^[A-Za-z0-9_-]{1,80}$/.test(name) ? name : 'restored',
    name: document.name.slice(0, 200),
    documentName: document.name,
    created: 0,
    seconds: state?.seconds ?? 0,
    epoch: state?.epoch ?? 0,
    epochs: document.training.epochs,
    step: state?.step ?? 0,
    totalSteps: state?.step ?? 0,
    backend: 'javascript',
    device: 'unknown',
    headline: headline.parse({ metric: 'loss', higherIsBetter: false, baseline: null, baselineName: '' }),
    best: state?.best ? { step: state.best.step, value: state.best.value } : null,
    validation: state?.validation ?? null,
    parameters: 0,
    message: null,
    status: 'interrupted',
    ...whole,
  });
  return rebuilt.data ?? null;
}
