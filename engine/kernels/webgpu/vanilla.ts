import { alike, arrivingGradient, type FusedCell } from './passes.ts';

type Activation = 'tanh' | 'sigmoid' | 'relu' | 'identity';

/** WGSL of g(z), and of g'(z) from g's value h. */
const activations: Readonly<Record<Activation, { readonly value: string; readonly slope: string }>> = {
  tanh: { value: 'hyperbolic(z)', slope: '1.0 - h * h' },
  sigmoid: { value: 'sigmoid(z)', slope: 'h * (1.0 - h)' },
  relu: { value: 'max(z, vec4<f32>(0.0))', slope: 'select(vec4<f32>(0.0), vec4<f32>(1.0), h > vec4<f32>(0.0))' },
  identity: { value: 'z', slope: 'vec4<f32>(1.0)' },
};

/** Elman cell (row L5): h = g(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh). Nothing kept but h. */
export const fusedVanilla = (g: Activation, sequence: boolean): FusedCell => ({
  gates: 1,
  parts: 1,
  kept: 0,
  gradients: 1,
  ...alike,
  forward: [
    {
      inputs: ['gates', 'lengths'],
      left: 'state(0, uniforms.before, row, 0)',
      depth: 1,
      blocks: ['unit'],
      step: `
        let z = gates[gate(0, row, unit)] + a0;
        let ended = uniforms.t >= lengths[row];
        result[state(0, uniforms.after, row, unit)] = select(${activations[g].value}, result[state(0, uniforms.before, row, unit)], ended);`,
    },
  ],
  backward: [
    {
      inputs: [...(g === 'identity' ? [] : (['history'] as const)), 'lengths', ...(sequence ? (['dSequence'] as const) : [])],
      left: 'gradient(uniforms.later, 0, row, 0)',
      depth: 1,
      blocks: ['unit'],
      step: `${arrivingGradient(sequence, 1)}
        ${g === 'identity' ? '' : 'let h = history[state(0, uniforms.after, row, unit)];'}
        result[gradient(uniforms.t, 0, row, unit)] = dh * (${activations[g].slope});
        result[carry(0, row, unit)] = vec4<f32>(0.0);`,
    },
  ],
});
