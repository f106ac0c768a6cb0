import type { Lowering } from '../lowering.ts';
import { lowerStack } from '../stack-lowering.ts';

export const lowerRecurrent: Lowering<'recurrent'> = (context) =>
  lowerStack(context, context.config, [context.config.direction === 'backward']);
