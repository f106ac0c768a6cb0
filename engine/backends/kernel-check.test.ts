import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { noFacts } from '../graph/infer-shapes.ts';
import { findLayer, layerKinds } from '../layers/registry.ts';
import { startJavascript } from './javascript.tf.ts';
import { checkedCells, checkKernels } from './kernel-check.tf.ts';

/** The cell that a layer with these settings describes. */
function cellOf(kind: string, settings: object): Readonly<Record<string, unknown>> {
  const layer = findLayer(kind);
  const result = layer?.shape(layer.config.parse(settings), {}, noFacts);
  const type = result?.ok === true ? result.outputs['cell'] : undefined;
  if (type?.type !== 'cell') throw new Error(`${kind} ${JSON.stringify(settings)} describes no cell`);
  return { ...type.cell };
}

/** Each cell of the registry that has kernels, as it is by default, and with each other value of each setting that changes what is computed. */
const variants = layerKinds
  .filter((kind) => findLayer(kind)?.family === 'cell' && kind !== 'custom-cell')
  .flatMap((kind) => {
    const fields = z.toJSONSchema(findLayer(kind)?.config ?? z.never(), { io: 'input' }).properties ?? {};
    const others = Object.entries(fields).flatMap(([name, field]): object[] => {
      if (typeof field === 'boolean' || name === 'hidden' || name === 'forgetBias') return []; // a size, and a start of training
      const values = field.enum ?? (field.type === 'boolean' ? [true] : field.type === 'integer' ? [4] : null);
      if (values === null) throw new Error(`${kind} ${name}: which values are to be checked?`);
      return values.map((value) => ({ [name]: value }));
    });
    return [{}, ...others].map((settings) => ({ kind, settings }));
  });

describe('the check of a device', () => {
  it.each(variants)('runs $kind with $settings', ({ kind, settings }) => {
    expect(checkedCells()).toContainEqual(cellOf(kind, { hidden: 7, ...settings }));
  });

  it('calls each cell by a name of its own', async () => {
    await startJavascript();
    const names = await Promise.all(checkedCells().map(async (cell) => (await checkKernels(cell)).cell));
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('lstm-cell projected');
  });
});
