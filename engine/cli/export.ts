import { resolve } from 'node:path';
import type { ExportFormat } from '../protocol/export.ts';
import { runArgument, startLocalEngine } from './local-engine.ts';
import type { Output } from './output.ts';

export async function exportCommand(
  output: Output,
  argument: string,
  options: { readonly to: string; readonly overwrite: boolean; readonly format: ExportFormat },
): Promise<void> {
  const engine = startLocalEngine();
  const run = await runArgument(argument);
  const { directory, files } = await engine.call[`export.${options.format}`]({
    run,
    directory: resolve(options.to),
    overwrite: options.overwrite,
  });
  output.tell({ event: 'done', directory, files });
  output.say(directory);
  for (const { name, bytes } of files) output.say(`  ${name.padEnd(22)} ${bytes.toLocaleString('en')} bytes`);
  const runtime = { pytorch: 'real PyTorch', onnx: 'onnxruntime' }[options.format];
  output.say(`Check it with ${runtime}: cd ${directory} && python3 test_parity.py`);
}
