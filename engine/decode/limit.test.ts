import { expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { defaultLimit } from './limit.ts';

it('is twice the longest training target, or what a target is cut at and its <eos>', () => {
  const binding = dataBinding.parse({
    source: { kind: 'template', name: 'synthetic' },
    task: 'sequence-to-sequence',
    tokenizer: { maxLength: 7 },
    targetTokenizer: { maxLength: 20 },
  });
  expect(defaultLimit({ binding, longestTarget: 9 })).toBe(18);
  expect(defaultLimit({ binding })).toBe(21);
});
