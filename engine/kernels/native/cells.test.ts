import { acceleratedCell, findCell } from '../../cells/registry.ts';
import '../../backends/gradients.tf.ts';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { activateBackend } from '../../backends/choose.tf.ts';
import { checkedCells, checkKernels } from '../../backends/kernel-check.tf.ts';
import { cellParameters } from '../../cells/parameters.ts';
import { Random } from '../../random.ts';
import { type AcceleratedCell, outputWidth, stateWidths } from '../../shapes/value-type.ts';
import { nativeRuntime } from '../../toolchain/runtime.ts';
import { askTorch, torchMissing } from '../../training/torch-expectation.test-support.ts';
import { bidirectional } from '../bidirectional.tf.ts';
import { cellWeights } from '../cell-weights.tf.ts';
import { fusedOps, nativeBackend } from '../native-ops.tf.ts';
import { type CellWeights, recurrence } from '../recurrence.tf.ts';
import { allCells } from '../recurrence-suite.test-support.tf.ts';

/*
 * Every cell inside TensorFlow: that our ops compute it, not the composed form, and with the numbers of the composed form and of
 * PyTorch. What the ops do to memory, and their errors: `native-ops.test.ts`.
 */
const runtime = nativeRuntime();
if (runtime === null) console.warn('the cells are not tested on native TensorFlow here: it is not prepared');
const missing = runtime === null && process.env['UNROLL_REQUIRE_ALL'] !== '1';

// More rows than run in the way of few, several blocks of the state, none of them full.
const [steps, rows, features, hidden] = [9, 11, 5, 37];
const lengths = Int32Array.from([9, 1, 4, 9, 2, 7, 3, 9, 5, 1, 8]);
const lstm = acceleratedCell('lstm-cell', { hidden });

/** Weights in the size of a trained network's: much larger ones would make the sequence blow rounding up. */
function normal(stream: string, shape: readonly number[]): tf.Tensor {
  const source = new Random(7, stream);
  const scale = stream.startsWith('weight') ? 0.6 / Math.sqrt(shape.at(-1) ?? 1) : 0.4;
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => source.normal() * scale),
    [...shape],
  );
}

type Directions = 1 | 2;

/** Random arguments of a recurrence in one direction or both, by names that say which, and coefficients of all that it gives. */
function given(cell: AcceleratedCell, directions: Directions) {
  const each = Array.from({ length: directions }, (_, d) => d);
  const specs = cellParameters(cell, features, '');
  const widths = stateWidths(cell);
  return {
    each,
    specs,
    parts: widths.length,
    arguments_: [
      { name: 'x', tensor: normal('x', [steps, rows, features]) },
      ...each.flatMap((d) => specs.map(({ name, shape }) => ({ name: `${name} ${d}`, tensor: normal(`${name} ${d}`, shape) }))),
      ...each.flatMap((d) =>
        widths.map((width, part) => ({ name: `state ${part} ${d}`, tensor: normal(`state ${part} ${d}`, [rows, width]) })),
      ),
    ],
    upstream: [
      normal('upstream', [steps, rows, directions * outputWidth(cell)]),
      ...each.flatMap((d) => widths.map((width, part) => normal(`upstream ${part} ${d}`, [rows, width]))),
    ],
  };
}

/** Numbers of the sequence and of every part of the final state, and of the gradients of all arguments. */
function run(cell: AcceleratedCell, directions: Directions) {
  const { each, specs, parts, arguments_, upstream } = given(cell, directions);
  let values: number[][] = [];
  const { grads } = tf.valueAndGrads((...args: tf.Tensor[]) => {
    const x = args[0] as tf.Tensor3D;
    const weights = each.map((d): CellWeights => {
      const own = args.slice(1 + d * specs.length);
      return cellWeights((name) => own[specs.findIndex((spec) => spec.name === name)] ?? null);
    });
    const states = args.slice(1 + directions * specs.length) as tf.Tensor2D[];
    const problem = { cell, steps, rows, lengths, reverse: false, inputGradient: true };
    const want = { sequence: true, final: true };
    const [forwards, backwards] = weights as [CellWeights, CellWeights];
    const both = [states.slice(0, parts), states.slice(parts)] as const;
    const out =
      directions === 1
        ? recurrence(problem, x, forwards, states, want)
        : bidirectional(problem, x, [forwards, backwards], both, want);
    const all = [...(out.sequence === null ? [] : [out.sequence]), ...(out.final ?? []).flat()];
    values = all.map(plain);
    return tf.addN(all.map((value, index) => tf.sum(tf.mul(value, upstream[index] ?? value)))) as tf.Scalar;
  })(arguments_.map(({ tensor }) => tensor));
  return { values, gradients: grads.map(plain) };
}

const plain = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];

const title = (cell: AcceleratedCell): string => `${cell.kernel.name} ${stateWidths(cell).join(' ')}`;

describe.skipIf(missing)('every cell on native TensorFlow', () => {
  beforeAll(async () => {
    await activateBackend('tensorflow');
    expect(fusedOps()).not.toBeNull();
  });

  describe.each([1, 2] as const)('%s directions', (directions) => {
    it.each(allCells.map(({ name, cell }) => [name, cell] as const))('runs in one op and its gradient: %s', (_title, cell) => {
      const backend = nativeBackend();
      if (backend === null) throw new Error('not on native TensorFlow');
      const ops = vi.spyOn(backend, 'executeMultipleOutputs');
      const singles = vi.spyOn(backend, 'executeSingleOutput');
      try {
        tf.tidy(() => run(cell, directions));
        expect(ops.mock.calls.map(([name]) => name)).toEqual(['UnrollRecurrence', 'UnrollRecurrenceGrad']);
        expect(singles.mock.calls.map(([name]) => name).filter((name) => name.includes('MatMul'))).toEqual([]);
      } finally {
        ops.mockRestore();
        singles.mockRestore();
      }
    });
  });

  it.each([...checkedCells(), ...allCells].map((one) => [`${one.name} ${one.cell.hidden}`, one] as const))(
    'has the numbers of the composed form, one way and both: %s',
    async (_title, one) => {
      const { implementation, error, worst } = await checkKernels(one);
      expect(implementation).toBe('fused');
      expect(error, worst).toBeLessThan(1e-5);
    },
  );

  describe.skipIf(torchMissing() !== null)('beside real PyTorch', () => {
    const cells: readonly AcceleratedCell[] = [
      lstm,
      acceleratedCell('lstm-cell', { hidden: lstm.hidden, projection: 1 }),
      acceleratedCell('lstm-cell', { hidden: lstm.hidden, projection: 19 }),
      acceleratedCell('lstm-cell', { hidden: lstm.hidden, projection: 36 }),
      acceleratedCell('gru-cell', { hidden, form: 'reset-after' }),
      acceleratedCell('rnn-cell', { hidden, activation: 'tanh' }),
      acceleratedCell('rnn-cell', { hidden, activation: 'relu' }),
    ];
    const cases = cells.flatMap((cell) => ([1, 2] as const).map((directions) => ({ cell, directions, name: title(cell) })));
    let answers: z.infer<typeof torchAnswers> = [];
    beforeAll(() => {
      answers = torchAnswers.parse(askTorch(inTorch, cases.map(question)));
    }, 300_000);

    it.each(cases.map((one, index) => ({ ...one, index })))(
      '$name, $directions directions: values and gradients over a ragged batch',
      ({ cell, directions, index }) => {
        const expected = answers[index];
        const { values, gradients, names } = tf.tidy(() => ({
          ...run(cell, directions),
          names: given(cell, directions).arguments_.map(({ name }) => name),
        }));
        expect(values).toHaveLength(1 + directions * stateWidths(cell).length);
        for (const [at, value] of values.entries())
          expect(farthest(value, expected?.values[at]), `value ${at}`).toBeLessThan(1e-5);
        for (const [at, name] of names.entries()) {
          expect(farthest(gradients[at], expected?.gradients[name]), `gradient of ${name}`).toBeLessThan(1e-5);
        }
      },
    );
  });
});

/** Largest difference, relative where numbers are above 1; infinite where sizes differ. */
function farthest(found: readonly number[] | undefined, expected: readonly number[] | undefined): number {
  if (found === undefined || expected === undefined || found.length !== expected.length) return Number.POSITIVE_INFINITY;
  const differences = found.map((number, at) => {
    const other = expected[at] ?? Number.NaN;
    return Math.abs(number - other) / Math.max(1, Math.abs(other));
  });
  return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...differences);
}

const torchAnswers = z.array(
  z.object({ values: z.array(z.array(z.number())), gradients: z.record(z.string(), z.array(z.number())) }),
);

/** What PyTorch is asked: a module, its arguments by our names, and the coefficients of its values. */
const question = ({ cell, directions }: { readonly cell: AcceleratedCell; readonly directions: Directions }) =>
  tf.tidy(() => {
    const { arguments_, upstream } = given(cell, directions);
    const entry = (tensor: tf.Tensor) => ({ shape: tensor.shape, data: plain(tensor) });
    return {
      module: findCell(cell.kind)?.word ?? '',
      sizes: [features, hidden],
      options: {
        ...(cell.kind === 'lstm-cell' ? { proj_size: Number(cell.settings['projection']) } : {}),
        ...(cell.kind === 'rnn-cell' ? { nonlinearity: String(cell.settings['activation']) } : {}),
        bidirectional: directions === 2,
      },
      lengths: [...lengths],
      arguments: Object.fromEntries(arguments_.map(({ name, tensor }) => [name, entry(tensor)])),
      upstream: upstream.map(entry),
    };
  });

/** The same modules and numbers in PyTorch, in double precision; answers with values and gradients by our names. */
const inTorch = `
import json, sys, torch
make = lambda entry: torch.tensor(entry["data"], dtype=torch.float64).reshape(entry["shape"])
def answer(given):
    directions = 2 if given["options"]["bidirectional"] else 1
    arguments = {name: make(entry).requires_grad_() for name, entry in given["arguments"].items()}
    module = getattr(torch.nn, given["module"])(*given["sizes"], **given["options"]).double()
    names = {name: f"{name.replace('_reverse', '')[:-3]} {int(name.endswith('_reverse'))}" for name, _ in module.named_parameters()}
    for name, ours in names.items():
        module.get_parameter(name).data = arguments[ours].data
    parts = 2 if given["module"] == "LSTM" else 1
    state = [torch.stack([arguments[f"state {part} {d}"] for d in range(directions)]) for part in range(parts)]
    packed = torch.nn.utils.rnn.pack_padded_sequence(arguments["x"], given["lengths"], enforce_sorted=False)
    output, final = module(packed, tuple(state) if parts == 2 else state[0])
    sequence, _ = torch.nn.utils.rnn.pad_packed_sequence(output, total_length=arguments["x"].shape[0])
    final = list(final) if parts == 2 else [final]
    values = [sequence] + [final[part][d] for d in range(directions) for part in range(parts)]
    sum((value * make(up)).sum() for value, up in zip(values, given["upstream"])).backward()
    gradients = {ours: argument.grad for ours, argument in arguments.items() if argument.grad is not None}
    gradients.update({ours: module.get_parameter(name).grad for name, ours in names.items()})
    return {
        "values": [value.flatten().tolist() for value in values],
        "gradients": {name: gradient.flatten().tolist() for name, gradient in gradients.items()},
    }
print(json.dumps([answer(given) for given in json.load(sys.stdin)]))
`;
