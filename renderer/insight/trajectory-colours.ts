import type { TextSequence } from './sample-texts.ts';

export type TrajectoryColours = 'label' | 'time' | 'token';

/** What points are coloured by: one of a few kinds, each with a name; all others are of none. */
export interface PointKinds {
  readonly names: readonly string[];
  /** Of each step: its kind, or −1. */
  readonly kinds: Int16Array;
}

/** Tokens of the theme for the kinds, told apart by the colour-blind by lightness too. */
export const kindColours = ['--sequence', '--tokens', '--state', '--good', '--cell', '--pictures'] as const;

/** Kinds by how often they occur, the most frequent first; more than there are colours are of none. */
export function pointKinds(sequences: readonly TextSequence[], by: 'label' | 'token'): PointKinds {
  const nameAt = (sequence: TextSequence, step: number): string =>
    (by === 'token' ? sequence.words[step] : (sequence.tags?.[step] ?? sequence.label)) ?? '';
  const counts = new Map<string, number>();
  for (const sequence of sequences)
    for (let step = 0; step < sequence.words.length; step++) {
      const name = nameAt(sequence, step);
      if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  const names = [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, kindColours.length)
    .map(([name]) => name);
  const last = sequences.at(-1);
  const kinds = new Int16Array(last ? last.start + last.words.length : 0);
  for (const sequence of sequences)
    for (let step = 0; step < sequence.words.length; step++) kinds[sequence.start + step] = names.indexOf(nameAt(sequence, step));
  return { names, kinds };
}
