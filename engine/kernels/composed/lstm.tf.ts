import * as tf from '@tensorflow/tfjs-core';
import type { ComposedCell } from '../composed.tf.ts';
import { asRows, product } from '../product.tf.ts';
import { throughSigmoid, throughTanh } from '../slopes.tf.ts';
import { at, keepEnded, maskSequence, passEnded } from '../timeline.tf.ts';
import { gates, previousStates, stepGradients, stepMatrix } from './steps.tf.ts';

/** LSTM (row L8): i, f, g, o = σ, σ, tanh, σ; c = f * c + i * g; h = o * tanh(c). */
export const lstm: ComposedCell = {
  inputBias: ({ inputBias, hiddenBias }) => (hiddenBias === null ? inputBias : inputBias.add(hiddenBias)),

  forward(input, { hiddenWeight }, initial, { order, masks }) {
    const x = tf.unstack(input) as tf.Tensor2D[];
    const toGates = stepMatrix(hiddenWeight);
    const [h0, c0] = initial as [tf.Tensor2D, tf.Tensor2D];
    let [h, c] = [h0, c0];
    const all: Record<'i' | 'f' | 'g' | 'o' | 'tanhC' | 'h' | 'c', tf.Tensor2D[]> = {
      i: [],
      f: [],
      g: [],
      o: [],
      tanhC: [],
      h: [],
      c: [],
    };
    for (const t of order) {
      const z = gates(at(x, t).add(toGates(h)), 4);
      const i = at(z, 0).sigmoid();
      const f = at(z, 1).sigmoid();
      const g = at(z, 2).tanh();
      const o = at(z, 3).sigmoid();
      const cell: tf.Tensor2D = f.mul<tf.Tensor2D>(c).add(i.mul(g));
      const tanhC = cell.tanh();
      c = keepEnded(masks[t], cell, c);
      h = keepEnded(masks[t], o.mul(tanhC), h);
      all.i[t] = i;
      all.f[t] = f;
      all.g[t] = g;
      all.o[t] = o;
      all.tanhC[t] = tanhC;
      all.h[t] = h;
      all.c[t] = c;
    }
    const hidden = tf.stack(all.h) as tf.Tensor3D;
    const stacks = [all.i, all.f, all.g, all.o, all.tanhC, all.c].map((steps) => tf.stack(steps));
    return { hidden, final: [h, c], saved: [hidden, ...stacks, h0, c0] };
  },

  backward(saved, { hiddenWeight }, dHidden, dFinal, time) {
    const [hidden, i, f, g, o, tanhC, cells] = saved as tf.Tensor3D[] as [
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor3D,
    ];
    const [h0, c0] = saved.slice(7) as [tf.Tensor2D, tf.Tensor2D];
    // Slopes for all steps at once: dc/dh, and each gate's share of dc or dh.
    const toCell = unstack(maskSequence(time, throughTanh(tanhC, o)));
    const fromCell = tf.unstack(
      maskSequence(
        time,
        tf.stack([throughSigmoid(i, g), throughSigmoid(f, previousStates(cells, c0, time)), throughTanh(g, i)], 2) as tf.Tensor4D,
      ),
    ) as tf.Tensor3D[];
    const fromHidden = unstack(maskSequence(time, throughSigmoid(o, tanhC)));
    const forget = unstack(f);
    const dOut = stepGradients(dHidden);
    const [rows, width] = h0.shape;
    const dGates: tf.Tensor2D[] = [];
    let dh = dFinal === null ? tf.zerosLike(h0) : at(dFinal, 0);
    let dc = dFinal === null ? tf.zerosLike(c0) : at(dFinal, 1);
    for (const t of [...time.order].reverse()) {
      const mask = time.masks[t];
      dh = dOut(t, dh);
      const carried = mask ? dc.mul<tf.Tensor2D>(mask.real) : dc;
      const cell: tf.Tensor2D = carried.add(dh.mul(at(toCell, t)));
      const ifg = cell
        .reshape<tf.Tensor3D>([rows, 1, width])
        .mul<tf.Tensor3D>(at(fromCell, t))
        .reshape<tf.Tensor2D>([rows, 3 * width]);
      const dz = tf.concat([ifg, dh.mul<tf.Tensor2D>(at(fromHidden, t))], 1);
      dGates[t] = dz;
      dc = passEnded(mask, cell.mul(at(forget, t)), dc);
      dh = passEnded(mask, product(dz, hiddenWeight), dh);
    }
    const dInput = tf.stack(dGates) as tf.Tensor3D;
    const flat = asRows(dInput);
    return {
      input: dInput,
      hiddenWeight: product(flat, asRows(previousStates(hidden, h0, time)), true, false),
      hiddenBias: null,
      initial: [dh, dc],
    };
  },
};

const unstack = (sequence: tf.Tensor3D): tf.Tensor2D[] => tf.unstack(sequence) as tf.Tensor2D[];
