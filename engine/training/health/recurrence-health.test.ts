import { describe, expect, it } from 'vitest';
import { type CellProgram, cellProgram } from '../../cells/cell-program.ts';
import { type CellKind, cellOf } from '../../cells/registry.ts';
import type { Block } from '../../cells/step/evaluate.ts';
import { atOnce } from '../../event-loop.ts';
import { Random } from '../../random.ts';
import { askTorch, torchMissing } from '../torch-expectation.test-support.ts';
import { type MeasuredRecurrence, measureRecurrence } from './recurrence-health.ts';

const steps = 7;
const lengths = [7, 4, 1];
const rows = lengths.length;
const inputs = 3;

const numbers = (count: number, stream: string, scale = 1): Float32Array => {
  const random = new Random(5, stream);
  return Float32Array.from({ length: count }, () => random.normal() * scale);
};

function parametersOf({ parameters }: CellProgram): Map<string, Block> {
  const size = (width: number | 'input' | undefined): number => (width === 'input' ? inputs : (width ?? 1));
  return new Map(
    parameters.map(({ name, role, shape }) => {
      const [height, width] = role === 'matrix' ? [size(shape[0]), size(shape[1])] : [1, size(shape[0])];
      return [name, { rows: height, width, data: Float64Array.from(numbers(height * width, name, 0.7)) }];
    }),
  );
}

function problem(kind: CellKind, settings: object, given: Partial<MeasuredRecurrence> = {}): MeasuredRecurrence {
  const cell = cellOf(kind, { hidden: 4, ...settings });
  const program = cellProgram(cell.equations, 4);
  const width = program.states[0]?.width ?? 0;
  return {
    program,
    steps,
    rows,
    lengths,
    reverse: false,
    parameters: parametersOf(program),
    input: numbers(steps * rows * inputs, 'x'),
    initial: program.states.map((state) => numbers(rows * state.width, `start ${state.name}`, 0.5)),
    sequenceGradient: numbers(steps * rows * width, 'dy'),
    finalGradients: program.states.map((state) => numbers(rows * state.width, `d ${state.name}`)),
    ...given,
  };
}

const measure = (run: MeasuredRecurrence) => atOnce(measureRecurrence(run));

/** The same by PyTorch's own gradients, row by row, each step written out; of each part of the state as what follows reads it. */
const script = `
import json, sys, torch
torch.set_default_dtype(torch.float64)
q = json.load(sys.stdin); S = torch.sigmoid; D = len(q['widths']); R, T = q['rows'], q['steps']
W = {k: torch.tensor(v['data']).reshape(v['shape']) for k, v in q['weights'].items()}
def g(n, x, h): return W['W_'+n] @ x + W['b_x'+n].flatten() + W['U_'+n] @ h + W['b_h'+n].flatten()
def lstm(x, s):
    h, c = s; i, f, c_, o = S(g('i', x, h)), S(g('f', x, h)), torch.tanh(g('g', x, h)), S(g('o', x, h))
    c = f * c + i * c_; return [o * torch.tanh(c), c], {'i': i, 'f': f, 'g': c_, 'o': o}
def gru(x, s):
    (h,) = s; r, z = S(g('r', x, h)), S(g('z', x, h))
    n = torch.tanh(W['W_n'] @ x + W['b_xn'].flatten() + r * (W['U_n'] @ h + W['b_hn'].flatten()))
    return [(1 - z) * n + z * h], {'r': r, 'z': z, 'n': n}
cell = {'lstm-cell': lstm, 'gru-cell': gru}[q['kind']]
x = torch.tensor(q['input']).reshape(T, R, -1)
dy = None if q['dy'] is None else torch.tensor(q['dy']).reshape(T, R, -1)
out, kept, gates, ys = [], [], {}, []
for r in range(R):
    L = q['lengths'][r]; order = range(L - 1, -1, -1) if q['reverse'] else range(L)
    def run(last_alone):
        s = [torch.tensor(v).reshape(R, -1)[r].clone().requires_grad_() for v in q['initial']]; after = []; loss = 0
        for n, t in enumerate(order):
            s, values = cell(x[t, r], s); s = [v.clone() for v in s]; after.append(s)
            for v in s: v.retain_grad()
            if not last_alone:
                ys.append(s[0].tolist())
                for k, v in values.items(): gates.setdefault(k, []).extend(v.tolist())
            if dy is not None and (not last_alone or n == L - 1): loss = loss + (dy[t, r] * s[0]).sum()
        for v, d in zip(s, q['final']):
            if d is not None: loss = loss + (torch.tensor(d).reshape(R, -1)[r] * v).sum()
        loss.backward()
        return [[float(v.grad.norm()) if v.grad is not None else 0.0 for v in s] for s in reversed(after)]
    out.append(run(False)); alone = run(True)
    if L > 1: kept.append(torch.tensor(alone[-1]).norm().item() / torch.tensor(alone[0]).norm().item())
norms = [[(sum(row[d][p] ** 2 for row in out if len(row) > d) / sum(len(row) > d for row in out)) ** .5 for d in range(max(q['lengths']))] for p in range(D)]
print(json.dumps({'norms': norms, 'kept': float(torch.tensor(kept).log().mean().exp()), 'gates': gates}))
`;

interface Wanted {
  readonly norms: readonly (readonly number[])[];
  readonly kept: number;
  readonly gates: Readonly<Record<string, readonly number[]>>;
}

function ask(kind: CellKind, run: MeasuredRecurrence): Wanted {
  const list = (values: Float32Array | null | undefined): readonly number[] | null => (values ? [...values] : null);
  return askTorch(script, {
    kind,
    ...{ rows, steps, lengths, reverse: run.reverse, input: list(run.input), dy: list(run.sequenceGradient) },
    widths: run.program.states.map(({ width }) => width),
    weights: Object.fromEntries(
      [...run.parameters].map(([name, { rows: r, width, data }]) => [name, { shape: [r, width], data: [...data] }]),
    ),
    initial: run.initial?.map(list),
    final: run.finalGradients.map(list),
  }) as Wanted;
}

const missing = torchMissing();
describe.skipIf(missing !== null)('gradients by step of time are PyTorch’s', () => {
  it.each<[string, CellKind, Partial<MeasuredRecurrence>]>([
    ['of an LSTM with targets at every step', 'lstm-cell', {}],
    ['of one that runs backwards', 'lstm-cell', { reverse: true }],
    ['of one whose final state alone is read', 'lstm-cell', { sequenceGradient: null }],
    ['of a GRU', 'gru-cell', {}],
    ['of one that runs backwards, read at every step', 'gru-cell', { reverse: true, finalGradients: [null] }],
  ])('%s', (_name, kind, given) => {
    const run = problem(kind, {}, given);
    const found = measure(run);
    const wanted = ask(kind, run);
    expect(found.distances).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(found.gradients.map(({ state }) => state)).toEqual(run.program.states.map(({ name }) => name));
    found.gradients.forEach(({ norms }, part) => {
      norms.forEach((value, distance) => {
        expect(value).toBeCloseTo(wanted.norms[part]?.[distance] ?? Number.NaN, 10);
      });
    });
    expect(found.kept).toBeCloseTo(wanted.kept, 10);
    expect(found.steps).toBe(3);
    for (const { name, low, high } of found.squashed) {
      const all = wanted.gates[name] ?? [];
      const [least, most] = name === 'g' || name === 'n' ? [-0.9, 0.9] : [0.05, 0.95];
      expect(low, name).toBeCloseTo(all.filter((value) => value < least).length / all.length, 12);
      expect(high, name).toBeCloseTo(all.filter((value) => value > most).length / all.length, 12);
    }
    expect(found.squashed.map(({ name }) => name).sort()).toEqual(Object.keys(wanted.gates).sort());
  });
});

describe('what a recurrence looks like', () => {
  it('names the gates that carry the state', () => {
    const carrying = (kind: CellKind, settings: object): readonly string[] =>
      measure(problem(kind, settings)).squashed.flatMap(({ name, carries }) => (carries ? [name] : []));
    expect(carrying('lstm-cell', {})).toEqual(['f']);
    expect(carrying('lstm-cell', { coupled: true })).toEqual(['f']);
    expect(carrying('gru-cell', { form: 'reset-after' })).toEqual(['z']);
    expect(carrying('gru-cell', { form: 'simplified' })).toEqual(['u']);
  });

  it('counts units that never change, once there are enough steps to tell', () => {
    const parameters = (): Map<string, Block> => {
      const all = parametersOf(cellProgram(cellOf('rnn-cell', { hidden: 4, activation: 'relu' }).equations, 4));
      // Two units that are far below 0 whatever comes.
      const bias = all.get('b_xh');
      if (bias) bias.data.set([-1e3, 3, -1e3, 3]);
      return all;
    };
    const run = problem('rnn-cell', { activation: 'relu' }, { parameters: parameters(), initial: null });
    expect(measure(run)).toMatchObject({ dead: null, units: 4 });
    const long = {
      ...{ steps: 30, lengths: [30, 30, 10], input: numbers(30 * rows * inputs, 'long') },
      ...{ sequenceGradient: null, finalGradients: [numbers(rows * 4, 'd')] },
    };
    expect(measure({ ...run, ...long }).dead).toBe(2);
  });

  it('tells of a long sequence at 33 distances, the first and the last among them', () => {
    const long = {
      steps: 200,
      rows: 1,
      lengths: [200],
      input: numbers(200 * inputs, 'x'),
      initial: null,
      sequenceGradient: null,
    };
    const { distances, gradients } = measure(problem('gru-cell', {}, { ...long, finalGradients: [numbers(4, 'd')] }));
    expect(distances).toHaveLength(33);
    expect([distances[0], distances.at(-1)]).toEqual([0, 199]);
    expect(gradients[0]?.norms).toHaveLength(33);
    expect(gradients[0]?.norms[0]).toBeGreaterThan(gradients[0]?.norms[32] ?? 0);
  });

  it('keeps nothing to tell where no gradient arrives, or rows are one step long', () => {
    const none = problem('gru-cell', {}, { sequenceGradient: null, finalGradients: [null] });
    expect(measure(none)).toMatchObject({ kept: null });
    expect(measure(problem('gru-cell', {}, { lengths: [1, 1, 1] }))).toMatchObject({ kept: null, steps: 0, distances: [0] });
  });
});
