import type { Lowering } from '../lowering.ts';

export const lowerEmbedding: Lowering<'embedding'> = ({ parameter }) => [{ kind: 'lookup', table: parameter('weight') }];
