import type { Lowering } from '../lowering.ts';

/** The op reads the batch's tokens itself. */
export const lowerTokenInput: Lowering<'token-input'> = () => [];
