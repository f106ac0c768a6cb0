import { UserError } from '../protocol/envelope.ts';
import type { RunFolder } from '../runs/run-folder.ts';
import type { RunRecord } from '../runs/run-record.ts';

/** What a failed training tells of itself: its stable word, and what can be done with what is on the disk. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
}

export async function describeFailure(error: unknown, folder: RunFolder, record: RunRecord): Promise<RunFailure> {
  if (!(error instanceof UserError)) {
    const words = error instanceof Error ? error.message : String(error);
    return { code: 'unexpected', message: `Training failed: ${words}. ${await goOn(folder)}` };
  }
  const { code, message, hint } = error.failure;
  const next = code === 'loss-not-finite' ? await weightsLeft(folder, record) : null;
  return { code, message: [message, hint, next].filter((part) => part).join(' ') };
}

async function goOn(folder: RunFolder): Promise<string> {
  const checkpoint = await folder.checkpoint().catch(() => null);
  return checkpoint && checkpoint.state.step > 0
    ? `Resume goes on from step ${checkpoint.state.step}.`
    : 'It failed before its first checkpoint: start it again.';
}

/** Resuming would diverge again, at the same step: names the weights that are left. */
async function weightsLeft(folder: RunFolder, { summary }: RunRecord): Promise<string> {
  const best = await folder.best().catch(() => null);
  const step = best?.step ?? (await stepLeft(folder));
  if (step === 0) return 'No weights were saved before that.';
  const { metric } = summary.headline;
  const value = best && summary.best?.step === best.step ? ` (${metric} ${Number(summary.best.value.toPrecision(4))})` : '';
  return best
    ? `The best weights, of step ${step}${value}, are kept and can be used.`
    : `The weights of step ${step} are kept and can be used.`;
}

const stepLeft = async (folder: RunFolder): Promise<number> => (await folder.checkpoint().catch(() => null))?.state.step ?? 0;

/** The command that goes on after a divergence, at a tenth of the rate. The window has a button for it. */
export async function commandAfterDivergence(folder: RunFolder): Promise<string> {
  const { document } = await folder.read();
  const rate = Number((document.training.learningRate / 10).toPrecision(3));
  const best = await folder.best().catch(() => null);
  return best !== null || (await stepLeft(folder)) > 0
    ? `Train on from them with: unroll train --from ${quoted(folder.path)} --learning-rate ${rate}`
    : `Start again with: unroll train FILE --learning-rate ${rate}`;
}

const quoted = (path: string): string => (/^[\w@%+=:,./\\-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
