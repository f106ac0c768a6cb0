import type { Saliency } from '../../engine/protocol/saliency.ts';

/** How the weight of a step is measured. */
export type SaliencyMethod = 'integrated' | 'gradient' | 'occlusion';

export const saliencyMethods: readonly { readonly id: SaliencyMethod; readonly title: string; readonly color: string }[] = [
  { id: 'integrated', title: 'Integrated gradients', color: '--accent' },
  { id: 'gradient', title: 'Gradient × input', color: '--vector' },
  { id: 'occlusion', title: 'Occlusion', color: '--tokens' },
];

/** What the numbers are counted in: of probabilities natural logarithms; `name` is that of a number that is picked. */
export function unitWords(unit: Saliency['unit'], name: string): string {
  switch (unit) {
    case 'nats':
      return 'in nats';
    case 'data':
      return `in the unit of ${name}`;
    case 'loss':
      return 'in its own unit';
  }
}

/** What each step is compared with. */
export const zeroWords = (zero: Saliency['zero']): string =>
  zero === 'embedding'
    ? 'zeros in place of what the network first makes of a token'
    : 'zeros in place of the numbers as they are learned, which are their means over the training data';
