import { alike, arrivingGradient, type FusedCell } from './passes.ts';

/** LSTM (row L8): i, f, g, o = σ, σ, tanh, σ; c = f * c + i * g; h = o * tanh(c). Kept: the four gates. */
export const fusedLstm = (sequence: boolean): FusedCell => ({
  gates: 4,
  parts: 2,
  kept: 4,
  gradients: 4,
  ...alike,
  forward: [
    {
      inputs: ['gates', 'lengths'],
      left: 'state(0, uniforms.before, row, 0)',
      depth: 1,
      blocks: ['unit', 'uniforms.width + unit', '2 * uniforms.width + unit', '3 * uniforms.width + unit'],
      step: `
        let i = sigmoid(gates[gate(0, row, unit)] + a0);
        let f = sigmoid(gates[gate(1, row, unit)] + a1);
        let g = hyperbolic(gates[gate(2, row, unit)] + a2);
        let o = sigmoid(gates[gate(3, row, unit)] + a3);
        let h0 = result[state(0, uniforms.before, row, unit)];
        let c0 = result[state(1, uniforms.before, row, unit)];
        let c = f * c0 + i * g;
        let ended = uniforms.t >= lengths[row];
        result[kept(0, row, unit)] = i;
        result[kept(1, row, unit)] = f;
        result[kept(2, row, unit)] = g;
        result[kept(3, row, unit)] = o;
        result[state(1, uniforms.after, row, unit)] = select(c, c0, ended);
        result[state(0, uniforms.after, row, unit)] = select(o * hyperbolic(c), h0, ended);`,
    },
  ],
  backward: [
    {
      inputs: ['history', 'lengths', ...(sequence ? (['dSequence'] as const) : [])],
      left: 'gradient(uniforms.later, 0, row, 0)',
      depth: 4,
      blocks: ['unit'],
      step: `${arrivingGradient(sequence, 4)}
        let i = history[kept(0, row, unit)];
        let f = history[kept(1, row, unit)];
        let g = history[kept(2, row, unit)];
        let o = history[kept(3, row, unit)];
        let c0 = history[state(1, uniforms.before, row, unit)];
        let tanhC = hyperbolic(history[state(1, uniforms.after, row, unit)]);
        let dc = result[carry(1, row, unit)] + dh * o * (1.0 - tanhC * tanhC);
        result[gradient(uniforms.t, 0, row, unit)] = dc * g * i * (1.0 - i);
        result[gradient(uniforms.t, 1, row, unit)] = dc * c0 * f * (1.0 - f);
        result[gradient(uniforms.t, 2, row, unit)] = dc * i * (1.0 - g * g);
        result[gradient(uniforms.t, 3, row, unit)] = dh * tanhC * o * (1.0 - o);
        result[carry(0, row, unit)] = vec4<f32>(0.0);
        result[carry(1, row, unit)] = dc * f;`,
    },
  ],
});
