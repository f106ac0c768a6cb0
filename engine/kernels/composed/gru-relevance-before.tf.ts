import * as tf from '@tensorflow/tfjs-core';
import type { ComposedCell } from '../composed.tf.ts';
import { asRows, product } from '../product.tf.ts';
import { throughSigmoid, throughTanh } from '../slopes.tf.ts';
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
    const inputGates = tf.unstack(input.slice([0, 0, 0], [-1, -1, 2 * width])) as tf.Tensor2D[];
    const inputCandidates = tf.unstack(input.slice([0, 0, 2 * width])) as tf.Tensor2D[];
    const toGates = stepMatrix(hiddenWeight.slice(0, 2 * width));
    const toCandidate = stepMatrix(hiddenWeight.slice(2 * width, width));
    const first = at(initial, 0);
    let h = first;
    const all: Record<'r' | 'u' | 'n' | 'h', tf.Tensor2D[]> = { r: [], u: [], n: [], h: [] };
    for (const t of order) {
      const opened = gates(at(inputGates, t).add<tf.Tensor2D>(toGates(h)).sigmoid(), 2);
      const [r, u] = [at(opened, 0), at(opened, 1)];
      const n = at(inputCandidates, t)
        .add<tf.Tensor2D>(toCandidate(r.mul(h)))
        .tanh();
      h = keepEnded(masks[t], h.add<tf.Tensor2D>(u.mul(n.sub(h))), h);
      all.r[t] = r;
      all.u[t] = u;
      all.n[t] = n;
      all.h[t] = h;
    }
    const hidden = tf.stack(all.h) as tf.Tensor3D;
    const stacks = [all.r, all.u, all.n].map((steps) => tf.stack(steps));
    return { hidden, final: [h], saved: [hidden, ...stacks, first] };
  },

  backward(saved, { hiddenWeight }, dHidden, dFinal, time) {
    const [hidden, r, u, n] = saved as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    const first = at(saved, 4) as tf.Tensor2D;
    const before = previousStates(hidden, first, time);
    const width = hidden.shape[2];
    const gateWeight = hiddenWeight.slice(0, 2 * width) as tf.Tensor2D;
    const candidateWeight = hiddenWeight.slice(2 * width, width) as tf.Tensor2D;
    const steps = (factor: tf.Tensor3D): tf.Tensor2D[] => tf.unstack(maskSequence(time, factor)) as tf.Tensor2D[];
    const toN = steps(throughTanh(n, u));
    const toU = steps(throughSigmoid(u, n.sub<tf.Tensor3D>(before)));
    const toR = steps(throughSigmoid(r, before));
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
