import { writeFile } from 'node:fs/promises';
import { encodeSafetensors } from '../engine/files/safetensors.ts';
import { type BenchCase, rowTitle } from './cases.ts';
import { stepTensors } from './problem.ts';
import type { MemoryResult } from './results.ts';
import { startPeers } from './start-peers.ts';

const steps = 5;

/** Peak memory of each peer over some training steps, in a process that has done nothing else. */
export async function measureMemory(bench: BenchCase, file: string): Promise<MemoryResult[]> {
  await writeFile(file, encodeSafetensors(stepTensors(bench.task).tensors));
  const results: MemoryResult[] = [];
  for (const peer of ['unroll', 'pytorch', 'keras'] as const) {
    const started = await startPeers('tensorflow', [peer]);
    if ('reason' in started) return [];
    try {
      for (const process of started.peers) {
        await process.load(bench.task, file);
        await process.run(0, steps);
        const { startBytes } = process;
        results.push({ row: rowTitle(bench), peer, startBytes, peakBytes: await process.peakBytes() });
      }
    } finally {
      await started.close();
    }
  }
  return results;
}
