import * as tf from '@tensorflow/tfjs-core';
import type { ComposedCell } from '../composed.tf.ts';
import { asRows, product } from '../product.tf.ts';
import { throughSigmoid, throughTanh } from '../slopes.tf.ts';
import { at, keepEnded, passEnded } from '../timeline.tf.ts';
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

/** `dh g'(z)`, with g' from g's value h = g(z). */
function throughActivation(g: Activation, h: tf.Tensor2D, dh: tf.Tensor2D): tf.Tensor2D {
  switch (g) {
    case 'tanh':
      return throughTanh(h, dh);
    case 'sigmoid':
      return throughSigmoid(h, dh);
    case 'relu':
      return dh.mul(h.greater(0).toFloat());
    case 'identity':
      return dh;
  }
}

/** Elman cell (row L5): h = g(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh). */
export function vanilla(g: Activation): ComposedCell {
  return {
    inputBias: ({ inputBias, hiddenBias }) => (hiddenBias === null ? inputBias : inputBias.add(hiddenBias)),
    forward(input, { hiddenWeight }, initial, { order, masks }) {
      const x = tf.unstack(input) as tf.Tensor2D[];
      const toGates = stepMatrix(hiddenWeight);
      const steps: tf.Tensor2D[] = [];
      const first = at(initial, 0);
      let h = first;
      for (const t of order) {
        h = keepEnded(masks[t], activate(g, at(x, t).add(toGates(h))), h);
        steps[t] = h;
      }
      const hidden = tf.stack(steps) as tf.Tensor3D;
      return { hidden, final: [h], saved: [hidden, first] };
    },
    backward(saved, { hiddenWeight }, dHidden, dFinal, time) {
      const [hidden, first] = saved as [tf.Tensor3D, tf.Tensor2D];
      const values = tf.unstack(hidden) as tf.Tensor2D[];
      const dOut = stepGradients(dHidden);
      const dGates: tf.Tensor2D[] = [];
      let dh = dFinal === null ? tf.zerosLike(first) : at(dFinal, 0);
      for (const t of [...time.order].reverse()) {
        dh = dOut(t, dh);
        const mask = time.masks[t];
        const through = throughActivation(g, at(values, t), dh);
        const dz = mask ? through.mul<tf.Tensor2D>(mask.real) : through;
        dGates[t] = dz;
        dh = passEnded(mask, product(dz, hiddenWeight), dh);
      }
      const dInput = tf.stack(dGates) as tf.Tensor3D;
      const rows = asRows(dInput);
      return {
        input: dInput,
        hiddenWeight: product(rows, asRows(previousStates(hidden, first, time)), true, false),
        hiddenBias: null,
        initial: [dh],
      };
    },
  };
}
