import type { Lowering } from '../lowering.ts';
import { lowerStack } from '../stack-lowering.ts';

/** Where the directions lie side by side, as the recurrence's op gives them. */
export const lowerBidirectional: Lowering<'bidirectional'> = (context) =>
  context.config.merge === 'concat' ? lowerStack(context, context.config, [false, true]) : null;
