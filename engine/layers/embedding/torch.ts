import type { z } from 'zod';
import { type TorchLayer, weightShape, wired } from '../torch.ts';
import type { embedding } from './definition.ts';

/** `nn.Embedding(V, D, padding_idx=0)`. */
export const embeddingTorch: TorchLayer<z.output<typeof embedding.config>> = {
  modules: (node) => {
    const [vocabulary, width] = weightShape(node);
    return [
      {
        attribute: node.name,
        className: 'nn.Embedding',
        arguments: { num_embeddings: vocabulary, embedding_dim: width, padding_idx: 0 },
        positional: 2,
        frozen: node.config.frozen,
      },
    ];
  },
  forward: (node, scope) => ({
    lines: [`${scope.output} = self.${node.name}(${wired(scope, 'tokens')})`],
    outputs: { sequence: scope.output },
    functions: [],
  }),
};
