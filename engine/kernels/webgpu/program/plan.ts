import { type Excess, excess } from '../../../cells/program/limits.ts';
import type { RegisterProgram } from '../../../cells/program/register-program.ts';
import { inOrder } from '../../../cells/program/value.ts';
import type { Layout } from './addresses.ts';
import { backwardStages } from './backward.ts';
import { type ForwardStages, forwardStages } from './forward.ts';
import { blocksOf, type Memory } from './memory.ts';
import { type GeneratedShader, type ShaderContext, stageShader, stepBackShader, type Tiling } from './shader.ts';
import { WeightUses } from './weights.ts';

/** The shaders of a cell's steps forwards. */
export interface ForwardShaders {
  readonly layout: Layout;
  readonly weights: WeightUses;
  /** For all steps at once, before the loop. */
  readonly early: readonly GeneratedShader[];
  readonly step: readonly GeneratedShader[];
}

/** The shaders of its steps backwards. */
export interface BackwardShaders {
  readonly layout: Layout;
  readonly weights: WeightUses;
  readonly step: readonly GeneratedShader[];
  /** Completes the gradient of the initial state; `null`: it is complete. */
  readonly end: GeneratedShader | null;
  /** For all steps at once, after the loop. */
  readonly rest: readonly GeneratedShader[];
  readonly lefts: readonly Memory[];
  readonly rights: readonly Memory[];
  readonly rowSums: readonly Memory[];
  readonly input: Memory | null;
}

/** Beyond these a cell is composed. */
export const shaderLimits = {
  /** Values of a program, forwards or backwards. */
  values: 1500,
  /** Of the text of a shader. */
  characters: 2 ** 17,
  /** Sums of products that a thread holds: they are arguments of a function. */
  sums: 64,
  /** Of a cell, forwards and back. */
  shaders: 16,
} as const;

interface Plans {
  readonly inference: ForwardShaders;
  readonly training: ForwardShaders;
  backward(sequence: boolean): BackwardShaders;
}

type Made = { readonly plans: Plans; readonly beyond: null } | { readonly plans: null; readonly beyond: Excess };

const remembered = new WeakMap<RegisterProgram, Map<boolean, Made>>();

/**
 * The shaders of a register program; `null` where it is too large for them. Remembered.
 *
 * @param onProcessor whether the adapter computes on the processor
 */
export const shadersOf = (program: RegisterProgram, onProcessor: boolean): Plans | null => make(program, onProcessor).plans;

/** Why a register program is too large for shaders; `null` where it is not. */
export const beyondShaders = (program: RegisterProgram, onProcessor: boolean): Excess | null => make(program, onProcessor).beyond;

function make(program: RegisterProgram, onProcessor: boolean): Made {
  const known = remembered.get(program) ?? new Map<boolean, Made>();
  remembered.set(program, known);
  const beyond = known.has(onProcessor) ? null : beyondValues(program);
  const made = known.get(onProcessor) ?? (beyond === null ? madePlans(program, onProcessor) : { plans: null, beyond });
  known.set(onProcessor, made);
  return made;
}

/** What is known before shaders are made. */
function beyondValues({ beyond, forward, backward, constants }: RegisterProgram): Excess | null {
  const values = [forward, backward].map(({ outputs }) => inOrder(outputs.map(({ value }) => value)).length);
  const infinite = constants.filter((constant) => !Number.isFinite(Math.fround(constant)));
  return (
    beyond ??
    excess('values of a step', Math.max(...values), shaderLimits.values, 'equations') ??
    excess('numbers that no 32 bits hold', infinite.length, 0, 'equations')
  );
}

function madePlans(program: RegisterProgram, onProcessor: boolean): Made {
  const made = plans(program, onProcessor);
  const { early, step } = made.training;
  const back = made.backward(true);
  const shaders = [...early, ...step, ...back.step, ...back.rest, ...(back.end === null ? [] : [back.end])];
  const beyond =
    excess('characters of a shader', Math.max(...shaders.map(({ code }) => code.length)), shaderLimits.characters, 'equations') ??
    excess('sums of products at once', Math.max(...shaders.map(({ sums }) => sums)), shaderLimits.sums, 'equations') ??
    excess('shaders of a step', shaders.length, shaderLimits.shaders, 'equations');
  return beyond === null ? { plans: made, beyond } : { plans: null, beyond };
}

function plans(program: RegisterProgram, onProcessor: boolean): Plans {
  const keeping = forwardStages(program, true);
  const backward = new Map<boolean, BackwardShaders>();
  return {
    inference: forwardShaders(program, forwardStages(program, false), onProcessor),
    training: forwardShaders(program, keeping, onProcessor),
    backward(sequence) {
      const shaders = backward.get(sequence) ?? backwardShaders(program, keeping, sequence, onProcessor);
      backward.set(sequence, shaders);
      return shaders;
    },
  };
}

/** On a graphics processor more threads are worth more than less loading. */
function tilings(onProcessor: boolean): { readonly step: Tiling; readonly all: Tiling } {
  const large: Tiling = (sums) => (sums === 0 || sums > 16 ? 1 : sums <= 2 ? 8 : sums <= 4 ? 4 : 2);
  if (onProcessor) return { step: large, all: large };
  return { step: () => 1, all: (sums) => Math.min(4, large(sums)) };
}

const layoutOf = ({ states, inputs }: RegisterProgram, sizes: Layout['sizes']): Layout => ({
  states: states.map(blocksOf),
  inputs: blocksOf(inputs),
  sizes,
});

const none = { records: 0, scratch: 0 };

function forwardShaders(program: RegisterProgram, { early, step, sizes }: ForwardStages, onProcessor: boolean): ForwardShaders {
  const layout = layoutOf(program, { ...sizes, gradients: none });
  const weights = new WeightUses(program);
  const { step: tile, all } = tilings(onProcessor);
  const context = (tiling: Tiling): ShaderContext => ({ layout, weights, tiling });
  return {
    layout,
    weights,
    early: early.map(({ target, stage }) => stageShader(context(all), target, stage, 'all steps')),
    step: step.map((stage) => stageShader(context(tile), 'history', stage, 'step')),
  };
}

function backwardShaders(
  program: RegisterProgram,
  { saved, sizes }: ForwardStages,
  sequence: boolean,
  onProcessor: boolean,
): BackwardShaders {
  const stages = backwardStages(program, saved);
  const layout = layoutOf(program, { ...sizes, gradients: stages.sizes });
  const weights = new WeightUses(program);
  const { step: tile, all } = tilings(onProcessor);
  const context = (tiling: Tiling): ShaderContext => ({ layout, weights, tiling });
  const { states } = program;
  const link = stages.linked ? (stages.step.at(-1) ?? null) : null;
  const [first = null, ...others] = link === null ? stages.step : stages.step.slice(0, -1);
  const { lefts, rights, rowSums, input } = stages;
  return {
    layout,
    weights,
    step: [
      stepBackShader(context(tile), { link, first, states, sequence }),
      ...others.map((stage) => stageShader(context(tile), 'gradients', stage, 'step')),
    ],
    end: link === null ? null : stepBackShader(context(tile), { link, first: null, states, sequence: false }),
    rest: stages.rest.map((stage) => stageShader(context(all), 'gradients', stage, 'all steps')),
    ...{ lefts, rights, rowSums, input },
  };
}
