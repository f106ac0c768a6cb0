import '../../backends/gradients.tf.ts';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startBfloat16 } from '../../backends/bfloat16.tf.ts';
import { checkBatch, checkPlan } from '../../backends/check-network.ts';
import { activateBackend } from '../../backends/choose.tf.ts';
import { bfloat16CheckLimit } from '../../backends/self-check-limit.ts';
import { cellParameters } from '../../cells/parameters.ts';
import { acceleratedCell, type CellKind } from '../../cells/registry.ts';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model, toTensors } from '../../compile/materialize.tf.ts';
import { trainingSettings } from '../../document/training-settings.ts';
import { Random } from '../../random.ts';
import { type AcceleratedCell, outputWidth, stateWidths } from '../../shapes/value-type.ts';
import { hasBfloat16 } from '../../toolchain/processor.ts';
import { nativeRuntime } from '../../toolchain/runtime.ts';
import { askTorch, torchMissing } from '../../training/torch-expectation.test-support.ts';
import { TrainStep } from '../../training/train-step.tf.ts';
import { bidirectional } from '../bidirectional.tf.ts';
import { cellWeights } from '../cell-weights.tf.ts';
import { product } from '../product.tf.ts';
import { type CellWeights, recurrence } from '../recurrence.tf.ts';
import { allCells } from '../recurrence-suite.test-support.tf.ts';
import { allowBfloat16, inTraining } from './rounded-products.ts';

/*
 * Gradients with products in bfloat16 beside PyTorch in double precision, over random problems. How far they may be from it is not a
 * number of ours: PyTorch computes them once more with both factors of every product changed up or down at random by bfloat16's largest
 * rounding (2⁻⁸ of each number), several times; the farthest of these is the bound. Beside the very factors rounded they must be much
 * closer.
 */
const reason = nativeRuntime() === null ? 'native TensorFlow is not prepared' : torchMissing();
if (reason !== null || !hasBfloat16())
  console.warn(
    `products in bfloat16 are not tested inside TensorFlow here: ${reason ?? 'this processor has no instructions for them'}`,
  );
const skipped = reason !== null && process.env['UNROLL_REQUIRE_ALL'] !== '1';

const random = new Random(29, 'bfloat16');
const below = (limit: number): number => random.below(limit);

interface Problem {
  readonly cell: AcceleratedCell;
  readonly steps: number;
  readonly rows: number;
  readonly inputs: number;
  readonly lengths: readonly number[];
  readonly reverse: boolean;
  readonly directions: 1 | 2;
}

function randomProblem({ kind, settings }: AcceleratedCell, directions: 1 | 2): Problem {
  const [steps, rows, hidden] = [3 + below(9), 3 + below(20), 8 + below(60)];
  const projection = Number(settings['projection'] ?? 0) > 0 ? { projection: 1 + below(hidden - 1) } : {};
  const cell = acceleratedCell(kind as CellKind, { ...settings, hidden, ...projection });
  const lengths = Array.from({ length: rows }, (_, row) => (row === 0 ? steps : 1 + below(steps)));
  return { cell, steps, rows, inputs: 1 + below(50), lengths, reverse: below(2) === 0, directions };
}

const numbers = (count: number, scale: number): number[] =>
  Array.from({ length: count }, () => Math.fround(random.normal() * scale));
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Arguments by names that say of which direction they are, and coefficients of all that is given. */
function argumentsOf({ cell, steps, rows, inputs, directions }: Problem) {
  const each = Array.from({ length: directions }, (_, d) => d);
  const specs = cellParameters(cell, inputs, '');
  const widths = stateWidths(cell);
  const made = (name: string, shape: readonly number[], scale: number) => ({
    name,
    shape: [...shape],
    data: numbers(sizeOf(shape), scale),
  });
  return {
    specs,
    given: [
      made('x', [steps, rows, inputs], 0.7),
      ...each.flatMap((d) =>
        specs.map(({ name, shape }) =>
          made(`${name} ${d}`, shape, name.startsWith('weight_') ? 0.8 / Math.sqrt(shape.at(-1) ?? 1) : 0.4),
        ),
      ),
      ...each.flatMap((d) => widths.map((width, part) => made(`state ${part} ${d}`, [rows, width], 0.5))),
    ],
    up: [
      made('up', [steps, rows, directions * outputWidth(cell)], 1),
      ...each.flatMap((d) => widths.map((width, part) => made(`up ${part} ${d}`, [rows, width], 1))),
    ],
  };
}

/** Gradients by the kernels, as a training step runs them. */
function gradientsOf(problem: Problem, { specs, given, up }: ReturnType<typeof argumentsOf>): number[][] {
  return tf.tidy(() => {
    const tensors = given.map(({ shape, data }) => tf.tensor(data, shape));
    const score = (...args: tf.Tensor[]): tf.Scalar => {
      const weights = (d: number): CellWeights =>
        cellWeights((name) => {
          const index = specs.findIndex((spec) => spec.name === name);
          return index < 0 ? null : (args[1 + d * specs.length + index] ?? null);
        });
      const states = args.slice(1 + problem.directions * specs.length) as tf.Tensor2D[];
      const each = states.length / problem.directions;
      const batch = { ...problem, lengths: Int32Array.from(problem.lengths), inputGradient: true };
      const want = { sequence: true, final: true };
      const x = args[0] as tf.Tensor3D;
      const out =
        problem.directions === 1
          ? recurrence(batch, x, weights(0), states, want)
          : bidirectional(batch, x, [weights(0), weights(1)], [states.slice(0, each), states.slice(each)], want);
      const values = [...(out.sequence === null ? [] : [out.sequence]), ...(out.final ?? []).flat()];
      return tf.addN(
        values.map((value, index) => tf.sum(tf.mul(value, tf.tensor(up[index]?.data ?? [], value.shape)))),
      ) as tf.Scalar;
    };
    return inTraining(() => tf.grads(score)(tensors)).map((gradient) => [...gradient.dataSync()]);
  });
}

const length = (values: readonly number[]): number => Math.hypot(...values);
const distance = (a: readonly number[], b: readonly number[]): number =>
  length(a.map((value, at) => value - (b[at] ?? Number.NaN)));

const answers = z.array(
  z.object({ exact: z.array(z.array(z.number())), rounded: z.array(z.array(z.number())), farthest: z.array(z.number()) }),
);

if (hasBfloat16())
  describe.skipIf(skipped)('products in bfloat16', () => {
    const problems = allCells.flatMap(({ name, cell }) =>
      ([1, 2] as const).map((directions) => ({
        name: `${name}, ${directions} directions`,
        problem: randomProblem(cell, directions),
      })),
    );
    const all = problems.map(({ problem }) => argumentsOf(problem));
    let found: z.infer<typeof answers> = [];
    beforeAll(async () => {
      await activateBackend('tensorflow');
      const questions = problems.map(({ problem }, index) => ({
        ...{ cell: problem.cell.kernel.name, lengths: problem.lengths, reverse: problem.reverse, directions: problem.directions },
        ...{ arguments: all[index]?.given, up: all[index]?.up },
      }));
      found = answers.parse(askTorch(inTorch, questions));
    }, 300_000);
    afterAll(() => allowBfloat16(false));

    it('pass the device check far within its limit, and say what they gain', async () => {
      const verdict = await startBfloat16(true);
      if (!verdict.used) throw new Error(verdict.reason);
      expect(verdict.error).toBeLessThan(bfloat16CheckLimit / 4);
      // Not rounded at all it would be near 1e-6.
      expect(verdict.error).toBeGreaterThan(1e-4);
      expect(verdict.gain).toBeGreaterThan(0.5);
    });

    it.each([
      { a: [300, 70], b: [90, 70], turned: [false, true] },
      { a: [300, 90], b: [90, 70], turned: [false, false] },
      { a: [600, 41], b: [600, 70], turned: [true, false] },
      { a: [600, 90], b: [600, 33], turned: [true, false] },
    ] as const)('are those of layers, too: $a, $b', ({ a: left, b: right, turned }) => {
      allowBfloat16(true);
      const found = tf.tidy(() => {
        const [a, b] = [left, right].map((shape) => tf.tensor2d(numbers(sizeOf(shape), 1), [...shape])) as [
          tf.Tensor2D,
          tf.Tensor2D,
        ];
        const multiply = (): tf.Tensor2D => product(a, b, turned[0], turned[1]);
        const most = tf.matMul(tf.abs(a), tf.abs(b), turned[0], turned[1]);
        return tf.div(tf.abs(tf.sub(inTraining(multiply), multiply())), most).dataSync();
      });
      // Both factors of each term are rounded by 2⁻⁸ at most; not at all it would be near 1e-7.
      const farthest = Math.max(...found);
      expect(farthest).toBeLessThan(1.01 * 2 ** -7);
      expect(farthest).toBeGreaterThan(1e-5);
    });

    it('are those of a training step, and of nothing else', async () => {
      const plan = checkPlan();
      const trained = async (allow: boolean): Promise<{ readonly before: number[]; readonly loss: number }> => {
        allowBfloat16(allow);
        const model = new Model(plan, initializeParameters(plan, 7));
        const step = new TrainStep(model, 'cross-entropy', trainingSettings.parse({}), null);
        const before = tf.tidy(() => [...model.forward(toTensors(checkBatch), { dropout: null }).dataSync()]);
        const figures = step.run(checkBatch, 0.01, new Random(1));
        const [loss = Number.NaN] = await figures.data();
        figures.dispose();
        step.optimizer.dispose();
        model.dispose();
        return { before, loss };
      };
      const [plain, rounded] = [await trained(false), await trained(true)];
      expect(rounded.before).toEqual(plain.before);
      const difference = Math.abs(rounded.loss - plain.loss) / plain.loss;
      expect(difference).toBeGreaterThan(1e-6);
      expect(difference).toBeLessThan(2 ** -7);
    });

    it.each(problems.map((one, index) => ({ ...one, index })))(
      'have gradients within their rounding: $name',
      ({ problem, index }) => {
        allowBfloat16(true);
        const given = all[index];
        const answer = found[index];
        if (given === undefined || answer === undefined) throw new Error('PyTorch did not answer');
        const ours = gradientsOf(problem, given);
        expect(ours).toHaveLength(given.given.length);
        for (const [at, { name }] of given.given.entries()) {
          const [own, exact, rounded] = [ours[at] ?? [], answer.exact[at] ?? [], answer.rounded[at] ?? []];
          const changed = (answer.farthest[at] ?? 0) + 1e-5 * length(exact);
          expect(distance(own, exact), `${name} from float64`).toBeLessThan(changed);
          expect(distance(own, rounded), `${name} from rounded factors`).toBeLessThan(changed / 16);
        }
        // A training step rounds, and nothing else does.
        const rounding = distance(ours[0] ?? [], answer.exact[0] ?? []) / length(answer.exact[0] ?? []);
        expect(rounding).toBeGreaterThan(1e-4);
        allowBfloat16(false);
        const plain = gradientsOf(problem, given);
        expect(distance(plain[0] ?? [], answer.exact[0] ?? []) / length(answer.exact[0] ?? [])).toBeLessThan(1e-5);
      },
    );
  });
// No set-up gives a processor instructions: their arithmetic is in native-ops.test.ts, by others.
else
  it.skipIf(skipped)('products in bfloat16 are refused by a processor that has no instructions for them', async () => {
    await activateBackend('tensorflow');
    expect(await startBfloat16(true)).toMatchObject({ used: false });
    const [first] = allCells;
    if (first === undefined) throw new Error('there are no cells');
    const problem = randomProblem(first.cell, 1);
    allowBfloat16(true);
    expect(() => gradientsOf(problem, argumentsOf(problem))).toThrow(
      'this processor has no instructions for products of bfloat16',
    );
    allowBfloat16(false);
  });

/** Every cell from its equations in double precision; `factor` is what becomes of each factor of a product. */
const inTorch = `
import json, sys, torch
factor = None
class Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return factor(x) @ factor(w).T
    @staticmethod
    def backward(ctx, dy):
        x, w = ctx.saved_tensors
        dy = factor(dy)
        return dy @ factor(w), dy.T @ factor(x)
product = Product.apply

def step(cell, w, x, h, c):
    b_hh = w.get("bias_hh", torch.zeros_like(w["bias_ih"]))
    split = lambda z: z.reshape(z.shape[0], -1, H).unbind(1)
    H = h.shape[1] if "weight_hr" not in w else w["weight_hr"].shape[1]
    from_x = product(x, w["weight_ih"]) + w["bias_ih"]
    if cell.startswith("gru-relevance"):
        rows = w["weight_hh"]
        x_r, x_u, x_n = split(from_x)
        h_r, h_u = split(product(h, rows[: 2 * H]))
        r, u = torch.sigmoid(x_r + h_r), torch.sigmoid(x_u + h_u)
        n = torch.tanh(x_n + product(r * h, rows[2 * H :]))
        return u * n + (1 - u) * h, None
    from_h = product(h, w["weight_hh"]) + b_hh
    if cell == "gru-reset-after":
        (x_r, x_z, x_n), (h_r, h_z, h_n) = split(from_x), split(from_h)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        return (1 - z) * torch.tanh(x_n + r * h_n) + z * h, None
    z = from_x + from_h
    if cell == "gru-simplified":
        u, n = split(z)
        u = torch.sigmoid(u)
        return u * torch.tanh(n) + (1 - u) * h, None
    if cell.startswith("rnn"):
        return {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "identity": lambda v: v}[cell[4:]](z), None
    peeps = w["weight_ch"].reshape(-1, H) if "weight_ch" in w else None
    gates = list(split(z))
    coupled = "coupled" in cell
    i, f, g, o = [None, *gates] if coupled else gates
    if peeps is not None:
        f = f + c * peeps[0 if coupled else 1]
        i = None if coupled else i + c * peeps[0]
    f = torch.sigmoid(f)
    i = 1 - f if coupled else torch.sigmoid(i)
    c = f * c + i * torch.tanh(g)
    if peeps is not None:
        o = o + c * peeps[-1]
    h = torch.sigmoid(o) * torch.tanh(c)
    return (product(h, w["weight_hr"]) if "weight_hr" in w else h), c

def gradients(asked):
    make = lambda one: torch.tensor(one["data"], dtype=torch.float64).reshape(one["shape"])
    given = {one["name"]: make(one).requires_grad_() for one in asked["arguments"]}
    x, lengths, T = given["x"], torch.tensor(asked["lengths"]), given["x"].shape[0]
    sequences, finals = [], []
    for d in range(asked["directions"]):
        w = {name[:-2]: value for name, value in given.items() if name.endswith(f" {d}") and not name.startswith("state")}
        h, c = given[f"state 0 {d}"], given.get(f"state 1 {d}")
        outputs = [None] * T
        backwards = d == 1 or (asked["directions"] == 1 and asked["reverse"])
        for t in reversed(range(T)) if backwards else range(T):
            live = (t < lengths)[:, None]
            new_h, new_c = step(asked["cell"], w, x[t], h, c)
            outputs[t] = torch.where(live, new_h, torch.zeros_like(new_h))
            h = torch.where(live, new_h, h)
            c = None if c is None else torch.where(live, new_c, c)
        sequences.append(torch.stack(outputs))
        finals += [h] if c is None else [h, c]
    values = [torch.cat(sequences, 2), *finals]
    sum((value * make(up)).sum() for value, up in zip(values, asked["up"])).backward()
    return [value.grad for value in given.values()]

def answer(asked):
    global factor
    factor = lambda v: v
    exact = gradients(asked)
    factor = lambda v: v.to(torch.bfloat16).to(torch.float64)
    rounded = gradients(asked)
    factor = lambda v: v * (1 + 2**-8 * (2 * torch.randint(0, 2, v.shape) - 1))
    noisy = [gradients(asked) for _ in range(6)]
    return {
        "exact": [g.flatten().tolist() for g in exact],
        "rounded": [g.flatten().tolist() for g in rounded],
        "farthest": [max((n[i] - g).norm().item() for n in noisy) for i, g in enumerate(exact)],
    }

torch.manual_seed(5)
print(json.dumps([answer(asked) for asked in json.load(sys.stdin)]))
`;
