import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { dataBinding } from '../document/data-binding.ts';
import { reader } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { type SweepSettings, sweepSettings } from '../document/sweep-settings.ts';
import { trainingSettings } from '../document/training-settings.ts';
import { Random } from '../random.ts';

/** Words of letters and which letter they begin with, into that file; a classifier of them that trains in a second, and a sweep of it. */
export function smallSweep(file: string, sweep: Partial<SweepSettings>, training: object = {}): UnrollDocument {
  const random = new Random(3, 'words');
  const rows = Array.from({ length: 120 }, () => {
    const letters = Array.from({ length: 2 + random.below(5) }, () => 'abc'[random.below(3)]);
    return `${letters.join(' ')},${letters[0]}`;
  });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, ['text,first', ...rows, ''].join('\n'));
  const settings = { format: 'delimited', header: true, inputColumns: ['text'], targetColumns: ['first'] };
  return {
    ...emptyDocument('small'),
    ...reader,
    data: dataBinding.parse({
      source: { kind: 'file', path: file, reader: settings },
      task: 'sequence-classification',
      split: { validation: 0.3, test: 0.1, seed: 1 },
    }),
    training: trainingSettings.parse({ epochs: 4, batchSize: 16, learningRate: 0.02, device: 'javascript', ...training }),
    sweep: { ...sweepSettings.parse({}), ...sweep },
  };
}
