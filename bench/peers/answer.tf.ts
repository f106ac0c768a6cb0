import * as tf from '@tensorflow/tfjs-core';
import { decodeSafetensors } from '../../engine/files/safetensors.ts';
import type { Request } from '../peer.ts';
import type { JavascriptPeer, Trainer } from './trainer.ts';

interface Surroundings {
  readFile(file: string): Promise<Uint8Array>;
  peakBytes(): number;
}

/** Answers one request after the other for a peer in JavaScript; the same in Node and in a browser's page. */
export function answerer(peer: JavascriptPeer, { readFile, peakBytes }: Surroundings): (request: Request) => Promise<unknown> {
  let trainer: Trainer | null = null;
  const loaded = (): Trainer => {
    if (trainer === null) throw new Error('nothing is loaded');
    return trainer;
  };
  const answers = async (request: Request): Promise<unknown> => {
    switch (request.do) {
      case 'load':
        trainer?.dispose();
        trainer = null;
        trainer = await peer.load(request.task, decodeSafetensors(await readFile(request.file)).tensors);
        return {};
      case 'run':
        return run(loaded(), request.warm, request.steps);
      case 'sgemm':
        return { gflops: await sgemmGflops() };
      case 'memory':
        return { peakBytes: peakBytes() };
      case 'profile':
        return { kernels: await profile(loaded()) };
    }
  };
  return (request) =>
    answers(request).catch((error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }));
}

async function run(trainer: Trainer, warm: number, steps: number): Promise<{ times: number[]; losses: number[] }> {
  const times: number[] = [];
  const losses: number[] = [];
  for (let i = 0; i < warm + steps; i++) {
    const start = performance.now();
    const { loss, ms } = await trainer.step();
    const spent = ms ?? performance.now() - start;
    if (i < warm) continue;
    times.push(spent);
    losses.push(loss);
  }
  return { times, losses };
}

/** The best of a few products of square matrices: 2·n³ operations each. */
async function sgemmGflops(size = 1024, repeats = 5): Promise<number> {
  const a = tf.randomUniform([size, size]);
  let best = 0;
  for (let i = 0; i <= repeats; i++) {
    const start = performance.now();
    const product = tf.matMul(a, a);
    await product.slice([0, 0], [1, 1]).data();
    if (i > 0) best = Math.max(best, (2 * size ** 3) / (performance.now() - start) / 1e6);
    product.dispose();
  }
  a.dispose();
  return best;
}

/** Milliseconds of one step by kernel, largest first. */
async function profile(trainer: Trainer): Promise<{ name: string; ms: number }[]> {
  const { kernels } = await tf.profile(async () => {
    await trainer.step();
    return tf.scalar(0);
  });
  const sums = new Map<string, number>();
  for (const { name, kernelTimeMs } of kernels) {
    const ms = Number(await kernelTimeMs);
    sums.set(name, (sums.get(name) ?? 0) + (Number.isFinite(ms) ? ms : 0));
  }
  return [...sums].map(([name, ms]) => ({ name, ms })).sort((a, b) => b.ms - a.ms);
}
