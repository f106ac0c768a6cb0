import { alike, arrivingGradient, type FusedCell } from './passes.ts';

const sequenceInput = (sequence: boolean): readonly 'dSequence'[] => (sequence ? ['dSequence'] : []);

/**
 * GRU as in `torch.nn.GRU` (row L7): r, z = σ; n = tanh(x_n + r * (h W_hnᵀ + b_hn)); h = (1 - z) * n + z * h.
 * Kept: r, z, n and the bracket. Gradients: the bracket's, then r, z and n, so that each product sees its three side by side.
 */
export const fusedGruResetAfter = (sequence: boolean): FusedCell => ({
  gates: 3,
  parts: 1,
  kept: 4,
  gradients: 4,
  inputGradient: 1,
  lastGateFirst: true,
  candidateSees: null,
  forward: [
    {
      inputs: ['gates', 'lengths', 'hiddenBias'],
      left: 'state(0, uniforms.before, row, 0)',
      depth: 1,
      blocks: ['unit', 'uniforms.width + unit', '2 * uniforms.width + unit'],
      step: `
        let r = sigmoid(gates[gate(0, row, unit)] + a0);
        let z = sigmoid(gates[gate(1, row, unit)] + a1);
        let share = a2 + hiddenBias[unit];
        let n = hyperbolic(gates[gate(2, row, unit)] + r * share);
        let h0 = result[state(0, uniforms.before, row, unit)];
        let ended = uniforms.t >= lengths[row];
        result[kept(0, row, unit)] = r;
        result[kept(1, row, unit)] = z;
        result[kept(2, row, unit)] = n;
        result[kept(3, row, unit)] = share;
        result[state(0, uniforms.after, row, unit)] = select(n + z * (h0 - n), h0, ended);`,
    },
  ],
  backward: [
    {
      inputs: ['history', 'lengths', ...sequenceInput(sequence)],
      left: 'gradient(uniforms.later, 0, row, 0)',
      depth: 3,
      blocks: ['unit'],
      step: `${arrivingGradient(sequence, 4)}
        let r = history[kept(0, row, unit)];
        let z = history[kept(1, row, unit)];
        let n = history[kept(2, row, unit)];
        let h0 = history[state(0, uniforms.before, row, unit)];
        let dn = dh * (1.0 - z) * (1.0 - n * n);
        result[gradient(uniforms.t, 0, row, unit)] = dn * r;
        result[gradient(uniforms.t, 1, row, unit)] = dn * history[kept(3, row, unit)] * r * (1.0 - r);
        result[gradient(uniforms.t, 2, row, unit)] = dh * (h0 - n) * z * (1.0 - z);
        result[gradient(uniforms.t, 3, row, unit)] = dn;
        result[carry(0, row, unit)] = dh * z;`,
    },
  ],
});

/**
 * GRU as in the lectures (row L7): r, u = σ; n = tanh(x_n + (r * h) W_hnᵀ); h = u * n + (1 - u) * h. Two passes a step, since the second
 * product needs the first's gates. Kept: r, u, n and r * h. Gradients: r, u, n.
 */
export const fusedGruRelevanceBefore = (sequence: boolean): FusedCell => ({
  gates: 3,
  parts: 1,
  kept: 4,
  gradients: 3,
  ...alike,
  candidateSees: 3,
  forward: [
    {
      inputs: ['gates'],
      left: 'state(0, uniforms.before, row, 0)',
      depth: 1,
      blocks: ['unit', 'uniforms.width + unit'],
      step: `
        let r = sigmoid(gates[gate(0, row, unit)] + a0);
        result[kept(0, row, unit)] = r;
        result[kept(1, row, unit)] = sigmoid(gates[gate(1, row, unit)] + a1);
        result[kept(3, row, unit)] = r * result[state(0, uniforms.before, row, unit)];`,
    },
    {
      inputs: ['gates', 'lengths'],
      left: 'kept(3, row, 0)',
      depth: 1,
      blocks: ['2 * uniforms.width + unit'],
      step: `
        let n = hyperbolic(gates[gate(2, row, unit)] + a0);
        let u = result[kept(1, row, unit)];
        let h0 = result[state(0, uniforms.before, row, unit)];
        let ended = uniforms.t >= lengths[row];
        result[kept(2, row, unit)] = n;
        result[state(0, uniforms.after, row, unit)] = select(h0 + u * (n - h0), h0, ended);`,
    },
  ],
  backward: [
    {
      inputs: ['history', 'lengths', ...sequenceInput(sequence)],
      left: 'gradient(uniforms.later, 0, row, 0)',
      depth: 2,
      blocks: ['unit'],
      step: `${arrivingGradient(sequence, 3)}
        let u = history[kept(1, row, unit)];
        let n = history[kept(2, row, unit)];
        let h0 = history[state(0, uniforms.before, row, unit)];
        result[gradient(uniforms.t, 1, row, unit)] = dh * (n - h0) * u * (1.0 - u);
        result[gradient(uniforms.t, 2, row, unit)] = dh * u * (1.0 - n * n);
        result[carry(0, row, unit)] = dh * (1.0 - u);`,
    },
    {
      inputs: ['history', 'lengths'],
      left: 'gradient(uniforms.t, 2, row, 0)',
      depth: 1,
      // The candidate's rows of the weight come after those of the two gates.
      blocks: ['8 * uniforms.width * uniforms.width + unit'],
      step: `
        if (uniforms.t >= lengths[row]) { return; }
        let r = history[kept(0, row, unit)];
        let h0 = history[state(0, uniforms.before, row, unit)];
        result[gradient(uniforms.t, 0, row, unit)] = a0 * h0 * r * (1.0 - r);
        result[carry(0, row, unit)] += a0 * r;`,
    },
  ],
});

/** The lectures' simplified GRU (row L6): u = σ; n = tanh(x_n + h W_hnᵀ); h = u * n + (1 - u) * h. Kept, and gradients: u, n. */
export const fusedGruSimplified = (sequence: boolean): FusedCell => ({
  gates: 2,
  parts: 1,
  kept: 2,
  gradients: 2,
  ...alike,
  forward: [
    {
      inputs: ['gates', 'lengths'],
      left: 'state(0, uniforms.before, row, 0)',
      depth: 1,
      blocks: ['unit', 'uniforms.width + unit'],
      step: `
        let u = sigmoid(gates[gate(0, row, unit)] + a0);
        let n = hyperbolic(gates[gate(1, row, unit)] + a1);
        let h0 = result[state(0, uniforms.before, row, unit)];
        let ended = uniforms.t >= lengths[row];
        result[kept(0, row, unit)] = u;
        result[kept(1, row, unit)] = n;
        result[state(0, uniforms.after, row, unit)] = select(h0 + u * (n - h0), h0, ended);`,
    },
  ],
  backward: [
    {
      inputs: ['history', 'lengths', ...sequenceInput(sequence)],
      left: 'gradient(uniforms.later, 0, row, 0)',
      depth: 2,
      blocks: ['unit'],
      step: `${arrivingGradient(sequence, 2)}
        let u = history[kept(0, row, unit)];
        let n = history[kept(1, row, unit)];
        let h0 = history[state(0, uniforms.before, row, unit)];
        result[gradient(uniforms.t, 0, row, unit)] = dh * (n - h0) * u * (1.0 - u);
        result[gradient(uniforms.t, 1, row, unit)] = dh * u * (1.0 - n * n);
        result[carry(0, row, unit)] = dh * (1.0 - u);`,
    },
  ],
});
