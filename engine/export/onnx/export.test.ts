import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../../backends/choose.tf.ts';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model } from '../../compile/materialize.tf.ts';
import type { NamedTensor } from '../../files/safetensors.ts';
import { computeGoldens } from '../pytorch/goldens.tf.ts';
import { namedCase } from '../pytorch/named-case.ts';
import type { ParityCase } from '../pytorch/parity-cases.ts';
import { writeFolder } from '../write-folder.ts';
import { exportOnnx, onnxPreview } from './export.ts';
import { findOnnx } from './find-onnx.ts';

const onnx = findOnnx();
if ('reason' in onnx) console.warn(`ONNX folders are not run: ${onnx.reason}`);
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';

/** Larger matrices beside the same biases: what is said then changes from token to token, as the states do. */
function decided(parameters: ReadonlyMap<string, NamedTensor>): Map<string, NamedTensor> {
  const larger = ([name, tensor]: [string, NamedTensor]): [string, NamedTensor] => {
    const factor = tensor.shape.length > 1 ? 3 : 1;
    return [name, { ...tensor, data: Float32Array.from(tensor.data, (value) => factor * value) }];
  };
  return new Map([...parameters].map(larger));
}

async function exported(one: ParityCase): Promise<Map<string, Uint8Array | string>> {
  await activateBackend('wasm');
  const parameters = decided(initializeParameters(one.plan, 3));
  const model = new Model(one.plan, parameters);
  const goldens = await computeGoldens(model, one.encoding);
  model.dispose();
  return exportOnnx({ ...one, parameters, goldens });
}

describe('exportOnnx', () => {
  it('keeps text that a user typed out of the code and out of the graph', async () => {
    const one = namedCase('lstm · concat · depth 1 · every-step');
    const hostile = '"""; import os; os.system("x") #';
    const document = { ...one.document, name: hostile, nodes: one.document.nodes.map((node) => ({ ...node, label: hostile })) };
    const [plain, labelled] = [await exported(one), await exported({ ...one, document })];
    for (const file of ['README.md', 'test_parity.py', 'vocabulary.json']) expect(labelled.get(file)).toEqual(plain.get(file));
  });

  it('lists the graph for a look before exporting', () => {
    const one = namedCase('gru simplified · concat · depth 1 · last');
    const text = onnxPreview({ ...one, parameters: initializeParameters(one.plan, 1) }).get('model.onnx');
    expect(text).toContain('input tokens int64 [batch, time]');
    expect(text).toContain('embedding [time, batch, 4] = Gather(embedding.weight[16×4], token_input, axis=0)');
    expect(text).toContain('output log_probabilities float [batch, 3]');
  });

  it('lists the step of a cell that is given by its equations, by their names', () => {
    const one = namedCase('Minimal gated unit · backward · 1 layers · recurrent');
    const text = onnxPreview({ ...one, parameters: initializeParameters(one.plan, 1) }).get('model.onnx') ?? '';
    const from = text.indexOf('recurrent/cell/last_h');
    expect(text.slice(from, text.indexOf('\nrecurrent/steps'))).toMatchInlineSnapshot(`
      "recurrent/cell/last_h, recurrent/cell/steps = Scan(recurrent/initial_h/zeros, lengths/real_steps, recurrent/cell/step/6_add, recurrent/cell/step/13_add, num_scan_inputs=3, scan_input_directions=[1, 1, 1], scan_output_directions=[1])
          input recurrent/cell/before_h float [batch, 4]
          input recurrent/cell/is_real bool [batch, 1]
          input recurrent/cell/input_1 float [batch, 4]
          input recurrent/cell/input_2 float [batch, 4]

          recurrent/cell/step/3_product = MatMul(recurrent/cell/before_h, recurrent.U_f_l0_t[4×4])
          recurrent/cell/step/7_add = Add(recurrent/cell/input_1, recurrent/cell/step/3_product)
          recurrent/cell/step/f = Sigmoid(recurrent/cell/step/7_add)
          recurrent/cell/step/17_subtract = Sub(recurrent/cell/step/16_constant[], recurrent/cell/step/f)
          recurrent/cell/step/18_multiply = Mul(recurrent/cell/step/17_subtract, recurrent/cell/before_h)
          recurrent/cell/step/10_multiply = Mul(recurrent/cell/step/f, recurrent/cell/before_h)
          recurrent/cell/step/11_product = MatMul(recurrent/cell/step/10_multiply, recurrent.U_n_l0_t[4×4])
          recurrent/cell/step/14_add = Add(recurrent/cell/input_2, recurrent/cell/step/11_product)
          recurrent/cell/step/n = Tanh(recurrent/cell/step/14_add)
          recurrent/cell/step/19_multiply = Mul(recurrent/cell/step/f, recurrent/cell/step/n)
          recurrent/cell/step/h' = Add(recurrent/cell/step/18_multiply, recurrent/cell/step/19_multiply)
          recurrent/cell/after_h = Where(recurrent/cell/is_real, recurrent/cell/step/h', recurrent/cell/before_h)
          recurrent/cell/output = Identity(recurrent/cell/after_h)

          output recurrent/cell/after_h float [batch, 4]
          output recurrent/cell/output float [batch, 4]"
    `);
  });

  it('lists what goes into one step and comes out of it', () => {
    const one = namedCase('decoder · lstm · additive');
    const files = onnxPreview({ ...one, parameters: initializeParameters(one.plan, 1) });
    const border = (name: string): string[] =>
      (files.get(name) ?? '').split('\n').filter((line) => /^(input|output) /.test(line));
    const handed = ['decoder_h float [1, batch, 4]', 'decoder_c float [1, batch, 4]'];
    const memory = ['recurrent_output_lengths int64 [batch]', 'recurrent_output float [batch, time, 4]'];
    expect(border('encoder.onnx')).toEqual([
      'input tokens int64 [batch, time]',
      'input lengths int64 [batch]',
      ...[...handed, ...memory].map((value) => `output ${value}`),
    ]);
    expect(border('decoder_step.onnx')).toEqual([
      'input targets int64 [batch, target_time]',
      ...[...handed, ...memory].map((value) => `input ${value}`),
      'output log_probabilities float [batch, target_time, 16]',
      'output alignment float [batch, target_time, time]',
      ...handed.map((value) => `output next_${value}`),
    ]);
  });
});

describe.skipIf('reason' in onnx && !required)('an exported folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-onnx-folder-'));
  beforeAll(() => {
    if ('reason' in onnx) throw new Error(onnx.reason);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const python = (folder: string, ...args: string[]) =>
    spawnSync('python' in onnx ? onnx.python : '', ['-W', 'error', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });

  const proven = [
    'lstm · concat · depth 2 · every-step',
    'gru simplified · sum · depth 1 · last',
    'rnn identity · backward · depth 1 · max',
    'sigmoid head per example',
    'sigmoid head per step',
    'regression from text',
    'forecast from a series',
    'classes from a series',
    'decoder · rnn tanh · none',
    'decoder · lstm projected, peepholes, coupled · dot',
    'decoder · gru reset-after · general',
    'decoder · lstm · additive',
    'decoder · lstm projected bridged to lstm · 2 layers',
    'decoder · listens to a pyramid',
    'image to sequence · all',
    'video to class · mean',
    'language model · lstm',
    'language model · gru reset-after',
    'decoder · every role',
    'language model · every role',
  ];

  it.each(proven)('proves itself: %s', async (name) => {
    const folder = join(root, name.replaceAll(/[^a-z]/g, ''));
    await writeFolder(folder, await exported(namedCase(name)), { overwrite: false });
    const { stdout, stderr, status } = python(folder, 'test_parity.py');
    expect(stderr).toBe('');
    expect(stdout.match(/^ok {2}/gm)).toHaveLength(3);
    expect(status).toBe(0);
  });

  it.each(['decoder · lstm · additive', 'language model · lstm'])('notices a token that differs: %s', async (name) => {
    const folder = join(root, `token${name.replaceAll(/[^a-z]/g, '')}`);
    const files = await exported(namedCase(name));
    const golden = JSON.parse(files.get('golden.json') as string) as { predictions: { greedy?: string[]; tokens?: string[] }[] };
    const said = golden.predictions.map(({ greedy, tokens }) => greedy ?? tokens ?? []);
    expect(new Set(said.flat()).size).toBeGreaterThan(3);
    said[0]?.splice(-1, 1, 'another');
    await writeFolder(folder, files, { overwrite: false });
    writeFileSync(join(folder, 'golden.json'), JSON.stringify(golden));
    const { stderr, status } = python(folder, 'test_parity.py');
    expect(stderr).toContain("'another'");
    expect(status).toBe(1);
  });

  it('notices a number that differs', async () => {
    const folder = join(root, 'wrong');
    const files = await exported(namedCase('sigmoid head per example'));
    const golden = JSON.parse(files.get('golden.json') as string) as { batches: { outputs: number[] }[] };
    const [batch] = golden.batches;
    if (batch) batch.outputs[0] = (batch.outputs[0] ?? 0) + 3e-4;
    await writeFolder(folder, files, { overwrite: false });
    writeFileSync(join(folder, 'golden.json'), JSON.stringify(golden));
    const { stderr, status } = python(folder, 'test_parity.py');
    expect(stderr).toContain("the app's numbers differ by 3.00e-04");
    expect(status).toBe(1);
  });
});
