import * as tf from '@tensorflow/tfjs-core';
import { cellProgram } from '../cells/cell-program.ts';
import { headKind } from '../compile/loss-kind.ts';
import { toTensors } from '../compile/materialize.tf.ts';
import { makeBatch } from '../data/batches.ts';
import type { Batch, EncodedSplit } from '../data/dataset.ts';
import { classCount, logProbabilities } from '../decode/log-probabilities.ts';
import { atOnce } from '../event-loop.ts';
import { portKey } from '../graph/infer-shapes.ts';
import { zeroState } from '../kernels/derived/rows.tf.ts';
import { equationWeights } from '../kernels/equation-weights.tf.ts';
import { traceForward } from '../kernels/traced/forward.tf.ts';
import type { TimeAxis } from '../layers/batch-tensors.tf.ts';
import type { Place, TracedRecurrence } from '../protocol/inspect.ts';
import { type Array32, readArray } from './arrays.tf.ts';
import { type RecordedRun, Recorder } from './recorder.tf.ts';
import { inScope } from './scope.tf.ts';
import type { Subject } from './subject.ts';
import { tracedLines, tracedParameters } from './traced-run.ts';

/** What of a cell is read. */
export interface ReadPlace extends Place {
  /** Name of the line. */
  readonly line: string;
}

/** What a batch gave, of each row its real steps alone. */
export interface ReadBatch {
  readonly rows: readonly ReadRow[];
  /** Sum over all steps of what the cell reads `[I]`, and their number. */
  readonly inputSum: Float32Array;
  readonly inputSteps: number;
  readonly cell: Pick<TracedRecurrence, 'equations' | 'hidden' | 'parameters'>;
  readonly range: TracedRecurrence['values'][number]['range'];
}

export interface ReadRow {
  readonly example: number;
  /** `[T, H]` */
  readonly values: Array32;
  /** What the cell's steps are of. */
  readonly axis: 'input' | 'target' | 'other';
  /** −log p of the target of each step of the head's axis; `null` where steps have none. */
  readonly losses: readonly number[] | null;
  /** All parts of the state after one of its steps, side by side. */
  readonly state: Float32Array;
}

/** How many times a batch's scratch of logits is read at most, in numbers. */
const mostLogits = 8e6;

/** Rows that a batch may have for its logits not to take all memory. */
export function mostRows({ model, encoding }: Subject, longest: number): number {
  const width = headKind(model.plan) === 'dense-sigmoid' ? 1 : (encoding.classes?.length ?? 1);
  return Math.max(1, Math.floor(mostLogits / Math.max(1, width * longest)));
}

/**
 * One line of a cell at each step of some examples, which run together as in training: rows of different lengths are padded, and what
 * stands at padding is left out. @returns `null` where the network has no such cell or line
 */
export function readStates(subject: Subject, split: EncodedSplit, examples: Uint32Array, place: ReadPlace): ReadBatch | null {
  const { model, encoding } = subject;
  const batch = makeBatch(split, examples, encoding.facts.features);
  return inScope(() => {
    const tensors = toTensors(batch);
    const recorder = new Recorder();
    model.values(tensors, { dropout: null, watch: recorder });
    const run = recorder.runs.find(({ module, layer }) => module === place.node && layer === place.layer);
    const read = run && readLine(run, place);
    if (!run || !read) return null;
    const axis = run.time === tensors ? 'input' : run.time === tensors.target?.time ? 'target' : 'other';
    const head = recorder.values.get(portKey(model.plan.head, 'logits'));
    if (head?.type !== 'sequence' && head?.type !== 'vector') throw new Error('the plan has no head');
    const losses = batch.tagTargets && stepLosses(subject, batch, readArray(head.tensor));
    const { steps, rows, rowLengths } = run.time;
    const masked = tf.mul(run.input, run.time.mask.expandDims(2));
    return {
      rows: Array.from(examples, (example, row) => ({
        example,
        values: rowOf(read.values, row, run.time),
        axis,
        losses: losses?.[row] ?? null,
        state: stateAt(read.states, rows, row, example % Math.max(1, rowLengths[row] ?? steps)),
      })),
      inputSum: readArray(tf.sum(masked, [0, 1])).data,
      inputSteps: rowLengths.reduce((sum, length) => sum + length, 0),
      cell: read.cell,
      range: read.range,
    };
  });
}

interface ReadLine extends Pick<ReadBatch, 'cell' | 'range'> {
  /** `[T·B, H]` */
  readonly values: Array32;
  /** Each part after each step `[T, B, F]`. */
  readonly states: readonly Array32[];
}

/** A line of a cell that ran, from its equations; `null` where it has no such direction or line. */
export function readLine(run: RecordedRun, { layer, direction, line }: ReadPlace): ReadLine | null {
  const { cell, input, time } = run;
  const index = run.directions.findIndex(({ reverse }) => reverse === (direction === 'backward'));
  const found = run.directions[index];
  const program = cellProgram(cell.equations, cell.hidden);
  const wanted = tracedLines(program, input.shape[2]).find(({ name }) => name === line);
  if (found === undefined || wanted === undefined) return null;
  const { steps, rows, rowLengths } = time;
  const problem = { program, steps, rows, lengths: rowLengths, reverse: found.reverse, inputGradient: false };
  const given = tf.split(run.sequence, run.directions.length, 2)[index] as tf.Tensor3D;
  const start = found.initial ?? zeroState(program, rows);
  const { values, states } = atOnce(traceForward(problem, input, equationWeights(cell, found.weights), start, given));
  const { equations, hidden } = cell;
  const parameters = tracedParameters(cell, input.shape[2], layer, index === 1);
  return {
    values: readArray(values.get(wanted.id)),
    states: states.map(readArray),
    cell: { equations, hidden, parameters },
    range: wanted.range,
  };
}

/** A row's real steps; what all rows share is the same at each of them. */
function rowOf({ shape, data }: Array32, row: number, { steps, rows, rowLengths }: TimeAxis): Array32 {
  const [all = 1, width = 1] = shape;
  const length = rowLengths[row] ?? steps;
  const values = new Float32Array(length * width);
  for (let t = 0; t < length; t++) {
    const from = all === 1 ? 0 : (t * rows + row) * width;
    values.set(data.subarray(from, from + width), t * width);
  }
  return { shape: [length, width], data: values };
}

function stateAt(states: readonly Array32[], rows: number, row: number, step: number): Float32Array {
  const parts = states.map(({ shape, data }) => {
    const width = shape[2] ?? 0;
    return data.subarray((step * rows + row) * width, (step * rows + row + 1) * width);
  });
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** Of each row, for each real step of the targets. */
function stepLosses({ model }: Subject, batch: Batch, logits: Array32): number[][] {
  const head = headKind(model.plan);
  const scratch = new Float64Array(classCount(head, logits.shape.at(-1) ?? 1));
  const { lengths } = batch.target ?? batch;
  return Array.from(lengths, (length, row) =>
    Array.from({ length }, (_, t) => {
      const at = t * batch.rows + row;
      return -(logProbabilities(head, logits.data, at, scratch)[batch.tagTargets?.[at] ?? 0] ?? 0);
    }),
  );
}
