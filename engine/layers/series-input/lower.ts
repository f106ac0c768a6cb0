import type { Lowering } from '../lowering.ts';

export const lowerSeriesInput: Lowering<'series-input'> = () => [{ kind: 'series' }];
