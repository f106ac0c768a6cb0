import * as tf from '@tensorflow/tfjs-core';
import type { ComposedCell } from '../composed.tf.ts';
import { asRows, product, sumOfRows } from '../product.tf.ts';
import { throughSigmoid, throughTanh } from '../slopes.tf.ts';
import { at, keepEnded, maskSequence } from '../timeline.tf.ts';
import { complement, gates, previousStates, stepGradients, stepMatrix } from './steps.tf.ts';

/**
 * GRU as in `torch.nn.GRU` and cuDNN (row L7): r, z = σ; n = tanh(x_n + r * (h W_hnᵀ + b_hn)); h = (1 - z) * n + z * h.
 */
export const gruResetAfter: ComposedCell = {
  inputBias: ({ inputBias, hiddenBias }) => {
    if (hiddenBias === null) return inputBias;
    // b_hn stays inside r * (…); the other two blocks join the input's bias.
    const width = hiddenBias.shape[0] / 3;
    return inputBias.add(tf.concat([hiddenBias.slice(0, 2 * width), tf.zeros([width])]));
  },

  forward(input, { hiddenWeight, hiddenBias }, initial, { order, masks }) {
    const width = hiddenWeight.shape[1];
    const inputGates = tf.unstack(input.slice([0, 0, 0], [-1, -1, 2 * width])) as tf.Tensor2D[];
    const inputCandidates = tf.unstack(input.slice([0, 0, 2 * width])) as tf.Tensor2D[];
    const toGates = stepMatrix(hiddenWeight.slice(0, 2 * width));
    const toCandidate = stepMatrix(hiddenWeight.slice(2 * width, width));
    const bias = hiddenBias === null ? tf.zeros<tf.Rank.R1>([width]) : hiddenBias.slice(2 * width, width);
    const first = at(initial, 0);
    let h = first;
    const all: Record<'r' | 'z' | 'n' | 'hiddenN' | 'h', tf.Tensor2D[]> = { r: [], z: [], n: [], hiddenN: [], h: [] };
    for (const t of order) {
      const opened = gates(at(inputGates, t).add<tf.Tensor2D>(toGates(h)).sigmoid(), 2);
      const [r, z] = [at(opened, 0), at(opened, 1)];
      const hiddenN = toCandidate(h).add<tf.Tensor2D>(bias);
      const n = at(inputCandidates, t).add<tf.Tensor2D>(r.mul(hiddenN)).tanh();
      h = keepEnded(masks[t], n.add<tf.Tensor2D>(z.mul(h.sub(n))), h);
      all.r[t] = r;
      all.z[t] = z;
      all.n[t] = n;
      all.hiddenN[t] = hiddenN;
      all.h[t] = h;
    }
    const hidden = tf.stack(all.h) as tf.Tensor3D;
    const stacks = [all.r, all.z, all.n, all.hiddenN].map((steps) => tf.stack(steps));
    return { hidden, final: [h], saved: [hidden, ...stacks, first] };
  },

  backward(saved, { hiddenWeight }, dHidden, dFinal, time) {
    const [hidden, r, z, n, hiddenN] = saved as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    const first = at(saved, 5) as tf.Tensor2D;
    const before = previousStates(hidden, first, time);
    const [steps, rows, width] = hidden.shape;
    // Every gate's gradient is dh times a factor that is known for all steps beforehand.
    const toN = throughTanh(n, complement(z));
    const toR = throughSigmoid(r, toN.mul<tf.Tensor3D>(hiddenN));
    const toZ = throughSigmoid(z, before.sub<tf.Tensor3D>(n));
    const viaInput = maskSequence(time, tf.stack([toR, toZ, toN], 2) as tf.Tensor4D);
    const viaHidden = maskSequence(time, tf.stack([toR, toZ, toN.mul(r)], 2) as tf.Tensor4D);
    const stepFactors = tf.unstack(viaHidden) as tf.Tensor3D[];
    const kept = time.real === null ? z : z.mul<tf.Tensor3D>(time.real).add<tf.Tensor3D>(complement(time.real));
    const keep = tf.unstack(kept) as tf.Tensor2D[];
    const dOut = stepGradients(dHidden);
    const dStates: tf.Tensor2D[] = [];
    const dGates: tf.Tensor2D[] = [];
    let dh = dFinal === null ? tf.zerosLike(first) : at(dFinal, 0);
    for (const t of [...time.order].reverse()) {
      dh = dOut(t, dh);
      dStates[t] = dh;
      const dz = dh
        .reshape<tf.Tensor3D>([rows, 1, width])
        .mul<tf.Tensor3D>(at(stepFactors, t))
        .reshape<tf.Tensor2D>([rows, 3 * width]);
      dGates[t] = dz;
      dh = product(dz, hiddenWeight).add(dh.mul(at(keep, t)));
    }
    const dState = tf.stack(dStates).reshape<tf.Tensor4D>([steps, rows, 1, width]);
    const flat = asRows(tf.stack(dGates));
    return {
      input: dState.mul<tf.Tensor4D>(viaInput).reshape<tf.Tensor3D>([steps, rows, 3 * width]),
      hiddenWeight: product(flat, asRows(before), true, false),
      hiddenBias: sumOfRows(flat),
      initial: [dh],
    };
  },
};
