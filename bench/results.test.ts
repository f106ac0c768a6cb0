import { describe, expect, test } from 'vitest';
import { stepCases } from './cases.ts';
import { goals } from './goals.ts';
import { page } from './page.ts';
import { barPlot } from './plot.ts';
import { benchFile, type MemoryResult, type ResultRow, type Results, rowOf } from './results.ts';
import { summaryLines } from './summary.ts';

const row = (change: Partial<ResultRow> = {}): ResultRow => ({
  case: 'E128 H256 B64 T80',
  cell: 'lstm',
  directions: 1,
  layers: 1,
  backend: 'tensorflow',
  unroll_ms: 50,
  pytorch_ms: 100,
  keras_ms: 150,
  tfjs_layers_ms: 600,
  unroll_bfloat16_ms: null,
  pytorch_bfloat16_ms: null,
  onnxruntime_ms: null,
  floor_ms: 40,
  ...change,
});

const results = (rows: readonly ResultRow[], change: Partial<Results> = {}): Results => ({
  machine: {
    processor: 'A <fast> one',
    cores: 2,
    threads: 2,
    memory_gb: 16,
    system: 'Linux 6',
    node: 'v20.19.0',
    date: '2026-01-01T00:00:00.000Z',
    other_work: 0.02,
    versions: { PyTorch: '2.15.0' },
    sgemm_gflops: 200,
  },
  rows: [...rows],
  memory: [],
  profiles: [],
  notes: [],
  failures: [],
  ...change,
});

const met = (rows: readonly ResultRow[], memory: readonly MemoryResult[] = []): Record<string, boolean | null> =>
  Object.fromEntries(
    goals(results(rows, { memory: [...memory] })).map(({ goal, met: reached }) => [goal.split(' (')[0] ?? '', reached]),
  );

describe('a measured row', () => {
  const bench = stepCases.find(
    ({ name, task: { cell, directions } }) => name === 'E64 H128 B64 T80' && cell === 'lstm' && directions === 1,
  );

  test('has the median of each peer, null for an absent one, and the floor at the machine’s rate', () => {
    if (bench === undefined) throw new Error('no such case');
    const samples = { unroll: [30, 10, 20], pytorch: [7], pytorch_bfloat16: [9] };
    const found = rowOf({ bench, tokens: 64 * 80, samples, sgemmGflops: 190, notes: [] }, 200);
    expect(found).toEqual({
      case: 'E64 H128 B64 T80',
      cell: 'lstm',
      directions: 1,
      layers: 1,
      backend: 'tensorflow',
      unroll_ms: 20,
      pytorch_ms: 7,
      keras_ms: null,
      tfjs_layers_ms: null,
      unroll_bfloat16_ms: null,
      pytorch_bfloat16_ms: 9,
      onnxruntime_ms: null,
      floor_ms: 15.099,
    });
  });

  test('the file holds the machine and the rows, and nothing else', () => {
    const { machine, rows } = results([row(), row({ keras_ms: null })]);
    expect(benchFile.parse(JSON.parse(JSON.stringify({ machine, rows })))).toEqual({ machine, rows });
    expect(benchFile.safeParse({ machine, rows, memory: [] }).success).toBe(false);
    expect(benchFile.safeParse({ machine, rows: [{ ...row(), pytorch_ms: 0 }] }).success).toBe(false);
    expect(benchFile.safeParse({ machine, rows: [{ ...row(), speed: 1 }] }).success).toBe(false);
  });
});

describe('goals', () => {
  test('are met, missed or not measured', () => {
    const found = met([row()]);
    expect(found['1.7 × the speed of PyTorch, native']).toBe(true);
    expect(found['no native row below 0.95 of PyTorch’s speed']).toBe(true);
    expect(found['10 × the speed of tfjs-layers, native']).toBe(true);
    expect(found['70 % of the floor for LSTM E128 H256']).toBe(true);
    expect(found['3 × the speed of tfjs-layers, WASM']).toBeNull();
    expect(found['memory peak not above PyTorch’s']).toBeNull();
  });

  test('one slow row misses its own goal and pulls the mean', () => {
    const found = met([row(), row({ unroll_ms: 200 })]);
    expect(found['1.7 × the speed of PyTorch, native']).toBe(false);
    expect(found['no native row below 0.95 of PyTorch’s speed']).toBe(false);
  });

  test('bfloat16 is judged against bfloat16', () => {
    const rounded = 'no native row in bfloat16 below PyTorch’s speed in bfloat16';
    expect(met([row()])[rounded]).toBeNull();
    const times = { unroll_ms: 50, unroll_bfloat16_ms: 20, pytorch_bfloat16_ms: 30 };
    expect(met([row(times)])[rounded]).toBe(true);
    expect(met([row({ ...times, pytorch_bfloat16_ms: 19 })])[rounded]).toBe(false);
  });

  test('are not judged on a busy machine', () => {
    const { machine } = results([]);
    const verdicts = goals(results([row()], { machine: { ...machine, other_work: 0.5 } }));
    expect(verdicts.map(({ met: reached }) => reached)).toEqual(verdicts.map(() => null));
    expect(verdicts[0]?.found).toMatch(/2.00 × over 1 rows – not judged/);
  });

  test('memory is compared row by row', () => {
    const entry = (peer: 'unroll' | 'pytorch', name: string, peakBytes: number) => ({
      row: name,
      peer,
      startBytes: 0,
      peakBytes,
    });
    const less = [entry('unroll', 'a', 90), entry('pytorch', 'a', 100)];
    const more = [entry('unroll', 'b', 110), entry('pytorch', 'b', 100)];
    expect(met([row()], less)['memory peak not above PyTorch’s']).toBe(true);
    expect(met([row()], [...less, ...more])['memory peak not above PyTorch’s']).toBe(false);
  });
});

test('the summary has each backend’s mean and worst row against each peer', () => {
  const lines = summaryLines({
    rows: [row(), row({ case: 'E64', cell: 'rnn', unroll_ms: 200, keras_ms: null, tfjs_layers_ms: null })],
  });
  expect(lines).toEqual([
    'tensorflow: 1.00 × the speed of PyTorch (geometric mean of 2 rows; worst 0.50 ×: tensorflow RNN E64)',
    'tensorflow: 3.00 × the speed of Keras (geometric mean of 1 rows; worst 3.00 ×: tensorflow LSTM E128 H256 B64 T80)',
    'tensorflow: 12.00 × the speed of tfjs-layers (geometric mean of 1 rows; worst 12.00 ×: tensorflow LSTM E128 H256 B64 T80)',
  ]);
});

describe('the page', () => {
  test('stands alone, escapes what it shows, and has a plot and a table for each backend', () => {
    const html = page(
      results([row(), row({ backend: 'wasm', pytorch_ms: null, keras_ms: null })], { notes: ['Keras: <absent>'] }),
    );
    expect(html).not.toMatch(/https?:\/\/|<script|<link/);
    expect(html).toContain('A &lt;fast&gt; one');
    expect(html).toContain('Keras: &lt;absent&gt;');
    expect(html.match(/<svg /g)).toHaveLength(4);
    expect(html).toContain('<h2>WebAssembly</h2>');
    expect(html).not.toContain('The machine was busy');
  });

  test('says so when the machine had other work', () => {
    const { machine } = results([]);
    expect(page(results([row()], { machine: { ...machine, other_work: 0.6 } }))).toContain('The machine was busy');
  });

  test('bars are as long as their values; what is absent has none', () => {
    const svg = barPlot([{ label: 'a', values: [1, null, 2] }], '×', 1);
    const widths = [...svg.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map((match) => Number(match[1]));
    expect(widths).toHaveLength(2);
    expect((widths[1] ?? 0) / (widths[0] ?? 1)).toBeCloseTo(2);
    expect(svg).toContain('class="mark"');
  });
});
