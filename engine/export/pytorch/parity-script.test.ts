import '../../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model } from '../../compile/materialize.tf.ts';
import { warmPython } from '../warm-python.test-support.ts';
import { writeFolder } from '../write-folder.ts';
import { exportPytorch } from './export.ts';
import { findTorch } from './find-torch.ts';
import { computeGoldens } from './goldens.tf.ts';
import { namedCase } from './named-case.ts';

const torch = findTorch();
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';
if ('reason' in torch) console.warn(`test_parity.py is not run: ${torch.reason}`);

interface GoldenFile {
  predictions: { greedy?: string[]; beam?: unknown[]; tokens?: string[]; alignment?: unknown }[];
}

describe.skipIf('reason' in torch && !required)('test_parity.py', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-parity-script-'));
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const warm = warmPython('reason' in torch ? 'python3' : torch.python, ['torch']);
  const python = (folder: string, ...args: readonly string[]) => warm.run({ folder, arguments: args, input: '' });

  /** @param scale of the weights: 0 makes all tokens equally probable */
  async function folderOf(name: string, scale = 1): Promise<string> {
    const one = namedCase(name);
    const drawn = [...initializeParameters(one.plan, 3)];
    const parameters = new Map(
      drawn.map(([key, tensor]) => [key, { ...tensor, data: Float32Array.from(tensor.data, (value) => value * scale) }]),
    );
    const model = new Model(one.plan, parameters);
    const goldens = await computeGoldens(model, one.encoding);
    model.dispose();
    const files = exportPytorch({ ...one, parameters, goldens });
    const { directory } = await writeFolder(join(root, `${name} ${scale}`.replace(/\W+/g, '-')), files, { overwrite: false });
    return directory;
  }

  it.each([
    ['decoder · lstm · additive', 'equally probable', 0],
    ['decoder · lstm · additive', 'less probable', 1],
    ['language model · lstm', 'equally probable', 0],
    ['language model · lstm', 'less probable', 1],
    ['language model · running text', 'equally probable', 0],
  ])('%s: of other tokens in a greedy search, it minds that they are %s', async (name, _, scale) => {
    const directory = await folderOf(name, scale);
    const file = join(directory, 'golden.json');
    const golden = JSON.parse(readFileSync(file, 'utf8')) as GoldenFile;
    const { classes } = JSON.parse(readFileSync(join(directory, 'vocabulary.json'), 'utf8')) as { classes: string[] };
    let changed = 0;
    for (const prediction of golden.predictions) {
      const said = prediction.greedy ?? prediction.tokens ?? [];
      const other = classes.slice(4).find((word) => word !== said[0]);
      if (other === undefined || (scale > 0 && said.length === 0)) continue;
      said[0] = other;
      // Where it looks depends on what it has said.
      prediction.alignment = null;
      changed++;
    }
    expect(changed).toBeGreaterThan(0);
    writeFileSync(file, JSON.stringify(golden));
    const { status, stderr } = await python(directory, 'test_parity.py');
    expect(stderr).toContain(scale === 0 ? '' : "the app's numbers differ by");
    expect(status).toBe(scale);
  });

  it('asks float64 where float32 is coarser than the tolerance, and is never content with more than a thousandth', async () => {
    const directory = await folderOf('lstm · forward · depth 1 · last');
    const program = `
import torch
from test_parity import check
asked = []

def again(value):
    def run(model):
        asked.append((next(model.parameters()).dtype, torch.tensor(0.5).dtype))
        return torch.tensor([value], dtype=torch.float64)
    return run

def holds(found, app, exact=None):
    asked.clear()
    try:
        check("it", torch.tensor([found]), [app], None if exact is None else again(exact))
    except AssertionError:
        return False
    finally:
        assert torch.get_default_dtype() == torch.float32
    return True

print(holds(0.5, 0.500009), holds(0.5, 0.50002), holds(500.0, 500.004))
print(holds(0.5, 0.500009, 0.9), len(asked))  # within the tolerance: float64 is not asked
print(holds(0.5, 0.50002, 0.50002), asked)  # the app is exact, PyTorch's float32 is not
print(holds(0.5, 0.500045, 0.50001), holds(0.5, 0.50006, 0.50001))  # off by four times PyTorch's rounding, and by more
print(holds(0.5, 0.504, 0.5031), holds(0.5, 0.504, 0.5029))  # by less than a thousandth, and by more
print(holds(0.5, 0.50002, 0.5))  # float32 is exact: the app is wrong`;
    const { stdout, stderr } = await python(directory, '-c', program);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([
      'True False True',
      'True 0',
      'True [(torch.float64, torch.float64)]',
      'True False',
      'True False',
      'False',
    ]);
  });
});
