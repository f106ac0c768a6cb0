import { monitorEventLoopDelay } from 'node:perf_hooks';
import { dataBinding } from '../document/data-binding.ts';
import { prepareData } from './prepare.ts';
import { previewFile } from './preview.ts';

/** Run by `large-file.test.ts` in a process of its own, so that its memory is that of the engine alone. */
const path = process.argv[2] ?? '';
const started = performance.now();
const preview = await previewFile(path);
const previewed = performance.now() - started;
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
const { report } = await prepareData(
  dataBinding.parse({
    source: { kind: 'file', path, reader: preview.reader },
    task: preview.task,
    tokenizer: { level: process.argv[3] },
  }),
);
delay.disable();
console.log(
  JSON.stringify({
    counts: report.counts,
    badRowCount: report.badRowCount,
    previewMs: previewed,
    seconds: (performance.now() - started) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    longestBlockMs: delay.max / 1e6,
  }),
);
