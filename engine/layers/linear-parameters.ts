import type { ParameterSpec } from '../shapes/parameter.ts';

/** `torch.nn.Linear(inputs, outputs)`: `weight [out, in]` and `bias [out]`, uniform within 1/√in. */
export function linearParameters(inputs: number, outputs: number): readonly ParameterSpec[] {
  const initializer = { kind: 'uniform', bound: 1 / Math.sqrt(inputs) } as const;
  return [
    { name: 'weight', shape: [outputs, inputs], initializer, decay: true, trainable: true },
    { name: 'bias', shape: [outputs], initializer, decay: false, trainable: true },
  ];
}
