import * as tf from '@tensorflow/tfjs-core';
import type { ComposedCell } from '../composed.tf.ts';
import { asRows, product } from '../product.tf.ts';
import { throughSigmoid, throughTanh } from '../slopes.tf.ts';
import { at, keepEnded, maskSequence } from '../timeline.tf.ts';
import { complement, gates, previousStates, stepGradients, stepMatrix } from './steps.tf.ts';

/**
 * Simplified GRU (row L6): the update gate u = G_u alone, which weighs the candidate.
 * u = σ; n = tanh; h = u * n + (1 - u) * h.
 */
export const gruSimplified: ComposedCell = {
  inputBias: ({ inputBias }) => inputBias,

  forward(input, { hiddenWeight }, initial, { order, masks }) {
    const x = tf.unstack(input) as tf.Tensor2D[];
    const toGates = stepMatrix(hiddenWeight);
    const first = at(initial, 0);
    let h = first;
    const all: Record<'u' | 'n' | 'h', tf.Tensor2D[]> = { u: [], n: [], h: [] };
    for (const t of order) {
      const z = gates(at(x, t).add(toGates(h)), 2);
      const u = at(z, 0).sigmoid();
      const n = at(z, 1).tanh();
      h = keepEnded(masks[t], h.add<tf.Tensor2D>(u.mul(n.sub(h))), h);
      all.u[t] = u;
      all.n[t] = n;
      all.h[t] = h;
    }
    const hidden = tf.stack(all.h) as tf.Tensor3D;
    return { hidden, final: [h], saved: [hidden, tf.stack(all.u), tf.stack(all.n), first] };
  },

  backward(saved, { hiddenWeight }, dHidden, dFinal, time) {
    const [hidden, u, n] = saved as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    const first = at(saved, 3) as tf.Tensor2D;
    const before = previousStates(hidden, first, time);
    const [rows, width] = first.shape;
    // Both gates' gradients are dh times a factor that is known for all steps beforehand.
    const factors = [throughSigmoid(u, n.sub<tf.Tensor3D>(before)), throughTanh(n, u)];
    const toGates = tf.unstack(maskSequence(time, tf.stack(factors, 2) as tf.Tensor4D)) as tf.Tensor3D[];
    const kept = complement(time.real === null ? u : u.mul<tf.Tensor3D>(time.real));
    const keep = tf.unstack(kept) as tf.Tensor2D[];
    const dOut = stepGradients(dHidden);
    const dGates: tf.Tensor2D[] = [];
    let dh = dFinal === null ? tf.zerosLike(first) : at(dFinal, 0);
    for (const t of [...time.order].reverse()) {
      dh = dOut(t, dh);
      const dz = dh
        .reshape<tf.Tensor3D>([rows, 1, width])
        .mul<tf.Tensor3D>(at(toGates, t))
        .reshape<tf.Tensor2D>([rows, 2 * width]);
      dGates[t] = dz;
      dh = product(dz, hiddenWeight).add(dh.mul(at(keep, t)));
    }
    const input = tf.stack(dGates) as tf.Tensor3D;
    return {
      input,
      hiddenWeight: product(asRows(input), asRows(before), true, false),
      hiddenBias: null,
      initial: [dh],
    };
  },
};
