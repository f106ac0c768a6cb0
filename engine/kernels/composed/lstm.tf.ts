import * as tf from '@tensorflow/tfjs-core';
import type { AcceleratedCell } from '../../shapes/value-type.ts';
import type { ComposedCell } from '../composed.tf.ts';
import { asRows, product, sumOfRows } from '../product.tf.ts';
import type { CellWeights } from '../recurrence.tf.ts';
import { throughSigmoid, throughTanh } from '../slopes.tf.ts';
import { at, keepEnded, maskSequence, passEnded } from '../timeline.tf.ts';
import { complement, gates, previousStates, stepGradients, stepMatrix } from './steps.tf.ts';

/** i = 1 - f: there is no i of its own. */
const isCoupled = ({ kernel }: AcceleratedCell): boolean => !kernel.gates.includes('i');

/**
 * LSTM (row L8): i, f, g, o = σ, σ, tanh, σ; c = f * c + i * g; h = o * tanh(c).
 * Coupled: i = 1 - f. Peepholes: i and f also get p * c of the step before, o gets p * c of its own step. Projected: h = (o * tanh(c)) W_hrᵀ.
 */
export const lstm = (description: AcceleratedCell): ComposedCell => ({
  inputBias: ({ inputBias, hiddenBias }) => (hiddenBias === null ? inputBias : inputBias.add(hiddenBias)),

  forward(input, weights, initial, { order, masks }) {
    const x = tf.unstack(input) as tf.Tensor2D[];
    const names = description.kernel.gates;
    const toGates = stepMatrix(weights.hiddenWeight);
    const project = weights.projection === null ? null : stepMatrix(weights.projection);
    const peep = peepholeBlocks(description, weights);
    const withPeephole = (z: tf.Tensor2D, block: tf.Tensor1D | undefined, c: tf.Tensor2D): tf.Tensor2D =>
      block === undefined ? z : z.add(c.mul(block));
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
      const z = gates(at(x, t).add(toGates(h)), names.length);
      const of = (gate: string): tf.Tensor2D => at(z, names.indexOf(gate));
      const f = withPeephole(of('f'), peep.f, c).sigmoid();
      const i = isCoupled(description) ? complement(f) : withPeephole(of('i'), peep.i, c).sigmoid();
      const g = of('g').tanh();
      const cell: tf.Tensor2D = f.mul<tf.Tensor2D>(c).add(i.mul(g));
      const o = withPeephole(of('o'), peep.o, cell).sigmoid();
      const tanhC = cell.tanh();
      const out = o.mul<tf.Tensor2D>(tanhC);
      c = keepEnded(masks[t], cell, c);
      h = keepEnded(masks[t], project === null ? out : project(out), h);
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

  backward(saved, weights, dHidden, dFinal, time) {
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
    const { hiddenWeight, projection } = weights;
    const peep = peepholeBlocks(description, weights);
    const before = previousStates(cells, c0, time);
    // Slopes for all steps at once: dc/dh, and each gate's share of dc or dh.
    const toCell = unstack(maskSequence(time, throughTanh(tanhC, o)));
    const viaCell = isCoupled(description)
      ? [throughSigmoid(f, before.sub<tf.Tensor3D>(g)), throughTanh(g, i)]
      : [throughSigmoid(i, g), throughSigmoid(f, before), throughTanh(g, i)];
    const fromCell = tf.unstack(maskSequence(time, tf.stack(viaCell, 2) as tf.Tensor4D)) as tf.Tensor3D[];
    const fromHidden = unstack(maskSequence(time, throughSigmoid(o, tanhC)));
    const forget = unstack(f);
    const dOut = stepGradients(dHidden);
    const [rows, width] = c0.shape;
    const dGates: tf.Tensor2D[] = [];
    const dStates: tf.Tensor2D[] = [];
    let dh = dFinal === null ? tf.zerosLike(h0) : at(dFinal, 0);
    let dc = dFinal === null ? tf.zerosLike(c0) : at(dFinal, 1);
    for (const t of [...time.order].reverse()) {
      const mask = time.masks[t];
      dh = dOut(t, dh);
      dStates[t] = dh;
      const out = projection === null ? dh : product(dh, projection);
      const carried = mask ? dc.mul<tf.Tensor2D>(mask.real) : dc;
      const dOutputGate = out.mul<tf.Tensor2D>(at(fromHidden, t));
      let cell: tf.Tensor2D = carried.add(out.mul(at(toCell, t)));
      if (peep.o !== undefined) cell = cell.add(dOutputGate.mul(peep.o));
      const dCellGates = cell
        .reshape<tf.Tensor3D>([rows, 1, width])
        .mul<tf.Tensor3D>(at(fromCell, t))
        .reshape<tf.Tensor2D>([rows, viaCell.length * width]);
      const dz = tf.concat([dCellGates, dOutputGate], 1);
      dGates[t] = dz;
      let dBefore = cell.mul<tf.Tensor2D>(at(forget, t));
      if (peep.f !== undefined) {
        const [di, df] = isCoupled(description) ? [null, 0] : [0, width];
        dBefore = dBefore.add(dz.slice([0, df], [-1, width]).mul(peep.f));
        if (di !== null && peep.i !== undefined) dBefore = dBefore.add(dz.slice([0, di], [-1, width]).mul(peep.i));
      }
      dc = passEnded(mask, dBefore, dc);
      dh = passEnded(mask, product(dz, hiddenWeight), dh);
    }
    const dInput = tf.stack(dGates) as tf.Tensor3D;
    const flat = asRows(dInput);
    const gradients = {
      input: dInput,
      hiddenWeight: product(flat, asRows(previousStates(hidden, h0, time)), true, false),
      hiddenBias: null,
      initial: [dh, dc],
    };
    return {
      ...gradients,
      ...(projection === null
        ? {}
        : {
            projection: product(asRows(maskSequence(time, tf.stack(dStates) as tf.Tensor3D)), asRows(o.mul(tanhC)), true, false),
          }),
      ...(peep.o === undefined ? {} : { peepholes: peepholeGradient(description, flat, asRows(before), asRows(cells)) }),
    };
  },
});

const unstack = (sequence: tf.Tensor3D): tf.Tensor2D[] => tf.unstack(sequence) as tf.Tensor2D[];

/** One `[H]` block a gate that sees c; none without peepholes. */
function peepholeBlocks(
  description: AcceleratedCell,
  { peepholes }: CellWeights,
): { readonly i?: tf.Tensor1D; readonly f?: tf.Tensor1D; readonly o?: tf.Tensor1D } {
  if (peepholes === null) return {};
  const block = (index: number): tf.Tensor1D => peepholes.slice(index * description.hidden, description.hidden);
  return isCoupled(description) ? { f: block(0), o: block(1) } : { i: block(0), f: block(1), o: block(2) };
}

/** Sum over all steps and rows of each gate's gradient times the cell state that it saw: `[N·H]` from `dz [T·B, G·H]`, c `[T·B, H]`. */
function peepholeGradient(description: AcceleratedCell, dz: tf.Tensor2D, before: tf.Tensor2D, after: tf.Tensor2D): tf.Tensor1D {
  const width = description.hidden;
  const names = description.kernel.gates;
  const seen = names.filter((gate) => gate !== 'g');
  const terms = seen.map((gate) =>
    dz.slice([0, names.indexOf(gate) * width], [-1, width]).mul<tf.Tensor2D>(gate === 'o' ? after : before),
  );
  return sumOfRows(tf.concat(terms, 1));
}
