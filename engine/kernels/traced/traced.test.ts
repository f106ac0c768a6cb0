import '../../backends/gradients.tf.ts';
import { atOnce } from '../../event-loop.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../../backends/choose.tf.ts';
import { cellProgram } from '../../cells/cell-program.ts';
import { cellLibrary } from '../../cells/library.ts';
import { randomCell } from '../../cells/random-cell.test-support.ts';
import { pythonFile } from '../../export/python-file.ts';
import type { BackendName } from '../../protocol/app.ts';
import { Random } from '../../random.ts';
import { askTorch, torchMissing } from '../../training/torch-expectation.test-support.ts';
import { withComposedOnly } from '../composed-only.ts';
import type { DerivedProblem } from '../derived/problem.ts';
import { derivedRecurrence } from '../derived.tf.ts';
import { allCells } from '../recurrence-suite.test-support.tf.ts';
import { traceBackward } from './backward.tf.ts';
import { traceForward } from './forward.tf.ts';

const inputs = 3;

interface Case {
  readonly name: string;
  readonly equations: string;
  readonly hidden: number;
  readonly reverse: boolean;
  readonly steps: number;
  readonly length: number;
  readonly x: number[];
  readonly weights: Record<string, { shape: number[]; data: number[] }>;
  readonly initial: Record<string, number[]>;
  readonly dOutput: number[];
  readonly dFinal: Record<string, number[]>;
}

const texts = [
  ...allCells.map(({ name, cell }) => ({ name, equations: cell.equations, hidden: cell.hidden })),
  ...cellLibrary.map(({ title, equations }) => ({ name: title, equations, hidden: 4 })),
  ...Array.from({ length: 8 }, (_, i) => ({ name: `random ${i}`, equations: randomCell(new Random(i, 'traced')), hidden: 4 })),
];

/** Whole and padded, forwards and backwards. */
const cases: Case[] = texts.flatMap(({ name, equations, hidden }) =>
  [
    { reverse: false, length: 5 },
    { reverse: true, length: 5 },
    { reverse: false, length: 3 },
    { reverse: true, length: 3 },
  ].map(({ reverse, length }): Case => {
    const random = new Random(5, name);
    const steps = 5;
    const program = cellProgram(equations, hidden);
    const some = (count: number): number[] => Array.from({ length: count }, () => Math.fround(random.normal() * 0.7));
    const states = (): Record<string, number[]> =>
      Object.fromEntries(program.states.map((state) => [state.name, some(state.width)]));
    const sizes = program.parameters.map(({ name: own, shape }) => {
      const widths = shape.map((width) => (width === 'input' ? inputs : width));
      return [own, { shape: widths, data: some(widths.reduce((a, b) => a * b, 1)) }] as const;
    });
    const width = program.states[0]?.width ?? 0;
    return {
      name: `${name}, ${reverse ? 'backward' : 'forward'}, ${length} of ${steps} steps`,
      equations,
      hidden,
      reverse,
      steps,
      length,
      x: some(steps * inputs),
      weights: Object.fromEntries(sizes),
      initial: states(),
      dOutput: some(steps * width),
      dFinal: states(),
    };
  }),
);

/** Every step has copies of the parameters of its own, so that autograd gives each step's term of their gradients. */
const script = `${pythonFile('equations.py')}
import json, sys
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
answers = []
for case in json.load(sys.stdin):
    cell, length = Equations(case["equations"]), case["length"]
    rows = lambda values, count: torch.tensor(values).reshape(count, -1)
    x = [row.requires_grad_() for row in rows(case["x"], case["steps"])[:length].unbind()]
    start = {name: torch.tensor(value, requires_grad=True) for name, value in case["initial"].items()}
    given = {name: torch.tensor(one["data"]).reshape(one["shape"]) for name, one in case["weights"].items()}
    copies, lines, states = [None] * length, [None] * length, [None] * length
    state, loss = start, torch.tensor(0.0)
    for t in range(length)[::-1] if case["reverse"] else range(length):
        copies[t] = {name: value.clone().requires_grad_() for name, value in given.items()}
        lines[t] = cell.step(x[t], state, copies[t])
        state = states[t] = cell.after(lines[t])
        for value in state.values():
            value.retain_grad()
        loss = loss + (state[cell.output] * rows(case["dOutput"], case["steps"])[t]).sum()
    for name, value in state.items():
        loss = loss + (value * torch.tensor(case["dFinal"][name])).sum()
    loss.backward()
    none = lambda value: (torch.zeros_like(value) if value.grad is None else value.grad).flatten()
    terms = {}
    for name in given:
        each = torch.stack([none(copy[name]) for copy in copies])
        total = each.sum(0)
        terms[name] = {"norm": each.norm(dim=1).tolist(), "along": (each @ total).tolist()}
    answers.append({
        "lines": {name: [torch.as_tensor(line[name]).expand(max(1, torch.as_tensor(line[name]).numel())).tolist() for line in lines] for name, _ in cell.lines},
        "states": {name: [none(one[name]).tolist() for one in states] for name in cell.states},
        "x": [none(row).tolist() for row in x],
        "initial": {name: none(value).tolist() for name, value in start.items()},
        "terms": terms,
    })
json.dump(answers, sys.stdout)
`;

interface Answer {
  readonly lines: Record<string, number[][]>;
  readonly states: Record<string, number[][]>;
  readonly x: number[][];
  readonly initial: Record<string, number[]>;
  readonly terms: Record<string, { norm: number[]; along: number[] }>;
}

const close = (what: string, ours: number[], theirs: number[]): void => {
  expect(ours.length, what).toBe(theirs.length);
  const scale = Math.max(1, ...theirs.map(Math.abs));
  const apart = theirs.map((value, i) => Math.abs((ours[i] ?? Number.NaN) - value) / scale);
  const worst = apart.reduce((most, one) => (one <= most ? most : one), 0);
  expect(worst, what).toBeLessThan(2e-5);
};

describe.skipIf(torchMissing() !== null)('values and gradients of every cell at every step', () => {
  let answers: Answer[] = [];
  beforeAll(() => {
    answers = askTorch(script, cases) as Answer[];
  });

  describe.each<BackendName>(['javascript'])('on %s', (backend) => {
    beforeAll(async () => {
      await activateBackend(backend);
    });

    it.each(cases.map((one, index) => ({ ...one, index })))('are those of autograd: $name', (given) => {
      const answer = answers[given.index];
      if (answer === undefined) throw new Error('no answer');
      for (const withOutput of [false, true]) {
        const before = tf.memory().numTensors;
        tf.tidy(() => {
          const program = cellProgram(given.equations, given.hidden);
          const { steps, length, reverse } = given;
          const problem: DerivedProblem = {
            program,
            steps,
            rows: 1,
            lengths: Int32Array.of(length),
            reverse,
            inputGradient: true,
          };
          const x = tf.tensor3d(given.x, [steps, 1, inputs]);
          const weights = new Map(Object.entries(given.weights).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));
          const parts = (values: Record<string, number[]>): tf.Tensor2D[] =>
            program.states.map(({ name, width }) => tf.tensor2d(values[name] ?? [], [1, width]));
          const ordered = program.parameters.map(({ name }) => weights.get(name) as tf.Tensor);
          const want = { sequence: true, final: false };
          const run = () => derivedRecurrence(problem, x, ordered, parts(given.initial), want);
          const output = withOutput ? withComposedOnly(run).sequence : null;
          const traced = atOnce(traceForward(problem, x, weights, parts(given.initial), output));
          const real = (tensor: tf.Tensor): number[] => {
            const width = tensor.size / steps;
            return [...tensor.dataSync()].slice(0, length * width);
          };
          for (const [name, id] of program.step.named) {
            const line = traced.values.get(id);
            close(name, real(line.shape[0] === steps ? line : tf.tile(line, [steps, 1])), answer.lines[name]?.flat() ?? []);
          }
          const dSequence = tf.tensor3d(given.dOutput, [steps, 1, given.dOutput.length / steps]);
          const d = atOnce(
            traceBackward(problem, x, weights, parts(given.initial), traced.values.get, dSequence, parts(given.dFinal), true),
          );
          for (const [part, { name }] of program.states.entries()) {
            const ours = d.states[part] as tf.Tensor;
            close(`∂ ${name}`, real(ours), answer.states[name]?.flat() ?? []);
            expect([...ours.dataSync()].slice((length * ours.size) / steps).every((value) => value === 0)).toBe(true);
            close(`∂ first ${name}`, [...(d.initial[part]?.dataSync() ?? [])], answer.initial[name] ?? []);
          }
          if (d.x !== null) close('∂ x', real(d.x), answer.x.flat());
          for (const [name, { norm, along }] of d.terms) {
            const theirs = answer.terms[name];
            close(`norms of ${name}`, real(norm), theirs?.norm ?? []);
            close(`shares of ${name}`, real(along), theirs?.along ?? []);
            expect(
              [...norm.dataSync()].slice(length).every((value) => value === 0),
              name,
            ).toBe(true);
          }
          const without = program.parameters.filter(({ name }) => !d.terms.has(name));
          for (const { name } of without) close(name, [0], [Math.max(...(answer.terms[name]?.norm ?? [Number.NaN]))]);
        });
        expect(tf.memory().numTensors).toBe(before);
      }
    });
  });
});
