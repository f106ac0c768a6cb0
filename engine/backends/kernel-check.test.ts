import { describe, expect, it } from 'vitest';
import { startJavascript } from './javascript.tf.ts';
import { checkedCells, checkKernels } from './kernel-check.tf.ts';

describe('the check of a device', () => {
  it('calls each cell by a name of its own', async () => {
    await startJavascript();
    const names = await Promise.all(checkedCells().map(async (cell) => (await checkKernels(cell)).cell));
    expect(new Set(names).size).toBe(names.length);
    for (const name of ['rnn tanh', 'gru simplified', 'lstm', 'lstm projected']) expect(names).toContain(name);
  });
});
