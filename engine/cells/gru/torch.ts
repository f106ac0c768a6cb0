import type { TorchForm } from '../export/torch-cell.ts';
import type { GruForm } from './equations.ts';
import { relevanceGru, simplifiedGru } from './torch-source.ts';

/**
 * Reset-after is `nn.GRU`. The lectures' forms (rows L6 and L7) come as small modules that are written in PyTorch's convention: our u
 * weighs the candidate, PyTorch's z = 1 - u weighs the old state. Because 1 - sigmoid(a) = sigmoid(-a), the rows of u change their sign.
 */
export function gruTorch({ form }: GruForm): TorchForm {
  switch (form) {
    case 'reset-after':
      return { className: 'nn.GRU', options: {} };
    case 'relevance-before':
      return { className: 'RelevanceGRU', options: {}, signs: [1, -1, 1], source: relevanceGru };
    case 'simplified':
      return { className: 'SimplifiedGRU', options: {}, signs: [-1, 1], source: simplifiedGru };
  }
}
