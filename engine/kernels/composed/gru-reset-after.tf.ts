import * as tf from '@tensorflow/tfjs-core';
import type { ComposedCell } from '../composed.tf.ts';
import { asRows, product, sumOfRows } from '../product.tf.ts';
import { at, keepEnded, maskSequence } from '../timeline.tf.ts';
import { complement, gates, previousStates, stepGradients, stepMatrix } from './steps.tf.ts';

/**
 * GRU as in `torch.nn.GRU` and cuDNN (row L7): r, z = σ; n = tanh(x_n + r * (h W_hnᵀ + b_hn)); h = (1 - z) * n + z * h.
 */
export const gruResetAfter: ComposedCell = {
  inputBias: ({ inputBias }) => inputBias,

  forward(input, { hiddenWeight, hiddenBias }, initial, { order, masks }) {
    const width = hiddenWeight.shape[1];
    const x = tf.unstack(input) as tf.Tensor2D[];
    const toGates = stepMatrix(hiddenWeight);
    const bias = hiddenBias ?? tf.zeros<tf.Rank.R1>([3 * width]);
    const first = at(initial, 0);
    let h = first;
    const all: Record<'r' | 'z' | 'n' | 'hiddenN' | 'h', tf.Tensor2D[]> = { r: [], z: [], n: [], hiddenN: [], h: [] };
    for (const t of order) {
      const fromInput = gates(at(x, t), 3);
      const fromHidden = gates(toGates(h).add(bias), 3);
      const r = at(fromInput, 0).add<tf.Tensor2D>(at(fromHidden, 0)).sigmoid();
      const z = at(fromInput, 1).add<tf.Tensor2D>(at(fromHidden, 1)).sigmoid();
      const hiddenN = at(fromHidden, 2);
      const n = at(fromInput, 2).add<tf.Tensor2D>(r.mul(hiddenN)).tanh();
      h = keepEnded(masks[t], n.add<tf.Tensor2D>(z.mul(h.sub(n))), h);
      all.r[t] = r;
      all.z[t] = z;
      all.n[t] = n;
      all.hiddenN[t] = hiddenN;
      all.h[t] = h;
    }
    const stacks = [all.r, all.z, all.n, all.hiddenN, all.h].map((steps) => tf.stack(steps));
    return { hidden: all.h, final: [h], saved: [...stacks, first] };
  },

  backward(saved, { hiddenWeight }, dHidden, dFinal, time) {
    const [r, z, n, hiddenN, hidden] = saved as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    const first = at(saved, 5) as tf.Tensor2D;
    const before = previousStates(hidden, first, time);
    const [steps, rows, width] = hidden.shape;
    // Every gate's gradient is dh times a factor that is known for all steps beforehand.
    const toN = complement(z).mul<tf.Tensor3D>(complement(n.square()));
    const toR = toN.mul<tf.Tensor3D>(hiddenN).mul<tf.Tensor3D>(r).mul<tf.Tensor3D>(complement(r));
    const toZ = before.sub<tf.Tensor3D>(n).mul<tf.Tensor3D>(z).mul<tf.Tensor3D>(complement(z));
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
