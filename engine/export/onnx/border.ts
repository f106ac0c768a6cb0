import { generatingPart } from '../../compile/generating-part.ts';
import type { Plan } from '../../compile/plan.ts';
import type { OnnxValueInfo } from '../../layers/onnx-data.ts';
import type { PlanModule } from '../../layers/plan-module.ts';
import { findLayer } from '../../layers/registry.ts';
import type { StateType, TimeSymbol, ValueType } from '../../shapes/value-type.ts';
import { headOf, headWidth, inputName } from '../pytorch/torch-plan.ts';

/** Name of a time axis: `T` → `time`, `T/2` → `time/2`, and `U`, the target's → `target_time`. */
export const timeDimension = (time: TimeSymbol): string => time.replace(/^T/, 'time').replace(/^U/, 'target_time');

/** What the whole model takes: the data, and of an encoder–decoder what was said so far. */
export function modelInputs(plan: Plan): OnnxValueInfo[] {
  return plan.task === 'sequence-to-sequence' ? [...dataInputs(plan), ...targetInputs()] : dataInputs(plan);
}

/** `tokens [batch, time]` or `series [batch, time, F]`, and `lengths [batch]`. */
export function dataInputs(plan: Plan): OnnxValueInfo[] {
  const input: OnnxValueInfo =
    inputName(plan) === 'tokens'
      ? { name: 'tokens', type: 'int64', shape: ['batch', 'time'], description: 'Token ids, padded with 0 to the longest row.' }
      : {
          name: 'series',
          type: 'float',
          shape: ['batch', 'time', plan.facts.features ?? 0],
          description: 'Normalized measurements, padded to the longest row.',
        };
  return [input, lengthsInput('lengths')];
}

const targetInputs = (): OnnxValueInfo[] => [
  {
    name: 'targets',
    type: 'int64',
    shape: ['batch', 'target_time'],
    description: 'Previous target tokens, <bos> first, padded with 0 to the longest row.',
  },
  lengthsInput('target_lengths'),
];

/** Lengths of a time axis, under a name of their own. */
export const lengthsInput = (name: string): OnnxValueInfo => ({
  name,
  type: 'int64',
  shape: ['batch'],
  description: 'How many steps of each row are real, at least 1; padding changes nothing.',
});

/** The shape on a wire, time first, for viewers that do not infer shapes. */
export function wireInfo(name: string, type: ValueType): OnnxValueInfo | null {
  switch (type.type) {
    case 'tokens':
      return { name, type: 'int64', shape: [timeDimension(type.time), 'batch'] };
    case 'sequence':
      return type.features === null ? null : { name, type: 'float', shape: [timeDimension(type.time), 'batch', type.features] };
    case 'vector':
      return type.features === null ? null : { name, type: 'float', shape: ['batch', type.features] };
    case 'pictures': {
      if (type.size === null) return null;
      const { height, width, channels } = type.size;
      const count = type.time === null ? 'batch' : `${timeDimension(type.time)}*batch`;
      return { name, type: 'float', shape: [count, channels, height, width] };
    }
    default:
      return null;
  }
}

/** The parts of a layer's state at the graph's border: `decoder_h`, `decoder_c`, each `[layers, batch, …]`. */
export function stateValues(module: PlanModule, type: StateType, what: string): OnnxValueInfo[] {
  return type.parts.map(({ name: part, width }) => ({
    name: `${module.name}_${part}`,
    type: 'float',
    shape: [type.layers, 'batch', width],
    description: `${part} of ${findLayer(module.kind)?.title ?? module.kind} ${what}, layer by layer.`,
  }));
}

/** Name, meaning and last dimension of the model's output. */
export function outputOf(plan: Plan): { readonly name: string; readonly description: string; readonly width: number | null } {
  switch (headOf(plan).kind) {
    case 'dense-sigmoid':
      return { name: 'probability', description: 'Probability of the second class.', width: null };
    case 'linear-regression':
      return { name: 'values', description: 'Numbers, normalized as the metadata says.', width: headWidth(plan) };
    default: {
      const says = plan.task === 'sequence-to-sequence' || plan.task === 'language-model';
      const of = says ? 'each token to come next' : 'each class';
      return { name: 'log_probabilities', description: `Natural logarithm of the probability of ${of}.`, width: headWidth(plan) };
    }
  }
}

/** Whether the step graph tells where it looked. */
export function attends(plan: Plan): boolean {
  const generating = generatingPart(plan);
  return plan.modules.some(({ id, kind, config }) => generating.has(id) && kind === 'decoder' && config['attention'] !== 'none');
}

/** The attention's alignment beside the output. */
export const alignmentOutput = (steps: TimeSymbol, memory: TimeSymbol): OnnxValueInfo => ({
  name: 'alignment',
  type: 'float',
  shape: ['batch', timeDimension(steps), timeDimension(memory)],
  description: 'How much each step of the memory counted at each step; 0 at padding, 1 together.',
});
