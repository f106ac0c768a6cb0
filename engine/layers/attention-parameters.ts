import type { AttentionScore } from '../kernels/attention-score.ts';
import type { ParameterSpec } from '../shapes/parameter.ts';
import type { NodeInputs } from '../shapes/value-type.ts';
import type { ShapeResult } from './layer.ts';
import { only } from './ports.ts';

/**
 * Weights of attention and of the layer that joins what was found with the state, `tanh(W_c [context; h] + b_c)`.
 *
 * @param state width H of h
 * @param memory width M of a memory step
 * @param hidden A, for the additive score
 */
export function attentionParameters(
  score: AttentionScore,
  state: number,
  memory: number,
  hidden: number,
): readonly ParameterSpec[] {
  const parameter = (name: string, shape: readonly number[], fanIn: number): ParameterSpec => ({
    name: `attention.${name}`,
    shape,
    initializer: { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) },
    decay: name.endsWith('weight'),
    trainable: true,
  });
  const scores: Readonly<Record<AttentionScore, readonly ParameterSpec[]>> = {
    dot: [],
    general: [parameter('key.weight', [state, memory], memory)],
    additive: [
      parameter('query.weight', [hidden, state], state),
      parameter('key.weight', [hidden, memory], memory),
      parameter('key.bias', [hidden], memory),
      parameter('score.weight', [1, hidden], hidden),
    ],
  };
  const joined = memory + state;
  return [...scores[score], parameter('join.weight', [state, joined], joined), parameter('join.bias', [state], joined)];
}

/** Attention needs a memory, and a memory needs attention; the dot product needs equal widths. */
export function attentionProblem(
  attention: AttentionScore | 'none',
  state: number,
  inputs: NodeInputs,
): Extract<ShapeResult, { ok: false }> | null {
  const wired = inputs['memory']?.[0] !== undefined;
  if (attention === 'none') {
    if (!wired) return null;
    return {
      ok: false,
      message: 'a memory is wired, but attention is off',
      fix: 'Choose an attention in the inspector, or remove the wire into “memory”.',
    };
  }
  if (!wired) {
    return {
      ok: false,
      message: `${attention} attention has no memory to look at`,
      fix: 'Wire the encoder’s output (every step) into “memory”, or set attention to none.',
    };
  }
  const width = only(inputs, 'memory', 'sequence').features;
  if (attention === 'dot' && width !== null && width !== state) {
    return {
      ok: false,
      message: `dot attention multiplies states of ${state} with memory steps of ${width} numbers`,
      fix: 'Make both equally wide, or use general or additive attention.',
    };
  }
  return null;
}
