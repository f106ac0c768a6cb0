import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { templates } from '../../templates/registry.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { writePng } from '../data/media/fixtures/write-png.ts';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { exportPytorch } from '../export/pytorch/export.ts';
import { mediaCases } from '../export/pytorch/media-cases.ts';
import { writeFolder } from '../export/write-folder.ts';
import { decodeSafetensors } from '../files/safetensors.ts';
import { collapse } from '../graph/blocks/collapse.ts';
import { setRepeat } from '../graph/blocks/repeat.ts';
import { addNode, insertOnWire } from '../graph/edit.ts';
import { noFacts } from '../graph/infer-shapes.ts';
import { findLayer } from '../layers/registry.ts';
import { pretendCuda } from '../toolchain/cuda-fixture.test-support.ts';
import { buildProgram, program } from './built.test-support.ts';
import { run as runCommand } from './program.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'unroll-cli-'));

interface Result {
  readonly code: number | null;
  readonly lines: Record<string, unknown>[];
  readonly stdout: string;
  readonly stderr: string;
}

beforeAll(async () => {
  buildProgram();
  vi.stubEnv('UNROLL_HOME', home);
  // What most commands load is there before a test's time runs.
  await import('./train.ts');
}, 300_000);

/** Where the runs of these tests lie. */
const home = join(folder, 'home');

/**
 * Runs a command in a process of its own, as a person does: starting and ending one takes longer than most commands, so that each of them
 * is once called like this, and otherwise by `unroll`.
 */
function unrollProcess(environment: Record<string, string | undefined>, ...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: root,
      env: { ...process.env, UNROLL_HOME: home, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    child.on('close', (code) => resolve(resultOf(args, code, stdout, stderr)));
  });
}

function resultOf(args: readonly string[], code: number | null, stdout: string, stderr: string): Result {
  const printed = args.includes('--json') ? stdout.trimEnd().split('\n').filter(Boolean) : [];
  return { code, lines: printed.map((line) => JSON.parse(line) as Record<string, unknown>), stdout, stderr };
}

/** What is printed belongs to one command: the next one begins when it has ended. */
let before: Promise<unknown> = Promise.resolve();

/** Runs a command inside this process, and takes what it prints. */
function unroll(...args: string[]): Promise<Result> {
  const result = before.then(async () => {
    const printed = { stdout: '', stderr: '' };
    const spies = (['stdout', 'stderr'] as const).map((stream) =>
      vi.spyOn(process[stream], 'write').mockImplementation((text) => {
        printed[stream] += String(text);
        return true;
      }),
    );
    try {
      const code = await runCommand(args);
      return resultOf(args, code, printed.stdout, printed.stderr);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
  before = result.catch(() => undefined);
  return result;
}

/** The `syllables` template on a small part of its data: seconds, not a minute. */
function smallDocument(): UnrollDocument {
  const document = templates[0]?.document();
  if (document?.data == null) throw new Error('the first template has no data');
  return { ...document, data: { ...document.data, limit: 1500 }, training: { ...document.training, epochs: 2, device: 'wasm' } };
}

const file = join(folder, 'small.unroll.json');
beforeAll(() => writeFileSync(file, JSON.stringify(smallDocument())));

describe('what is printed', () => {
  it('lists templates, one object a line', async () => {
    const { code, lines } = await unrollProcess({}, 'templates', '--json');
    expect(code).toBe(0);
    expect(lines).toEqual(templates.map(({ info }) => ({ name: info.name, structure: info.structure, task: info.task })));
  });

  it('ends with 1 and a hint when a command fails', async () => {
    const { code, lines } = await unroll('train', 'no-such-template', '--json');
    expect(code).toBe(1);
    expect(lines).toEqual([{ event: 'error', message: expect.stringContaining('no-such-template'), hint: expect.any(String) }]);
    const words = await unrollProcess({}, 'predict', 'no-such-run', 'text');
    expect([words.code, words.stdout]).toEqual([1, '']);
    expect(words.stderr).toContain('no-such-run');
  });

  it.each([
    ['train'],
    ['no-such-command'],
    ['train', 'x', '--epochs', '0'],
    ['train', 'x', '--device', 'abacus'],
    ['export', 'x'],
  ])('ends with 2 for wrong usage: %s %s %s %s', async (...args) => {
    const { code, lines } = await unroll(...args.filter((arg) => arg !== undefined), '--json');
    expect(code).toBe(2);
    expect(lines.at(-1)).toMatchObject({ event: 'error', message: expect.any(String), hint: expect.any(String) });
  });

  it.each([
    [['--workers', '2'], 'says how to train on a cluster, and none is named', '--on ray:'],
    [['--on', 'http://head:8265', '--storage', '/x'], 'expected ray:http://HOST:8265', '--on ray:http://head:8265.'],
    [['--on', 'ray:http://head:8265'], 'No storage is named', '--storage'],
    [
      ['--on', 'ray:http://head:8265', '--storage', '/x', '--device', 'wasm'],
      '--device chooses among what this machine has',
      '--gpus',
    ],
    [['--on', 'ray:ssh://head', '--storage', '/x'], 'is not the address of a Ray cluster', 'RAY_AUTH_TOKEN'],
    [['--on', 'ray:http://127.0.0.1:9', '--storage', '/x'], 'cannot be reached: nothing listens there', 'ssh -L 8265'],
  ])('train on a cluster says what is wrong: %j', async (args, message, hint) => {
    const { code, lines } = await unroll('train', 'pos-tagger', ...args, '--json');
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      event: 'error',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  it('helps', async () => {
    const { code, stdout } = await unrollProcess({}, '--help');
    expect(code).toBe(0);
    for (const name of [
      'templates',
      'check',
      'train',
      'resume',
      'evaluate',
      'predict',
      'inspect',
      'export',
      'setup',
      'devices',
      'sweep',
    ])
      expect(stdout).toContain(name);
  });
});

describe('devices', () => {
  it('checks each backend and the kernels of each cell', { timeout: 400_000 }, async () => {
    const { code, lines, stderr } = await unrollProcess({}, 'devices', '--check', '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(lines.find((line) => line['backend'] === 'javascript')).toMatchObject({ available: true, selfCheckError: 0 });
    const wasm = lines.filter((line) => line['backend'] === 'wasm');
    expect(wasm[0]).toMatchObject({ available: true, selfCheckError: expect.any(Number), limit: expect.any(Number) });
    const cells = wasm.slice(1).map((line) => line['cell']);
    for (const cell of ['gru reset-after', 'Minimal gated unit', 'every operation']) expect(cells).toContain(cell);
    expect(new Set(wasm.slice(1).map((line) => line['implementation']))).toEqual(new Set(['WASM', 'program', 'one op']));
    for (const line of wasm.slice(1)) expect(line).toMatchObject({ passed: true });
  });

  it('checks one backend alone', { timeout: 100_000 }, async () => {
    const { code, lines } = await unroll('devices', '--check', '--device', 'javascript', '--json');
    expect(code).toBe(0);
    expect(new Set(lines.map((line) => line['backend']))).toEqual(new Set(['javascript']));
    expect((await unroll('devices', '--device', 'abacus', '--json')).code).toBe(2);
  });

  const cuda = pretendCuda(mkdtempSync(join(folder, 'cuda-')));
  if (cuda === null) console.warn('TensorFlow for NVIDIA GPUs is not published for this machine: its checks are not tested');
  it.skipIf(cuda === null)('checks an NVIDIA GPU with each kind of matrix products', { timeout: 200_000 }, async () => {
    const { code, lines } = await unrollProcess(cuda ?? {}, 'devices', '--check', '--device', 'tensorflow', '--json');
    // There is no library, which each of them finds out in a process of its own.
    const missing = { backend: 'tensorflow', available: false, reason: expect.stringContaining('not available') };
    const expected = ['float32', 'tf32', 'float16'].flatMap((matrixProducts) => [
      { backend: 'tensorflow', matrixProducts },
      missing,
    ]);
    expect([code, lines]).toEqual([0, expected]);
  });

  it('offers no matrix products that this machine does not have', async () => {
    const { code, stderr } = await unroll('devices', '--matrix-products', 'tf32');
    expect(code).toBe(1);
    expect(stderr).toContain('NVIDIA GPU');
    expect((await unroll('devices', '--matrix-products', 'float8', '--json')).code).toBe(2);
  });
});

describe('a sweep', () => {
  it('is checked with its node, its field and its fix; a plain training does not mind', async () => {
    const document = smallDocument();
    const vary = [{ node: 'cell', field: 'hidden', range: { kind: 'linear', from: 8, to: 9000 } }];
    const path = join(folder, 'sweep.unroll.json');
    writeFileSync(path, JSON.stringify({ ...document, sweep: { vary } }));
    const checked = await unroll('check', path, '--json');
    expect(checked.code).toBe(1);
    expect(checked.lines).toContainEqual(
      expect.objectContaining({
        event: 'problem',
        severity: 'error',
        node: 'cell',
        message: expect.stringMatching(/^sweep: GRU cell · .*9000 is no value/),
        fix: expect.stringContaining('range'),
      }),
    );
    expect((await unroll('sweep', path, '--json')).code).toBe(1);
    const trained = await unroll('train', path, '--epochs', '1', '--json');
    expect(trained.code).toBe(0);
    const nothing = await unroll('sweep', file, '--json');
    expect([nothing.code, nothing.lines.at(-1)]).toEqual([
      1,
      { event: 'error', message: expect.stringContaining('varies no setting'), hint: expect.stringContaining('docs/sweeps.md') },
    ]);
    expect((await unroll('sweep', file, '--resume', '--fresh', '--json')).code).toBe(2);
  });
});

/** A learning rate far too high, and word vectors for two words. */
function wildDocument(): string {
  const document = smallDocument();
  const vectors = join(folder, 'vectors.txt');
  const numbers = Array.from({ length: 64 }, () => '0.5').join(' ');
  writeFileSync(vectors, `a ${numbers}\nb ${numbers}\n`);
  const nodes = document.nodes.map((n) => (n.kind === 'embedding' ? { ...n, params: { ...n.params, width: 64, vectors } } : n));
  const path = join(folder, 'wild.unroll.json');
  writeFileSync(path, JSON.stringify({ ...document, nodes, training: { ...document.training, epochs: 1, learningRate: 0.8 } }));
  return path;
}

describe('check', () => {
  it('finds a good document ready', async () => {
    const { code, lines } = await unroll('check', file, '--json');
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatchObject({ event: 'done', errors: 0, nodes: 5 });
  });

  it('names the node and the fix of each problem', async () => {
    const document = smallDocument();
    const cut = { ...document, edges: document.edges.filter((edge) => edge.to.port !== 'cell') };
    const path = join(folder, 'cut.unroll.json');
    writeFileSync(path, JSON.stringify(cut));
    const { code, lines } = await unroll('check', path, '--json');
    expect(code).toBe(1);
    const problem = lines.find((line) => line['event'] === 'problem');
    expect(problem).toMatchObject({ severity: 'error', name: expect.stringContaining('Bidirectional'), fix: expect.any(String) });
    expect(lines.at(-1)).toMatchObject({ event: 'error' });
  });

  it('warns of what trains badly, with its fix; --strict makes that an error', async () => {
    const path = wildDocument();
    const [told, strict] = await Promise.all([unroll('check', path, '--json'), unrollProcess({}, 'check', path, '--strict')]);
    expect(told.code).toBe(0);
    expect(told.lines).toMatchObject([
      { event: 'problem', severity: 'warning', fix: expect.stringContaining('below 0.05'), remedy: 'Set it to 0.002' },
      { event: 'problem', severity: 'warning', data: 'imbalance' },
      { event: 'done', errors: 0, warnings: 2 },
    ]);
    expect(strict.code).toBe(1);
    expect(strict.stdout).toMatch(/^warning: the learning rate 0\.8 .*\n {2}Set it below 0\.05/);
    expect(strict.stderr).toContain('has 2 warnings');
  });

  it('refuses an empty document and a broken file', async () => {
    const path = join(folder, 'empty.unroll.json');
    writeFileSync(path, JSON.stringify(emptyDocument()));
    expect((await unroll('check', path)).code).toBe(1);
    writeFileSync(path, '{"format":');
    const broken = await unroll('check', path);
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('not JSON')]);
  });
});

describe('the data report', () => {
  /** Twenty rows of eighty have a comma too many; without a validation split. */
  const rows = Array.from(
    { length: 80 },
    (_unused, i) => `${i % 2 ? 'good' : 'bad'} film number ${i}${i % 4 === 1 ? ', really' : ''},${i % 2 ? 'pos' : 'neg'}`,
  );
  const withBadRows = (): string => {
    writeFileSync(join(folder, 'ragged.csv'), `text,label\n${rows.join('\n')}\n`);
    const document = smallDocument();
    const path = join(folder, 'ragged.unroll.json');
    const reader = { format: 'delimited', delimiter: ',', header: true, inputColumns: ['text'], targetColumns: ['label'] };
    const source = { kind: 'file', path: join(folder, 'ragged.csv'), reader };
    const split = { validation: 0, test: 0.2 };
    const data = { source, task: 'sequence-classification', split };
    writeFileSync(path, JSON.stringify({ ...document, data, training: { ...document.training, epochs: 1 } }));
    return path;
  };
  const badRows = {
    event: 'problem',
    severity: 'warning',
    data: 'bad-rows',
    count: 20,
    message: 'data: 20 rows could not be read and are left out',
  };
  const noValidation = { event: 'problem', data: 'warning', message: expect.stringContaining('no validation examples') };

  it('is told by check, with line numbers and reasons; --strict fails on it', async () => {
    const path = withBadRows();
    const [told, strict] = await Promise.all([unroll('check', path, '--json'), unroll('check', path, '--strict')]);
    expect(told.code).toBe(0);
    expect(told.lines).toMatchObject([badRows, noValidation, { event: 'done', warnings: 2 }]);
    expect(told.lines[0]?.['rows']).toMatchObject({ 0: { line: 3, reason: expect.stringContaining('expected 2') }, length: 20 });
    expect(strict.code).toBe(1);
    expect(strict.stdout).toContain('warning: data: 20 rows could not be read and are left out');
    expect(strict.stdout).toMatch(/^ {4}line 3: .*expected 2/m);
    expect(strict.stdout).toContain('… and 15 more');
    expect(strict.stderr).toContain('has 2 warnings');
  });

  it('is told by train, whose figures of the training split are not called validation', async () => {
    const path = withBadRows();
    const out = join(folder, 'ragged');
    const [refused, trained] = await Promise.all([
      unroll('train', path, '--out', join(folder, 'ragged-strict'), '--strict', '--json'),
      unroll('train', path, '--out', out, '--json'),
    ]);
    expect([refused.code, refused.lines.map((line) => line['event'])]).toEqual([1, ['problem', 'problem', 'error']]);
    expect(existsSync(join(folder, 'ragged-strict'))).toBe(false);
    expect(trained.lines.slice(0, 2)).toMatchObject([badRows, noValidation]);
    expect(trained.lines.at(-1)).toMatchObject({ event: 'done', validation: null, train: expect.any(Number) });
    const { summary } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as { summary: Record<string, unknown> };
    expect(summary).toMatchObject({ judgedOn: 'train', validation: null, training: { accuracy: expect.any(Number) } });
  });
});

describe('data with its own splits', () => {
  const rows = (count: number, of: (i: number) => string): string =>
    Array.from(
      { length: count },
      (_unused, i) => `${of(i)}${i % 2 ? 'good' : 'bad'} film number ${i},${i % 2 ? 'pos' : 'neg'}\n`,
    ).join('');
  const write = (name: string, content: string): string => {
    mkdirSync(join(folder, 'own'), { recursive: true });
    writeFileSync(join(folder, 'own', name), content);
    return join(folder, 'own', name);
  };
  const document = (): string => {
    const reader = { format: 'delimited', delimiter: ',', header: true, inputColumns: ['text'], targetColumns: ['label'] };
    const source = { kind: 'file', path: write('old.csv', `text,label\n${rows(30, () => '')}`), reader };
    const small = smallDocument();
    const data = { source, task: 'sequence-classification' };
    return write('own.unroll.json', JSON.stringify({ ...small, data, training: { ...small.training, epochs: 1 } }));
  };
  const plain = (count: number): string => `text,label\n${rows(count, () => '')}`;
  const supports = async (run: string, split: string): Promise<number[]> => {
    const { lines } = await unroll('evaluate', run, '--split', split, '--json');
    const { classes } = lines.at(-1) as { classes: { support: number }[] };
    return classes.map(({ support }) => support);
  };

  it('is named with --data, --validation and --test; a file beside that is not is told', { timeout: 100_000 }, async () => {
    const [train, dev, test] = [write('train.csv', plain(40)), write('dev.csv', plain(6)), write('test.csv', plain(8))];
    const out = join(folder, 'own-files');
    const all = await unroll('train', document(), '--data', train, '--validation', dev, '--test', test, '--out', out, '--json');
    expect(all.code).toBe(0);
    expect(all.lines.filter(({ event }) => event === 'note')).toEqual([]);
    expect([await supports(out, 'train'), await supports(out, 'validation'), await supports(out, 'test')]).toEqual([
      [20, 20],
      [3, 3],
      [4, 4],
    ]);
    const alone = await unroll('train', document(), '--data', train, '--out', join(folder, 'own-alone'), '--json');
    expect(alone.lines.filter(({ event }) => event === 'note')).toEqual([
      { event: 'note', message: `“dev.csv” beside the training file is not used: --validation ${dev} takes it.` },
      { event: 'note', message: `“test.csv” beside the training file is not used: --test ${test} takes it.` },
    ]);
  });

  it('may be in parts, which are read as one by their numbers; those that are not read are told', {
    timeout: 100_000,
  }, async () => {
    const part = (name: string, from: number, count: number): string =>
      write(
        name,
        `text,label\n${rows(count, () => '')
          .split('\n')
          .map((row) => row.replace(/^/, `${from} `))
          .join('\n')}`,
      );
    const shards = [10, 9, 1].map((number) => part(`train-${number}-of-12.csv`, number, 14));
    const test = [1, 0].map((number) => part(`test-0000${number}-of-00002.csv`, 50 + number, 4));
    const out = join(folder, 'own-parts');
    const trained = await unroll('train', document(), '--data', ...shards, '--test', ...test, '--out', out, '--json');
    expect(trained.code).toBe(0);
    expect(await supports(out, 'test')).toEqual([4, 4]);
    const told = trained.lines.map(({ message }) => message);
    expect(told).toContain('Read as one file (train): “train-1-of-12.csv”, “train-9-of-12.csv”, “train-10-of-12.csv”.');
    expect(told.join()).toContain('“train-1-of-12.csv” is a part of a file in 12: 3 of these are read.');
    const one = await unroll('train', document(), '--data', shards[0] ?? '', '--out', join(folder, 'own-part'), '--json');
    const notes = one.lines.map(({ message }) => message).join();
    expect(notes).toContain('2 further parts of the training file are not used (“train-1-of-12.csv”, “train-9-of-12.csv”)');
    expect(notes).toContain('“train-10-of-12.csv” is a part of a file in 12: one of these is read.');
  });

  it('is told apart by a column with --split-column', { timeout: 100_000 }, async () => {
    const content = `split,text,label\n${rows(60, (i) => `${i < 40 ? 'train' : i < 46 ? 'dev' : 'test'},`)}`;
    const out = join(folder, 'own-column');
    const path = write('together.csv', content);
    const trained = await unroll('train', document(), '--data', path, '--split-column', 'split', '--out', out, '--json');
    expect(trained.code).toBe(0);
    expect([await supports(out, 'validation'), await supports(out, 'test')]).toEqual([
      [3, 3],
      [7, 7],
    ]);
    const wrong = await unroll('train', document(), '--data', path, '--split-column', 'part', '--json');
    expect([wrong.code, wrong.lines.at(-1)?.['message']]).toEqual([1, expect.stringContaining('there is no column “part”')]);
  });

  it('is refused where it cannot be meant', async () => {
    const twice = await unroll('train', document(), '--split-column', 'a', '--split-column', 'b');
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('It is given twice. Expected one column')]);
    const last = await unroll('train', '--data', 'a.csv', document(), '--json');
    expect([last.code, last.lines.at(-1)?.['hint']]).toEqual([2, expect.stringContaining('before --data and its files')]);
    const template = await unroll('train', 'syllables', '--test', 'b.csv', '--json');
    expect([template.code, template.lines.at(-1)?.['message']]).toEqual([1, expect.stringContaining('data is no file')]);
  });
});

describe('before training', () => {
  it('warns, tells what word vectors hold, and with --strict does not train', async () => {
    const path = wildDocument();
    const out = join(folder, 'strict');
    const [refused, trained] = await Promise.all([
      unroll('train', path, '--out', out, '--strict', '--json'),
      unroll('train', path, '--out', join(folder, 'wild')),
    ]);
    expect(refused.code).toBe(1);
    expect(refused.lines.map((line) => line['event'])).toEqual(['problem', 'problem', 'error']);
    expect(existsSync(out)).toBe(false);
    expect(trained.code).toBe(0);
    const lines = trained.stdout.split('\n');
    expect(lines.slice(0, 2)).toEqual([
      expect.stringMatching(/^warning: the learning rate/),
      expect.stringMatching(/^ {2}Set it/),
    ]);
    expect(lines[5]).toMatch(/^vectors\.txt has vectors for 2 of \d+ tokens \(\d.* %\); the others start at random\.$/);
  });
});

it('trains, evaluates, predicts, exports and imports again', { timeout: 400_000 }, async () => {
  const run = join(folder, 'run');
  const trained = await unrollProcess({}, 'train', file, '--out', run, '--seed', '7', '--film', '--json');
  expect(trained.stderr).toBe('');
  expect(trained.code).toBe(0);
  expect(trained.lines.map((line) => line['event'])).toEqual(expect.arrayContaining(['start', 'metrics', 'done']));
  const done = trained.lines.at(-1);
  expect(done).toMatchObject({ event: 'done', run, metric: 'accuracy', epochs: 2 });
  for (const key of ['validation', 'test', 'baseline', 'seconds']) expect(done?.[key], key).toBeTypeOf('number');
  expect(done?.['device']).toBeTypeOf('string');

  const evaluated = await unrollProcess({}, 'evaluate', run, '--json');
  expect(evaluated.lines.at(-1)).toMatchObject({ event: 'done', split: 'test', values: { accuracy: done?.['test'] } });

  const predicted = await unrollProcess({}, 'predict', run, 'banana', '--json');
  expect(predicted.lines[0]).toMatchObject({ event: 'prediction', kind: 'class', tokens: [...'banana'] });

  const inside = join(folder, 'inside');
  const inspected = await unrollProcess({}, 'inspect', run, 'banana', '--target', '3', '--out', inside, '--json');
  expect(inspected.lines.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['trace', 'gradient', 'saliency', 'spectrum', 'done']),
  );
  const [about, values, gradient, spectrum] = ['inspection', 'trace', 'gradient', 'spectrum'].map((event) =>
    inspected.lines.find((line) => line['event'] === event),
  );
  expect(about).toMatchObject({ target: { kind: 'class', values: ['3'], given: true } });
  for (const line of Object.values(values?.['values'] ?? {})) expect(line).toHaveLength(6);
  expect(gradient).toMatchObject({ of: { kind: 'loss' }, says: ['3'], connectivity: [expect.any(Array)] });
  for (const { share } of Object.values((gradient?.['terms'] ?? {}) as Record<string, { share: number[] }>))
    expect(share.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 3);
  const saliency = inspected.lines.find(({ event }) => event === 'saliency') as Record<string, number[] & number> | undefined;
  expect(saliency).toMatchObject({ of: { kind: 'loss' }, unit: 'nats', zero: 'embedding', value: about?.['loss'] });
  for (const method of ['gradient', 'integrated', 'occlusion']) expect(saliency?.[method]).toHaveLength(6);
  const sum = (saliency?.['integrated'] ?? []).reduce((all, one) => all + one, 0);
  expect(sum - (saliency?.['error'] ?? 0)).toBeCloseTo((saliency?.['value'] ?? 0) - (saliency?.['without'] ?? 0), 5);
  const eigenvalues = spectrum?.['eigenvalues'] as [number, number][];
  expect(spectrum?.['radius']).toBeCloseTo(Math.max(...eigenvalues.map(([re, im]) => Math.hypot(re, im))), 6);
  const index = JSON.parse(readFileSync(join(inside, 'index.json'), 'utf8')) as { arrays: { tensor: string; shape: number[] }[] };
  const arrays = decodeSafetensors(readFileSync(join(inside, 'arrays.safetensors'))).tensors;
  expect(index.arrays.map(({ tensor }) => tensor)).toEqual([...arrays.keys()]);
  expect(index.arrays.map(({ shape }) => shape)).toEqual([...arrays.values()].map(({ shape }) => shape));

  const [untrained, other, none] = await Promise.all([
    unroll('inspect', run, 'banana', '--weights', '0', '--json'),
    unroll('inspect', run, 'banana', '--weights', '1000000', '--json'),
    unroll('inspect', run, 'banana', '--weights', 'worst', '--json'),
  ]);
  expect(untrained.lines.find(({ event }) => event === 'inspection')).toMatchObject({ step: 0, weights: { step: 0 } });
  expect(other.code).toBe(1);
  expect(other.lines.at(-1)).toMatchObject({ event: 'error', hint: expect.stringMatching(/: 0, \d+/) });
  expect(none.code).toBe(2);

  const row = await unroll('inspect', run, '--split', 'test', '--index', '1', '--of', 'class=3', '--json');
  expect(row.lines.find(({ event }) => event === 'inspection')).toMatchObject({ target: { kind: 'class', given: true } });
  expect(row.lines.find(({ event }) => event === 'gradient')).toMatchObject({ of: { kind: 'class', class: '3' } });
  const [text, both, step] = await Promise.all([
    unroll('inspect', run, '--index', '1', '--json'),
    unroll('inspect', run, 'banana', '--split', 'test', '--json'),
    unroll('inspect', run, 'banana', '--of', 'token=3', '--json'),
  ]);
  for (const refused of [text, both])
    expect([refused.code, refused.lines.at(-1)?.['message']]).toEqual([1, 'Expected either a text, or a row of the data.']);
  expect([step.code, step.lines.at(-1)?.['hint']]).toEqual([1, expect.stringContaining('--of token=NAME with --step N')]);

  const again = await unrollProcess({}, 'resume', run, '--json');
  expect([again.code, again.lines.at(-1)]).toEqual([1, expect.objectContaining({ event: 'error' })]);

  const to = join(folder, 'export');
  const exported = await unrollProcess({}, 'export', run, '--to', to, '--json');
  expect(exported.code).toBe(0);
  expect(readdirSync(to)).toEqual(expect.arrayContaining(['model.py', 'model.safetensors', 'config.json', 'test_parity.py']));
  expect(readFileSync(join(to, 'model.py'), 'utf8')).toContain('nn.Module');
  expect((await unroll('export', run, '--to', to)).code).toBe(1);

  const onnx = join(folder, 'onnx');
  expect((await unroll('export', run, '--to', onnx, '--format', 'onnx', '--json')).code).toBe(0);
  expect(readdirSync(onnx)).toContain('model.onnx');

  const back = join(folder, 'imported');
  const imported = await unrollProcess({}, 'import', to, '--out', back, '--json');
  expect(imported.lines.at(-1)).toMatchObject({ event: 'done', run: back, kind: 'exported', guessed: [] });
  const second = join(folder, 'exported again');
  await unroll('export', back, '--to', second);
  expect(readFileSync(join(second, 'model.safetensors'))).toEqual(readFileSync(join(to, 'model.safetensors')));
  const answered = await unroll('import', to, '--answer', 'colour=red', '--json');
  expect([answered.code, answered.lines[0]?.['message']]).toEqual([1, 'There is no question colour.']);

  const on = await unroll('train', file, '--from', back, '--epochs', '1', '--out', join(folder, 'on'), '--json');
  expect(on.lines.at(-1)).toMatchObject({ event: 'done', epochs: 1 });
});

/** A graph over a file, wired by hand. */
function documentOver(
  name: string,
  content: string,
  binding: object,
  columns: object,
  graph: Pick<UnrollDocument, 'nodes' | 'edges'>,
): string {
  const data = join(folder, `${name}.txt`);
  writeFileSync(data, content);
  const empty = emptyDocument(name);
  const document: UnrollDocument = {
    ...empty,
    ...graph,
    data: dataBinding.parse({ ...binding, source: { kind: 'file', path: data, reader: columns } }),
    training: { ...empty.training, epochs: 1, device: 'wasm' },
  };
  const path = join(folder, `${name}.unroll.json`);
  writeFileSync(path, JSON.stringify(document));
  return path;
}

/** The small document with a repeated block behind its embedding, and one of its cell and wrapper. */
function blocksDocument(): UnrollDocument {
  const document = smallDocument();
  const idOf = (family: string, of: UnrollDocument = document): string =>
    of.nodes.find(({ kind }) => findLayer(kind)?.family === family)?.id ?? '';
  const wire_ = document.edges.find(({ from }) =>
    document.nodes.some(({ id, kind }) => id === from.node && kind === 'embedding'),
  );
  const added = addNode(document, 'layer-norm', { x: 0, y: 300 });
  const inserted = insertOnWire(added.document, noFacts, wire_?.id ?? '', added.id);
  const norm = inserted && collapse(inserted, new Set([added.id]), 'Normalized');
  const twice = norm?.ok ? setRepeat(norm.document, noFacts, norm.id, 2) : null;
  const both = twice?.ok ? collapse(twice.document, new Set([idOf('cell'), idOf('unroll')]), 'Reader') : null;
  if (!both?.ok) throw new Error('the blocks could not be made');
  return both.document;
}

it('checks, trains, trains on, exports and imports a graph with blocks', { timeout: 240_000 }, async () => {
  const document = blocksDocument();
  const file = join(folder, 'blocks.unroll.json');
  const broken = {
    ...document,
    blocks: document.blocks.map((block) => ({ ...block, edges: block.edges.filter(({ to }) => to.port !== 'cell') })),
  };
  writeFileSync(file, JSON.stringify(broken));
  const refused = await unroll('check', file);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toMatch(/error: Reader \(block-2\) › .+ \(.+\): “cell” needs a wire/);
  writeFileSync(file, JSON.stringify(document));
  expect((await unroll('check', file)).stdout).toContain('ready to train');

  const run = join(folder, 'blocks-run');
  const trained = await unroll('train', file, '--json', '--out', run, '--epochs', '1');
  expect(trained.lines.at(-1)).toMatchObject({ event: 'done', epochs: 1 });
  const again = await unroll('train', '--from', run, '--json', '--epochs', '1');
  expect(again.lines.at(-1)).toMatchObject({ event: 'done' });

  const exported = join(folder, 'blocks-exported');
  expect((await unroll('export', run, '--to', exported)).code).toBe(0);
  const model = readFileSync(join(exported, 'model.py'), 'utf8');
  expect(model).toContain('class Normalized(nn.Module):');
  expect(model).toContain('self.normalized = nn.ModuleList(Normalized() for _ in range(2))');
  expect(model).toContain('self.reader = Reader()');
  const back = join(folder, 'blocks-back.unroll.json');
  expect((await unroll('import', exported, '--out', join(folder, 'blocks-imported'), '--document', back)).code).toBe(0);
  const { nodes, edges, blocks } = JSON.parse(readFileSync(back, 'utf8')) as UnrollDocument;
  expect({ nodes, edges, blocks }).toEqual({ nodes: document.nodes, edges: document.edges, blocks: document.blocks });
});

it('trains an encoder and a decoder, and says sequences by every search', { timeout: 240_000 }, async () => {
  const rows = Array.from({ length: 200 }, (_unused, i) => `${i}\t${[...String(i)].reverse().join(' ')}`);
  const path = documentOver(
    'reverse',
    `source\ttarget\n${rows.join('\n')}\n`,
    { task: 'sequence-to-sequence', tokenizer: { level: 'character' } },
    { format: 'delimited', inputColumns: ['source'], targetColumns: ['target'] },
    {
      nodes: [
        node('input', 'token-input'),
        node('embed', 'embedding', { width: 8 }),
        node('cell', 'gru-cell', { hidden: 12 }),
        node('encoder', 'recurrent'),
        node('said', 'target-input'),
        node('targets', 'embedding', { width: 8 }),
        node('decoder', 'decoder', { attention: 'dot' }),
        node('head', 'dense-softmax'),
      ],
      edges: [
        'input.tokens > embed.tokens',
        'embed.sequence > encoder.sequence',
        'cell.cell > encoder.cell',
        'said.tokens > targets.tokens',
        'targets.sequence > decoder.sequence',
        'cell.cell > decoder.cell',
        'encoder.state > decoder.initial',
        'encoder.output > decoder.memory',
        'decoder.output > head.input',
      ].map(wire),
    },
  );
  const run = join(folder, 'reverse-run');
  const trained = await unroll('train', path, '--out', run, '--json');
  expect(trained.lines.at(-1)).toMatchObject({ event: 'done', metric: 'token-error-rate' });
  const evaluated = await unroll('evaluate', run, '--json');
  expect(evaluated.lines.at(-1)).toMatchObject({
    values: { 'token-error-rate': expect.any(Number), 'sequence-accuracy': expect.any(Number), perplexity: expect.any(Number) },
    decoded: { method: 'greedy', examples: 20, of: 20 },
    baselineName: expect.stringMatching(/^most frequent target|^saying nothing/),
  });
  const said = async (...options: string[]) => (await unroll('predict', run, '123', '--json', ...options)).lines[0];
  const greedy = await said();
  expect(greedy).toMatchObject({ kind: 'sequence', tokens: ['1', '2', '3'], hypotheses: [{ alignment: expect.any(Array) }] });
  const nodes = [expect.objectContaining({ parent: null, fate: expect.stringMatching(/kept|ended/) })];
  expect(await said('--beam', '1')).toEqual({
    ...greedy,
    tree: { width: 1, lengthPenalty: 0.6, nodes: expect.arrayContaining(nodes) },
  });
  expect(await said('--sample', '--top-k', '1')).toEqual(greedy);
  expect((await said('--beam', '3'))?.['hypotheses']).toHaveLength(3);
  expect((await said('--sample', '--samples', '2', '--max-tokens', '1'))?.['hypotheses']).toHaveLength(2);
  const two = (await said('--beam', '2')) as {
    hypotheses: { text: string }[];
    tree: { nodes: { token: string; fate: string }[] };
  };
  const { lines } = await unroll('inspect', run, '123', '--beam', '2', '--json');
  expect(lines.find(({ event }) => event === 'beam')).toMatchObject({
    width: 2,
    lengthPenalty: 0.6,
    hypotheses: two.hypotheses.map(({ text }) => ({ text })),
    nodes: two.tree.nodes.map(({ token, fate }) => ({ token, fate })),
  });
  expect(await said('--beam', '2', '--sample')).toMatchObject({ event: 'error', message: expect.stringContaining('exclude') });
});

it('trains a language model, and goes on with a text', { timeout: 240_000 }, async () => {
  const path = documentOver(
    'text',
    'abc abc abc\n'.repeat(80),
    { task: 'language-model', tokenizer: { level: 'character' } },
    { format: 'text', inputColumns: ['text'] },
    {
      nodes: [
        node('input', 'token-input'),
        node('hot', 'one-hot'),
        node('cell', 'gru-cell', { hidden: 12 }),
        node('rnn', 'recurrent'),
        node('head', 'dense-softmax'),
      ],
      edges: ['input.tokens > hot.tokens', 'hot.sequence > rnn.sequence', 'cell.cell > rnn.cell', 'rnn.output > head.input'].map(
        wire,
      ),
    },
  );
  const run = join(folder, 'text-run');
  expect((await unroll('train', path, '--out', run, '--json')).lines.at(-1)).toMatchObject({ metric: 'perplexity' });
  const spoken = await unroll('predict', run, 'ab', '--max-tokens', '40', '--seed', '3');
  const told = (await unroll('predict', run, 'ab', '--max-tokens', '40', '--seed', '3', '--json')).lines[0];
  expect(told).toMatchObject({ kind: 'generation', prompt: ['a', 'b'], ended: 'limit' });
  expect(told?.['tokens']).toHaveLength(40);
  expect(spoken.stdout.startsWith(`ab${String(told?.['text'])}`)).toBe(true);
  const other = await unroll('predict', run, 'ab', '--max-tokens', '40', '--seed', '4', '--json');
  expect(other.lines[0]?.['text']).not.toBe(told?.['text']);
});

it('predicts from the file itself where a run hears or sees', { timeout: 400_000 }, async () => {
  const one = mediaCases().find(({ name }) => name === 'video to class');
  if (one === undefined) throw new Error('no such case');
  const files = exportPytorch({
    ...one,
    parameters: initializeParameters(one.plan, 3),
    goldens: { batches: [], predictions: [] },
  });
  const { directory } = await writeFolder(join(folder, 'sees'), files, { overwrite: false });
  const run = join(folder, 'sees-run');
  expect((await unroll('import', directory, '--out', run, '--json')).code).toBe(0);
  const frame = (shade: number): Uint8Array => writePng({ width: 2, height: 1, depth: 8, type: 'grey', samples: [shade, 0] });
  mkdirSync(join(folder, 'frames'));
  for (const i of [1, 2]) writeFileSync(join(folder, 'frames', `${i}.png`), frame(100 * i));
  const [whole, parts, missing] = await Promise.all([
    unroll('predict', run, join(folder, 'frames'), '--json'),
    // From the folder in which the command is called.
    unroll('predict', run, [1, 2].map((i) => relative(root, join(folder, 'frames', `${i}.png`))).join('; '), '--json'),
    unroll('predict', run, 'no-such-folder', '--json'),
  ]);
  expect(whole.lines.at(-1)).toMatchObject({ event: 'prediction', kind: 'class', tokens: [] });
  expect(parts.lines).toEqual(whole.lines);
  expect(missing).toMatchObject({ code: 1, lines: [{ message: expect.stringContaining('there is no such file') }] });
});
