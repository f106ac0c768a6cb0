import * as tf from '@tensorflow/tfjs-core';
import type { ComposedCell } from '../composed.tf.ts';
import { asRows, product } from '../product.tf.ts';
import { at, keepEnded, maskSequence } from '../timeline.tf.ts';
import { complement, gates, previousStates, stepGradients, stepMatrix } from './steps.tf.ts';

/**
 * GRU as in the lectures (row L7): the relevance gate r acts on the state before the product, and u = G_u weighs the candidate.
 * r, u = σ; n = tanh(x_n + (r * h) W_hnᵀ); h = u * n + (1 - u) * h.
 */
export const gruRelevanceBefore: ComposedCell = {
  inputBias: ({ inputBias }) => inputBias,

  forward(input, { hiddenWeight }, initial, { order, masks }) {
    const width = hiddenWeight.shape[1];
    const x = tf.unstack(input) as tf.Tensor2D[];
    const toGates = stepMatrix(hiddenWeight.slice(0, 2 * width));
    const toCandidate = stepMatrix(hiddenWeight.slice(2 * width, width));
    const first = at(initial, 0);
    let h = first;
    const all: Record<'r' | 'u' | 'n' | 'h', tf.Tensor2D[]> = { r: [], u: [], n: [], h: [] };
    for (const t of order) {
      const fromInput = gates(at(x, t), 3);
      const fromHidden = gates(toGates(h), 2);
      const r = at(fromInput, 0).add<tf.Tensor2D>(at(fromHidden, 0)).sigmoid();
      const u = at(fromInput, 1).add<tf.Tensor2D>(at(fromHidden, 1)).sigmoid();
      const n = at(fromInput, 2)
        .add<tf.Tensor2D>(toCandidate(r.mul(h)))
        .tanh();
      h = keepEnded(masks[t], h.add<tf.Tensor2D>(u.mul(n.sub(h))), h);
      all.r[t] = r;
      all.u[t] = u;
      all.n[t] = n;
      all.h[t] = h;
    }
    const stacks = [all.r, all.u, all.n, all.h].map((steps) => tf.stack(steps));
    return { hidden: all.h, final: [h], saved: [...stacks, first] };
  },

  backward(saved, { hiddenWeight }, dHidden, dFinal, time) {
    const [r, u, n, hidden] = saved as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    const first = at(saved, 4) as tf.Tensor2D;
    const before = previousStates(hidden, first, time);
    const width = hidden.shape[2];
    const gateWeight = hiddenWeight.slice(0, 2 * width) as tf.Tensor2D;
    const candidateWeight = hiddenWeight.slice(2 * width, width) as tf.Tensor2D;
    const steps = (factor: tf.Tensor3D): tf.Tensor2D[] => tf.unstack(maskSequence(time, factor)) as tf.Tensor2D[];
    const toN = steps(u.mul<tf.Tensor3D>(complement(n.square())));
    const toU = steps(n.sub<tf.Tensor3D>(before).mul<tf.Tensor3D>(u).mul<tf.Tensor3D>(complement(u)));
    const toR = steps(before.mul<tf.Tensor3D>(r).mul<tf.Tensor3D>(complement(r)));
    const relevance = steps(r);
    const kept = complement(time.real === null ? u : u.mul<tf.Tensor3D>(time.real));
    const keep = tf.unstack(kept) as tf.Tensor2D[];
    const dOut = stepGradients(dHidden);
    const dGates: tf.Tensor2D[] = [];
    const dCandidates: tf.Tensor2D[] = [];
    let dh = dFinal === null ? tf.zerosLike(first) : at(dFinal, 0);
    for (const t of [...time.order].reverse()) {
      dh = dOut(t, dh);
      const dn = dh.mul<tf.Tensor2D>(at(toN, t));
      const dRelevant = product(dn, candidateWeight);
      const dz = tf.concat([dRelevant.mul<tf.Tensor2D>(at(toR, t)), dh.mul<tf.Tensor2D>(at(toU, t))], 1);
      dGates[t] = dz;
      dCandidates[t] = dn;
      dh = dh
        .mul<tf.Tensor2D>(at(keep, t))
        .add<tf.Tensor2D>(dRelevant.mul(at(relevance, t)))
        .add(product(dz, gateWeight));
    }
    const gatesStack = tf.stack(dGates) as tf.Tensor3D;
    const candidates = tf.stack(dCandidates) as tf.Tensor3D;
    return {
      input: tf.concat([gatesStack, candidates], 2),
      hiddenWeight: tf.concat([
        product(asRows(gatesStack), asRows(before), true, false),
        product(asRows(candidates), asRows(r.mul(before)), true, false),
      ]),
      hiddenBias: null,
      initial: [dh],
    };
  },
};
