import { expect, it } from 'vitest';
import { type UpdateState, updateState } from '../../engine/protocol/updates.ts';
import { updateWords } from './update-words.ts';

const words: readonly (readonly [UpdateState, string])[] = [
  [{ kind: 'unavailable', reason: 'Built here.' }, 'Built here.'],
  [{ kind: 'off' }, 'Nothing is looked for.'],
  [{ kind: 'checking' }, 'Looking for a newer version …'],
  [{ kind: 'downloading', version: '0.3.0', percent: 41.6 }, 'Downloading 0.3.0 … 42 %'],
  [{ kind: 'ready', version: '0.3.0' }, '0.3.0 is downloaded. It is installed when you quit Unroll.'],
  [{ kind: 'waiting', checked: null, problem: null }, 'Not looked yet.'],
  [{ kind: 'waiting', checked: '2026-11-29T10:00:00Z', problem: null }, 'No newer version was found at 2026-11-29T10:00:00Z.'],
  [{ kind: 'waiting', checked: null, problem: 'no network' }, 'The last look failed: no network'],
];

it.each(words)('%j is told as “%s”', (state, sentence) => {
  expect(updateWords(updateState.parse(state), (iso) => iso)).toBe(sentence);
});
