import type { Lowering } from '../lowering.ts';

export const lowerDropout: Lowering<'dropout'> = ({ config }) => [{ kind: 'dropout', rate: config.rate }];
