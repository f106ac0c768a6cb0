import { type CellProgram, cellProgram } from '../cells/cell-program.ts';
import type { Plan } from '../compile/plan.ts';
import type { OptimizerSettings, TrainingSettings } from '../document/training-settings.ts';
import type { PlanModule } from '../layers/plan-module.ts';
import { byteWords } from '../protocol/byte-words.ts';
import type { Problem } from '../shapes/problem.ts';
import { type CellDescription, outputWidth, type ValueType } from '../shapes/value-type.ts';

/** The largest batch that training will make. */
export interface LargestBatch {
  readonly rows: number;
  /** Steps of its inputs, padding included. */
  readonly steps: number;
  /** Steps of its target sequences; 0 where targets are no sequences. */
  readonly said: number;
}

/**
 * What lies in the memory that is looked at: a whole process that trains natively; one that trains in WebAssembly, whose kernels copy
 * what they are given; or the memory of WebAssembly alone, beside which the optimizer's slots and what is saved lie; the memory of a GPU;
 * or that of the process beside it, which holds what is saved.
 */
type MemoryPlace = 'process' | 'wasm-process' | 'wasm-heap' | 'gpu' | 'beside-gpu';

/** What a machine gives a training. */
export interface MemoryLimit {
  readonly bytes: number;
  readonly of: MemoryPlace;
  /** Where it lies, for a person: “this machine has free”. */
  readonly where: string;
}

interface MemoryNeed {
  readonly bytes: number;
  /** Weights, their gradients, the optimizer's slots, and the copies that are saved. */
  readonly weights: number;
  /** What a step keeps for its gradient, and grows with the batch. */
  readonly step: number;
  /** The module that takes most of it. */
  readonly largest: PlanModule | null;
}

const floatBytes = 4;

/**
 * Copies of each weight at the moment that takes most: at its start, on the device, with its gradient, and read back for the checkpoint
 * and the best weights, as numbers and as the bytes of their files; slots on the device and in the checkpoint.
 */
const copiesOf = (optimizer: OptimizerSettings): number => 8 + slotsOf(optimizer);

/** Numbers that an optimizer keeps for each weight, or candidates of each weight. */
function slotsOf(optimizer: OptimizerSettings): number {
  switch (optimizer.kind) {
    case 'sgd':
      return 0;
    case 'momentum':
    case 'nesterov':
    case 'adagrad':
      return 1;
    case 'rmsprop':
      return optimizer.momentum > 0 ? 2 : 1;
    case 'adam':
    case 'adamw':
      return 2;
    case 'evolution-strategy':
      return 1;
    case 'particle-swarm':
      return 3 * optimizer.particles;
  }
}

/**
 * Memory that training a plan takes at least, in bytes: each weight with its copies, and of the largest batch what its gradient needs
 * again. Measured trainings of recurrent classifiers, language models, encoder–decoders, convolutions and recordings took between 1 and 2
 * times as much (`memory.test.ts`), so that what is refused does not fit, and what is more than twice too large is refused.
 */
export function memoryNeed(
  plan: Plan,
  training: TrainingSettings,
  batch: LargestBatch,
  place: MemoryPlace = 'process',
): MemoryNeed {
  const gradients = training.optimizer.kind !== 'evolution-strategy' && training.optimizer.kind !== 'particle-swarm';
  const copies = copiesIn(place, training.optimizer, gradients ? 2 : 1);
  const stepCopies = (gradients ? 1 : 0.5) * (place === 'wasm-process' ? 2 : place === 'beside-gpu' ? 0 : 1);
  let weights = 0;
  let step = 0;
  let most = 0;
  let largest: PlanModule | null = null;
  for (const module of plan.modules) {
    const own = floatBytes * copies * module.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    const kept = floatBytes * stepCopies * keptNumbers(plan, module, batch);
    weights += own;
    step += kept;
    if (own + kept > most) [most, largest] = [own + kept, module];
  }
  return { bytes: weights + step, weights, step, largest };
}

/** @param computed copies of each weight where it is computed: itself and its gradient */
function copiesIn(place: MemoryPlace, optimizer: OptimizerSettings, computed: number): number {
  switch (place) {
    case 'process':
      return copiesOf(optimizer);
    case 'wasm-process':
      return copiesOf(optimizer) + 3;
    case 'wasm-heap':
      return computed;
    case 'gpu':
      return computed + slotsOf(optimizer);
    case 'beside-gpu':
      return copiesOf(optimizer) - computed - slotsOf(optimizer);
  }
}

/** Numbers of one module's outputs and of what it keeps inside, for a whole batch. The shares were fitted to what was measured. */
function keptNumbers(plan: Plan, module: PlanModule, batch: LargestBatch): number {
  const said = isSaid(plan, module);
  const steps = said ? batch.said : batch.steps;
  // Logits, their gradient and, in part, what they are made from.
  if (module.id === plan.head) return 2.5 * headNumbers(module, batch.rows, steps);
  const outputs = Object.values(module.outputTypes).reduce((sum, type) => sum + numbersOf(type, batch.rows, steps), 0);
  if (module.kind === 'convolution') return 2 * outputs + convolved(module, batch.rows, steps);
  const cell = module.inputTypes['cell']?.[0];
  if (cell?.type !== 'cell') return 2 * outputs;
  const layers = Number(module.config['layers'] ?? 1);
  const directions = module.kind === 'bidirectional' || module.kind === 'pyramid' ? 2 : 1;
  const merged = directions === 1 ? 0 : 2 * layers * outputWidth(cell.cell);
  const inside = layers * directions * savedPerStep(cell.cell) + merged;
  return outputs + batch.rows * steps * inside + attended(module, cell.cell, batch);
}

/** Of the head, which has no output of its own: what it says of each row, or of each step. */
function headNumbers(module: PlanModule, rows: number, steps: number): number {
  const width = module.parameters.find(({ name }) => name === 'bias')?.shape[0] ?? 0;
  return rows * (module.inputTypes['input']?.[0]?.type === 'sequence' ? steps : 1) * width;
}

/** Patches of a convolution, as pieces and as rows of one matrix, with their gradients; and what pooling turns round. */
function convolved(module: PlanModule, rows: number, steps: number): number {
  const [type] = module.inputTypes['pictures'] ?? [];
  if (type?.type !== 'pictures' || type.size === null) return 0;
  const input = numbersOf(type, rows, steps);
  const kernel = Number(module.config['kernel']) ** 2;
  const unpooled = (input / type.size.channels) * Number(module.config['filters']);
  return (kernel > 1 ? 3.2 * kernel * input : 0) + (Number(module.config['pool']) > 1 ? 8 * unpooled : 0);
}

/** Attention of each target step over each memory step: scores, context and what is joined; the additive one has a network at each pair. */
function attended(module: PlanModule, cell: CellDescription, { rows, steps, said }: LargestBatch): number {
  const [memory] = module.inputTypes['memory'] ?? [];
  if (memory?.type !== 'sequence' || module.config['attention'] === 'none') return 0;
  const width = memory.features ?? 0;
  const pairs = module.config['attention'] === 'additive' ? 3 * Number(module.config['attentionWidth']) : 0;
  return rows * (said * (4 * outputWidth(cell) + 3 * width) + steps * width + said * steps * (3 + pairs));
}

/** Whether it works on the target's steps. */
function isSaid(plan: Plan, module: PlanModule): boolean {
  if (plan.task !== 'sequence-to-sequence') return false;
  if (module.kind === 'target-input' || module.kind === 'decoder') return true;
  return Object.values(module.inputs)
    .flat()
    .some(({ module: from }) => {
      const before = plan.modules.find(({ id }) => id === from);
      return before !== undefined && isSaid(plan, before);
    });
}

/** Gates and states of one step, kept for back-propagation through time. */
function savedPerStep(cell: CellDescription): number {
  const { hidden, kernel, equations } = cell;
  return hidden * (kernel === null ? rowsKept(cellProgram(equations, hidden)) : kernel.gates.length + 1);
}

/** Values of a step that are there for all steps at once while a cell that is given by its equations goes back through time. */
function rowsKept({ schedule, states }: CellProgram): number {
  const { saved, forward, backward } = schedule;
  const all = [...forward.inputs, ...backward.slopes, ...backward.rest];
  const made = all.reduce((sum, one) => sum + (one.kind === 'node' ? 1 : one.results.length), 0);
  return states.length + saved.length + made + backward.kept.length;
}

function numbersOf(type: ValueType, rows: number, steps: number): number {
  switch (type.type) {
    case 'tokens':
      return rows * steps;
    case 'sequence':
      return rows * steps * (type.features ?? 0);
    case 'vector':
      return rows * (type.features ?? 0);
    case 'pictures': {
      const { height, width, channels } = type.size ?? { height: 0, width: 0, channels: 0 };
      return rows * (type.time === null ? 1 : steps) * height * width * channels;
    }
    case 'state':
      return rows * type.layers * type.parts.reduce((sum, { width }) => sum + width, 0);
    case 'cell':
      return 0;
  }
}

/** An error with its numbers where a plan cannot be trained in the memory that there is; `null` where it may fit. */
export function memoryFinding(plan: Plan, training: TrainingSettings, batch: LargestBatch, limit: MemoryLimit): Problem | null {
  const need = memoryNeed(plan, training, batch, limit.of);
  if (need.bytes <= limit.bytes) return null;
  const parts = `${byteWords(need.weights)} for weights, gradients, the optimizer and the copies that are saved, ${byteWords(need.step)} for a batch of ${batch.rows} × ${Math.max(batch.steps, batch.said)} steps`;
  const node = need.largest?.id ?? null;
  return {
    severity: 'error',
    node,
    edge: null,
    message: `training needs at least ${byteWords(need.bytes)} of memory, ${limit.where} ${byteWords(limit.bytes)}: ${parts}`,
    fix: wayOut(need, batch, limit),
  };
}

/** Which setting to lower, and how far. */
function wayOut(need: MemoryNeed, batch: LargestBatch, limit: MemoryLimit): string {
  const left = limit.bytes - need.weights;
  // Of the length a little less: not everything grows with it.
  const rows = Math.floor((batch.rows * left) / need.step);
  if (left > 0 && rows >= 1)
    return `Lower the batch size to ${rows}, or the longest sequence to ${Math.max(1, Math.floor((0.98 * batch.steps * left) / need.step))} steps.`;
  const share = Math.sqrt(limit.bytes / (2 * need.bytes));
  const width = need.largest === null ? null : widthOf(need.largest);
  if (width === null) return 'Make the model smaller.';
  return `Lower the ${width.name} to about ${Math.max(1, Math.floor(width.value * share))} (it is ${width.value}).`;
}

function widthOf(module: PlanModule): { readonly name: string; readonly value: number } | null {
  const cell = module.inputTypes['cell']?.[0];
  if (cell?.type === 'cell') return { name: 'hidden units of the cell', value: cell.cell.hidden };
  for (const type of Object.values(module.outputTypes)) {
    if ((type.type === 'sequence' || type.type === 'vector') && type.features !== null)
      return { name: 'width of this layer', value: type.features };
  }
  return null;
}
