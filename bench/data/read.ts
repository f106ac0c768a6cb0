import { prepareData } from '../../engine/data/prepare.ts';
import { dataBinding } from '../../engine/document/data-binding.ts';

/*
 * Reads a file as training does, to encoded splits, and writes what it took as one line of JSON.
 *
 *   tsx bench/data/read.ts FILE table|text
 */
const [file = '', kind] = process.argv.slice(2);
const reader = kind === 'table' ? { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] } : { format: 'text' };
const binding = dataBinding.parse({
  task: kind === 'table' ? 'sequence-classification' : 'language-model',
  source: { kind: 'file', path: file, reader },
});
const started = performance.now();
const before = process.cpuUsage();
await prepareData(binding);
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  `${JSON.stringify({
    seconds: (performance.now() - started) / 1000,
    processor: (user + system) / 1e6,
    bytes: process.resourceUsage().maxRSS * 1024,
  })}\n`,
);
