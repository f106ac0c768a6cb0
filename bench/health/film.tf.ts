import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunManager } from '../../engine/manage/run-manager.ts';
import { RunStore } from '../../engine/runs/run-store.ts';
import { epochProblem } from '../epoch-problem.ts';
import { type Share, shareText, verdict } from './share.ts';
import { sumOf, type Took, took } from './took.ts';

/** A template's training, whole: its epochs with their validations, checkpoints and files. */
export interface FilmedTraining {
  readonly template: string;
  readonly epochs: number;
}

/**
 * The same training with a film and without, in turn, as `unroll train` runs it: what keeping the weights of each validation takes of all.
 *
 * @param rounds of both
 * @returns a row of the table
 */
export async function compareFilms(
  { template, epochs }: FilmedTraining,
  device: 'wasm' | 'tensorflow',
  rounds: number,
  most: number,
): Promise<string> {
  const { document: original, data } = await epochProblem(template);
  const training = { ...original.training, epochs, device, earlyStoppingPatience: null };
  const document = { ...original, training };
  const root = await mkdtemp(join(tmpdir(), 'unroll-bench-film-'));
  const manager = new RunManager(new RunStore(root), { emit: () => undefined }, async () => data);
  const times: Record<'without' | 'with', Took[]> = { without: [], with: [] };
  let [moments, parameters] = [0, 0];
  const train = async (which: keyof typeof times): Promise<void> => {
    const film = which === 'with' ? ({ kind: 'example', split: 'test', index: 0 } as const) : undefined;
    let id = '';
    times[which].push(
      await took(async () => {
        const run = await manager.startRun({ document, film });
        ({ id, parameters } = run);
        const ended = await manager.ended(run.id);
        if (ended.status !== 'done') throw new Error(`the training ended as ${ended.status}: ${ended.message}`);
      }),
    );
    if (film) moments = (await readdir(join(manager.folder(id).path, 'moments'))).length;
  };
  try {
    const order: (keyof typeof times)[] = ['without', 'with'];
    // What is compiled and read for the first time is nobody's.
    await train('without');
    times.without.pop();
    for (let round = 0; round < rounds; round++) {
      for (const which of order) await train(which);
      order.reverse();
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  const share = (of: keyof Took): Share => ({ share: sumOf(times.with, of) / sumOf(times.without, of) - 1, chance: Number.NaN });
  const each = (which: keyof typeof times): string => (sumOf(times[which], 'processor') / rounds).toFixed(0);
  const sizes = `${parameters.toLocaleString('en')} weights, ${epochs} epochs, ${moments} moments`;
  return `| ${template}: ${sizes} | ${each('without')} | ${each('with')} | ${shareText(share('clock'))} | ${verdict(share('processor'), most)} |`;
}
