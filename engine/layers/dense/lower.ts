import { lowerLinear } from '../linear-lowering.ts';
import type { Lowering } from '../lowering.ts';

/** Without an activation. */
export const lowerDense: Lowering<'dense'> = (context) =>
  context.config.activation === 'identity' ? lowerLinear(context) : null;
