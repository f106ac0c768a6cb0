import * as tf from '@tensorflow/tfjs-core';
import { cellProgram } from '../cells/cell-program.ts';
import { type BatchTensors, toTensors } from '../compile/materialize.tf.ts';
import { givingWay } from '../event-loop.ts';
import { portKey } from '../graph/infer-shapes.ts';
import { zeroState } from '../kernels/derived/rows.tf.ts';
import { equationWeights } from '../kernels/equation-weights.tf.ts';
import { traceForward } from '../kernels/traced/forward.tf.ts';
import type { TimeAxis } from '../layers/batch-tensors.tf.ts';
import type { Value } from '../layers/builder.tf.ts';
import type { PlanModule } from '../layers/plan-module.ts';
import { outputsInWords } from '../predict/predict.tf.ts';
import { greedySettings, predictSequence } from '../predict/predict-sequence.tf.ts';
import type { TracedRecurrence, TracedStep } from '../protocol/inspect.ts';
import type { Prediction } from '../protocol/predict.ts';
import { type Array32, readArray } from './arrays.tf.ts';
import type { Example } from './example.ts';
import type { Hold } from './holds/hold.ts';
import { HoldWatch, holdsFrom } from './holds/hold-watch.tf.ts';
import { type RecordedRun, Recorder } from './recorder.tf.ts';
import { inLongScope } from './scope.tf.ts';
import type { Subject } from './subject.ts';
import { tracedLines, tracedParameters } from './traced-run.ts';

/** How far apart, relative to the largest value, the kernels and a cell's equations may be by rounding. */
export const equalWithin = 1e-5;

/** One direction of one layer, with every value at every step. */
export interface KeptRecurrence {
  readonly node: string;
  readonly described: TracedRecurrence;
  /** `[T, units]` by name: the lines, `x`, and each state before the step by its bare name. */
  readonly values: ReadonlyMap<string, Array32>;
  /** Largest difference between the kernels' states and those of the equations, relative to the largest of them. */
  readonly difference: number;
}

export interface KeptOutput {
  readonly node: string;
  readonly port: string;
  readonly steps: readonly TracedStep[];
  /** `[T, F]`, one row where it has no time. */
  readonly values: Array32;
}

/** A run of a model over one example, outside the backend. */
export interface KeptTrace {
  readonly subject: Subject;
  readonly example: Example;
  /** `[T, C]` or `[C]` */
  readonly logits: Array32;
  readonly prediction: Prediction;
  readonly outputs: readonly KeptOutput[];
  readonly recurrences: readonly KeptRecurrence[];
  /** `[U, T]` by node. */
  readonly attention: ReadonlyMap<string, Array32>;
}

/**
 * Runs a model as it always runs, and computes beside it every value of its cells from their equations.
 *
 * @param holds lines of cells that are held at a value meanwhile
 */
export async function traceExample(subject: Subject, example: Example, holds: readonly Hold[] = []): Promise<KeptTrace> {
  const ran = await givingWay(inLongScope(ranExample(subject, example, holds)));
  return { subject, example, ...ran, prediction: await predictionOf(subject, example, ran.logits.data, holds) };
}

type RanExample = Pick<KeptTrace, 'logits' | 'outputs' | 'recurrences' | 'attention'>;

/** The network at once, but for what is held, then its cells' equations piece by piece. */
function* ranExample({ model }: Subject, example: Example, holds: readonly Hold[]): Generator<undefined, RanExample> {
  const batch = toTensors(example.batch);
  const held = new HoldWatch(holds);
  const { recorder, alignments } = yield* held.inPieces(() => {
    const ran = { recorder: new Recorder(held), alignments: new Map<string, tf.Tensor3D>() };
    model.values(batch, { dropout: null, watch: ran.recorder, alignments: ran.alignments });
    return ran;
  });
  const head = recorder.values.get(portKey(model.plan.head, 'logits'));
  if (head?.type !== 'sequence' && head?.type !== 'vector') throw new Error('the plan has no head');
  const axes = new StepAxes(batch, example);
  const outputs = model.plan.modules.flatMap((module) => outputsOf(module, recorder.values, axes));
  const attention = new Map([...alignments].map(([node, alignment]) => [node, readArray(alignment.squeeze([0]))]));
  yield;
  const recurrences: KeptRecurrence[] = [];
  for (const run of recorder.runs)
    for (const direction of run.directions.keys()) recurrences.push(yield* tracedDirection(run, direction, axes, held));
  return { logits: readArray(head.tensor), outputs, recurrences, attention };
}

async function predictionOf(
  subject: Subject,
  { batch, words, unknown, said }: Example,
  logits: Float32Array,
  holds: readonly Hold[],
): Promise<Prediction> {
  const [tokens, lacks] = batch.tokens === null ? [[], []] : [[...words], [...unknown]];
  if (batch.target)
    return {
      kind: 'sequence',
      tokens,
      unknown: lacks,
      hypotheses:
        said === null || holds.length > 0 ? await predictSequence(subject, batch, greedySettings, holdsFrom(holds)) : [said],
    };
  return outputsInWords(subject, { words: tokens, unknown: lacks }, logits);
}

/** What stands at the steps of each time axis. */
class StepAxes {
  readonly #batch: BatchTensors;
  readonly #example: Example;

  constructor(batch: BatchTensors, example: Example) {
    this.#batch = batch;
    this.#example = example;
  }

  stepsOf(time: TimeAxis): readonly TracedStep[] {
    const length = time.rowLengths[0] ?? 0;
    const words = this.#wordsOf(time);
    return Array.from({ length: time.steps }, (_, t) => ({
      token: words?.words[t] ?? '',
      unknown: words?.unknown[t] ?? false,
      padded: t >= length,
    }));
  }

  /** `null` of an axis that a layer made. */
  #wordsOf(time: TimeAxis): Pick<Example, 'words' | 'unknown'> | null {
    if (time === this.#batch) return this.#example;
    return time === this.#batch.target?.time ? readByDecoder(this.#example) : null;
  }
}

/** What a decoder reads at each step: nothing was said before the first. */
const readByDecoder = ({ target }: Example): Pick<Example, 'words' | 'unknown'> => ({
  words: ['<bos>', ...(target?.values.slice(0, -1) ?? [])],
  unknown: [],
});

const oneStep: readonly TracedStep[] = [{ token: '', unknown: false, padded: false }];

/** What a module gave at each port that carries numbers. */
function outputsOf({ id, outputTypes }: PlanModule, values: ReadonlyMap<string, Value>, axes: StepAxes): KeptOutput[] {
  return Object.keys(outputTypes).flatMap((port): KeptOutput[] => {
    const value = values.get(portKey(id, port));
    if (value === undefined || value.type === 'tokens' || value.type === 'state') return [];
    const time = value.type === 'vector' ? null : value.time;
    const rows = value.tensor.reshape<tf.Tensor2D>([time?.steps ?? 1, -1]);
    return [{ node: id, port, steps: time === null ? oneStep : axes.stepsOf(time), values: readArray(rows) }];
  });
}

/** A direction of a recurrence with its values from its equations, beside what the kernels gave. */
function* tracedDirection(
  run: RecordedRun,
  index: number,
  axes: StepAxes,
  holds: HoldWatch,
): Generator<undefined, KeptRecurrence> {
  const { cell, input, time, layer } = run;
  const inputs = input.shape[2];
  const program = cellProgram(cell.equations, cell.hidden);
  const lines = tracedLines(program, inputs);
  const direction = run.directions[index];
  const given = (tf.split(run.sequence, run.directions.length, 2) as tf.Tensor3D[])[index];
  if (direction === undefined || given === undefined) throw new Error('a direction gave no sequence');
  const { reverse, weights, initial } = direction;
  const { steps, rows, rowLengths } = time;
  const problem = { program, steps, rows, lengths: rowLengths, reverse, inputGradient: false };
  const held = holds.held.get(direction);
  const start = initial ?? zeroState(program, rows);
  const traced = held ? null : yield* traceForward(problem, input, equationWeights(cell, weights), start, given);
  const value = (name: string, id: number): tf.Tensor2D => (held?.values.get(name) ?? traced?.values.get(id)) as tf.Tensor2D;
  const real = rowLengths[0] ?? steps;
  const read = (tensor: tf.Tensor2D): Array32 => realSteps(readArray(tensor), steps, real);
  const values = new Map([['x', read(input.squeeze([1]))]]);
  for (const [part, { name }] of program.states.entries())
    values.set(name, read(value(name, program.schedule.given.states[part] ?? 0)));
  for (const { name, id } of lines) values.set(name, read(value(name, id)));
  return {
    node: run.module,
    described: {
      layer,
      direction: reverse ? 'backward' : 'forward',
      cell: cell.kind,
      hidden: cell.hidden,
      equations: cell.equations,
      steps: [...axes.stepsOf(time)],
      inputs,
      values: lines.map(({ id: _id, ...line }) => line),
      states: program.states.map(({ name, width }) => ({ name, units: width })),
      parameters: tracedParameters(cell, inputs, layer, index === 1),
    },
    values,
    // What is held is what the equations give: there is nothing to compare it with.
    difference:
      traced === null
        ? 0
        : Math.max(
            difference(
              realSteps(readArray(given.squeeze([1])), steps, real),
              values.get(program.states[0]?.name === 'out' ? 'out' : `${program.states[0]?.name}'`),
            ),
            ...(run.final[index] ?? []).map((part, at) =>
              difference(readArray(part), traced.final[at] && readArray(traced.final[at])),
            ),
          ),
  };
}

/** A row for each step, also of what all steps share; 0 at padding, where anything may stand. */
function realSteps({ shape, data }: Array32, steps: number, real: number): Array32 {
  const [rows = 1, width = 1] = shape;
  const all = new Float32Array(steps * width);
  for (let t = 0; t < real; t++) all.set(rows === steps ? data.subarray(t * width, (t + 1) * width) : data, t * width);
  return { shape: [steps, width], data: all };
}

/** Largest difference, relative to the largest number of the first. */
function difference({ data }: Array32, other: Array32 | undefined): number {
  let [most, largest] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    most = Math.max(most, Math.abs((data[i] ?? 0) - (other?.data[i] ?? Number.NaN)));
    largest = Math.max(largest, Math.abs(data[i] ?? 0));
  }
  return most === 0 ? 0 : most / largest;
}
