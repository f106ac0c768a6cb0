import * as tf from '@tensorflow/tfjs-core';
import { type CellProgram, cellProgram } from '../../cells/cell-program.ts';
import { type StoredWeight, storedWeights } from '../../cells/parameters.ts';
import { type RegisterProgram, registerProgram } from '../../cells/program/register-program.ts';
import { type AcceleratedCell, stateWidths } from '../../shapes/value-type.ts';
import { cellWeights, weightOf } from '../cell-weights.tf.ts';
import { composed } from '../composed.tf.ts';
import { tellComposed } from '../composed-cells.ts';
import type { ProgramProblem } from '../program-op.tf.ts';
import type { CellWeights, RecurrenceGradients, RecurrenceImplementation, StateParts } from '../recurrence.tf.ts';
import type { RecurrenceProblem } from '../recurrence.ts';
import { mayBeDifferentiated } from '../sequence-op.tf.ts';
import type { Source } from './lay.tf.ts';
import type { Learned, View } from './pack.tf.ts';
import type { Gradients } from './program-gradients.tf.ts';
import { beyondWebGpu, requireShaders } from './program-op.tf.ts';
import { backwards, forwards } from './run.tf.ts';

/**
 * The recurrence on WebGPU: a built-in cell's shaders are made of its equations, as any cell's. Its weights, which are stored stacked, are read
 * where they lie, and their gradients are made stacked.
 */
export const webGpu: RecurrenceImplementation = {
  startsFromZeros: true,

  forward(problem, x, weights, initial, wantSequence) {
    const form = formOf(problem, x);
    if (form === null) return composed.forward(problem, x, weights, given(problem, initial), wantSequence);
    const { training, inference } = requireShaders(form.problem);
    const keep = mayBeDifferentiated();
    const run = forwards(form.problem, keep ? training : inference, x, form.stacked.learned(weights), initial);
    return { sequence: wantSequence ? run.sequence : null, final: run.final, saved: keep ? [run.history] : [] };
  },

  backward(problem, x, weights, saved, dSequence, dFinal, initial) {
    const form = formOf(problem, x);
    if (form === null) {
      const d = composed.backward(problem, x, weights, saved, dSequence, dFinal, given(problem, initial));
      return initial.length === 0 ? { ...d, initial: [] } : d;
    }
    const [history] = saved;
    if (history === undefined) throw new Error('nothing was kept for a gradient');
    const learned = form.stacked.learned(weights);
    const shaders = requireShaders(form.problem).backward(dSequence !== null);
    const run = backwards(form.problem, shaders, { x, learned, history, d: 0, directions: 1 }, dSequence, dFinal);
    const gradients: RecurrenceGradients = {
      x: problem.inputGradient ? run.input(form.stacked.sources(learned)) : null,
      ...form.stacked.gradients(run),
      initial: initial.length === 0 ? [] : run.initial(),
    };
    run.dispose();
    return gradients;
  },
};

/** The composed form is given zeros. */
const given = ({ cell, rows }: RecurrenceProblem, initial: StateParts): StateParts =>
  initial.length > 0 ? initial : stateWidths(cell).map((width) => tf.zeros<tf.Rank.R2>([rows, width]));

interface Form {
  readonly problem: ProgramProblem;
  readonly stacked: Stacked;
}

/** `null`: the problem is too large for shaders, which is told. */
function formOf({ cell, ...problem }: RecurrenceProblem, x: tf.Tensor3D): Form | null {
  const equations = cellProgram(cell.equations, cell.hidden);
  const program = registerProgram(equations, x.shape[2]);
  const made = { ...problem, program };
  const beyond = beyondWebGpu(made);
  if (beyond === null) return { problem: made, stacked: new Stacked(cell, equations, program) };
  tellComposed(equations, beyond);
  return null;
}

/** How a cell's stacked weights are what its program multiplies by and adds. */
class Stacked {
  readonly #stored: readonly StoredWeight[];
  readonly #equations: CellProgram;
  readonly #program: RegisterProgram;

  constructor(cell: AcceleratedCell, equations: CellProgram, program: RegisterProgram) {
    this.#stored = storedWeights(cell);
    this.#equations = equations;
    this.#program = program;
  }

  learned(weights: CellWeights): Learned {
    const tensors = this.#stored.map(({ name }) => {
      const tensor = weightOf(weights, name);
      if (tensor === null) throw new Error(`the cell has no ${name}`);
      return tensor;
    });
    const views = new Map<string, View>();
    for (const [tensor, { blocks }] of this.#stored.entries())
      for (const [index, block] of blocks.entries())
        views.set(block, { tensor, first: (index * (tensors[tensor]?.size ?? 0)) / blocks.length });
    const view = (name: string): View => {
      const found = views.get(name);
      if (found === undefined) throw new Error(`${name} is stored nowhere`);
      return found;
    };
    const { graph } = this.#equations.schedule;
    const parameter = (id: number): View => {
      const node = graph.node(id);
      if (node.op !== 'parameter') throw new Error('a built-in cell adds what it learns, and nothing else');
      return view(node.name);
    };
    return {
      tensors,
      matrices: this.#program.matrices.map(({ name }) => view(name)),
      vectors: this.#program.vectors.map(({ id }) => {
        const node = graph.node(id);
        return node.op === 'add' ? [parameter(node.left), parameter(node.right)] : [parameter(id)];
      }),
    };
  }

  /** Its matrices, in the order of the program's. */
  sources({ tensors, matrices }: Learned): readonly Source[] {
    return matrices.map(({ tensor, first }, index) => {
      const { rows = 0, columns = 0 } = this.#program.matrices[index] ?? {};
      const of = tensors[tensor];
      if (of === undefined) throw new Error('a matrix lies nowhere');
      return { tensor: of, rows, columns, first };
    });
  }

  /** Of the weights as they are stored. */
  gradients(run: Gradients): CellWeights {
    const { outerNodes, sumNodes, matrices } = this.#program;
    const { parameters } = this.#equations.schedule.gradients;
    return cellWeights((name) => {
      const blocks = this.#stored.find((one) => one.name === name)?.blocks;
      if (blocks === undefined) return null;
      const nodes = blocks.map((block) => parameters.get(block) ?? -1);
      if (matrices.some((matrix) => blocks.includes(matrix.name)))
        return run.stackedOuters(nodes.map((id) => outerNodes.indexOf(id)));
      return run.stackedSums(nodes.map((node) => sumNodes.findIndex(({ id }) => id === node)));
    });
  }
}
