import * as tf from '@tensorflow/tfjs-core';
import type { ComposedCell } from '../composed.tf.ts';
import { asRows, product, sumOfRows } from '../product.tf.ts';
import { at, keepEnded, maskSequence, passEnded } from '../timeline.tf.ts';
import { previousStates, stepGradients, stepMatrix } from './steps.tf.ts';

type Activation = 'tanh' | 'sigmoid' | 'relu' | 'identity';

function activate(g: Activation, z: tf.Tensor2D): tf.Tensor2D {
  switch (g) {
    case 'tanh':
      return z.tanh();
    case 'sigmoid':
      return z.sigmoid();
    case 'relu':
      return z.relu();
    case 'identity':
      return z;
  }
}

/** g'(z), written with g's value a = g(z). */
function slope(g: Activation, a: tf.Tensor3D): tf.Tensor3D {
  switch (g) {
    case 'tanh':
      return tf.sub(1, a.square());
    case 'sigmoid':
      return a.mul(tf.sub(1, a));
    case 'relu':
      return a.greater(0).toFloat() as tf.Tensor3D;
    case 'identity':
      return tf.onesLike(a);
  }
}

/** Elman cell (row L5): h = g(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh). */
export function vanilla(g: Activation): ComposedCell {
  return {
    inputBias: ({ inputBias, hiddenBias }) => (hiddenBias === null ? inputBias : inputBias.add(hiddenBias)),
    forward(input, { hiddenWeight }, initial, { order, masks }) {
      const x = tf.unstack(input) as tf.Tensor2D[];
      const toGates = stepMatrix(hiddenWeight);
      const hidden: tf.Tensor2D[] = [];
      const first = at(initial, 0);
      let h = first;
      for (const t of order) {
        h = keepEnded(masks[t], activate(g, at(x, t).add(toGates(h))), h);
        hidden[t] = h;
      }
      return { hidden, final: [h], saved: [tf.stack(hidden), first] };
    },
    backward(saved, { hiddenWeight }, dHidden, dFinal, time) {
      const [hidden, first] = saved as [tf.Tensor3D, tf.Tensor2D];
      const slopes = tf.unstack(maskSequence(time, slope(g, hidden))) as tf.Tensor2D[];
      const dOut = stepGradients(dHidden);
      const dGates: tf.Tensor2D[] = [];
      let dh = dFinal === null ? tf.zerosLike(first) : at(dFinal, 0);
      for (const t of [...time.order].reverse()) {
        dh = dOut(t, dh);
        const dz = dh.mul<tf.Tensor2D>(at(slopes, t));
        dGates[t] = dz;
        dh = passEnded(time.masks[t], product(dz, hiddenWeight), dh);
      }
      const dInput = tf.stack(dGates) as tf.Tensor3D;
      const rows = asRows(dInput);
      return {
        input: dInput,
        hiddenWeight: product(rows, asRows(previousStates(hidden, first, time)), true, false),
        hiddenBias: sumOfRows(rows),
        initial: [dh],
      };
    },
  };
}
