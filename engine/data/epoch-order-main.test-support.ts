import { Random } from '../random.ts';
import { epochBatches } from './batches.ts';

/** Run by `batches.test.ts` in a process of its own: prints what putting two epochs of a million examples in order adds to its peak, in bytes. */
const count = 1_000_000;
const random = new Random(1, 'lengths');
const offsets = new Uint32Array(count + 1);
for (let i = 0; i < count; i++) offsets[i + 1] = (offsets[i] ?? 0) + 5 + random.below(40);
const split = {
  count,
  offsets,
  tokens: null,
  series: null,
  classTargets: null,
  tagTargets: null,
  numberTargets: null,
  lines: new Uint32Array(),
};
const before = process.resourceUsage().maxRSS;
for (const epoch of [0, 1]) epochBatches(split, { batchSize: 1000, seed: 1, epoch, shuffle: true });
console.log((process.resourceUsage().maxRSS - before) * 1024);
