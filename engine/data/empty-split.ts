import type { SplitName } from '../document/split-names.ts';
import { UserError } from '../protocol/envelope.ts';

/** What fails that needs examples of a split which has none. */
export const emptySplit = (split: SplitName): UserError =>
  new UserError({
    code: 'empty-split',
    message: `The ${split} split has no examples.`,
    hint: 'Choose another split, or give this one a share of the data and train again.',
  });
