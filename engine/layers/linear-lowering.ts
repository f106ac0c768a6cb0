import type { ChainLayer } from '../kernels/native/chain.ts';
import type { LoweringContext } from './lowering.ts';

/** `x Wᵀ + b`, of heads and of layers without an activation. */
export const lowerLinear = ({ parameter }: Pick<LoweringContext<'dense-softmax'>, 'parameter'>): readonly ChainLayer[] => [
  { kind: 'linear', weight: parameter('weight'), bias: parameter('bias') },
];
