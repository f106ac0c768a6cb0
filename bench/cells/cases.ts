import { acceleratedCell } from '../../engine/cells/registry.ts';
import type { AcceleratedCell } from '../../engine/shapes/value-type.ts';
import { type BenchBackend, stepCases, type Task } from '../cases.ts';

/** Cells that are written as equations and that have a kernel of their own: one against the other. */
export const builtIn = ['lstm', 'gru'] as const;
export type BuiltIn = (typeof builtIn)[number];

/** The built-in cell of that width, in PyTorch's form. */
export const builtInCell = (cell: BuiltIn, hidden: number): AcceleratedCell => acceleratedCell(`${cell}-cell`, { hidden });

const norm = (gate: string, squash: string): string => `${gate} = ${squash}(layernorm(W_${gate} x + U_${gate} h) + b_${gate})`;
const plain = (gate: string, squash: string, more = ''): string =>
  `${gate} = ${squash}(W_${gate} x + U_${gate} h${more} + b_${gate})`;

/** Cells that PyTorch has no module for, and its class of each in `peers/own_cells.py`. */
export const ownCells = [
  {
    title: 'Minimal gated unit',
    torchClass: 'MinimalGatedUnit',
    equations: ['f = sigmoid(W_f x + U_f h + b_f)', 'n = tanh(W_n x + U_n (f * h) + b_n)', "h' = (1 - f) * h + f * n"],
  },
  {
    title: 'Layer-norm LSTM',
    torchClass: 'LayerNormLSTM',
    equations: [
      ...[norm('i', 'sigmoid'), norm('f', 'sigmoid'), norm('n', 'tanh'), norm('o', 'sigmoid')],
      ...["c' = f * c + i * n", "h' = o * tanh(layernorm(c'))"],
    ],
  },
  {
    title: 'LSTM with a third, slow state',
    torchClass: 'SlowMemoryLSTM',
    equations: [
      ...[plain('i', 'sigmoid'), plain('f', 'sigmoid'), plain('n', 'tanh'), plain('o', 'sigmoid', ' + V_o s')],
      ...["c' = f * c + i * n", "s' = 0.95 * s + 0.05 * c'", "h' = o * tanh(c' + s')"],
    ],
  },
] as const;

/** Sizes of the rows: a training step of one layer in one direction. */
const sizes = ['E64 H128 B64 T80', 'E128 H256 B64 T80'] as const;

export interface CellCase {
  readonly title: string;
  readonly backend: Exclude<BenchBackend, 'webgpu'>;
  readonly task: Task;
  /** Against the kernel written by hand; otherwise against PyTorch. */
  readonly against: BuiltIn | null;
  /** Largest time, as a multiple of the other's, that is wanted. */
  readonly wanted: number;
}

function taskOf(size: string, own: { readonly equations: string; readonly torchClass: string }): Task {
  const found = stepCases.find(({ name, backend, task }) => name === size && backend === 'tensorflow' && task.cell === 'lstm');
  if (found === undefined) throw new Error(`no row ${size}`);
  return { ...found.task, own: { ...own, way: 'eager' } };
}

export const cellCases: readonly CellCase[] = [
  ...(['tensorflow', 'wasm'] as const).flatMap((backend) =>
    sizes.flatMap((size) =>
      builtIn.map((against): CellCase => {
        const { hidden } = taskOf(size, { equations: '', torchClass: '' });
        const task = { ...taskOf(size, { equations: builtInCell(against, hidden).equations, torchClass: '' }), cell: against };
        const title = `${backend} ${against.toUpperCase()} as a custom cell ${size}`;
        return { title, backend, task, against, wanted: backend === 'wasm' ? 1.3 : 1.25 };
      }),
    ),
  ),
  ...ownCells.flatMap(({ title, torchClass, equations }) =>
    sizes.map((size): CellCase => {
      const task = taskOf(size, { equations: equations.join('\n'), torchClass });
      return { title: `tensorflow ${title} ${size}`, backend: 'tensorflow', task, against: null, wanted: 1 / 5 };
    }),
  ),
];
