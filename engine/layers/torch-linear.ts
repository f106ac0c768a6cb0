import { type TorchModule, type TorchNode, weightShape } from './torch.ts';

/** `self.<name> = nn.Linear(in, out)`. */
export function linearModule(node: TorchNode<unknown>): TorchModule {
  const [outputs, inputs] = weightShape(node);
  return {
    attribute: node.name,
    className: 'nn.Linear',
    arguments: { in_features: inputs, out_features: outputs },
    positional: 2,
  };
}
