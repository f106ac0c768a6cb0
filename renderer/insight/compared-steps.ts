import type { TracedStep } from '../../engine/protocol/inspect.ts';
import { visibleToken } from '../ui/visible-token.ts';

/** Whether two runs read the same, step by step, so that they can stand in one chart. */
export type Comparison =
  | { readonly kind: 'same' }
  /** One of them has no word for some of it. @see `words` */
  | { readonly kind: 'unknown'; readonly own: readonly string[]; readonly others: readonly string[] }
  | { readonly kind: 'steps'; readonly own: number; readonly others: number }
  /** Rows of different data, of which there are no words to tell by. */
  | { readonly kind: 'data' }
  /** The first step at which they read something else. */
  | { readonly kind: 'tokens'; readonly step: number; readonly own: string; readonly others: string };

/** @param sameRows whether what they read is the same where it has no words: numbers that were typed, or a row of the same data */
export function compareSteps(own: readonly TracedStep[], others: readonly TracedStep[], sameRows = true): Comparison {
  if (own.length !== others.length) return { kind: 'steps', own: own.length, others: others.length };
  const step = own.findIndex(({ token }, place) => token !== others[place]?.token);
  if (step >= 0) return { kind: 'tokens', step, own: own[step]?.token ?? '', others: others[step]?.token ?? '' };
  if (!sameRows && own.every(({ token }) => token === '')) return { kind: 'data' };
  const unread = (steps: readonly TracedStep[], known: readonly TracedStep[]): string[] => [
    ...new Set(steps.filter(({ unknown }, place) => unknown && known[place]?.unknown === false).map(({ token }) => token)),
  ];
  const [lacking, theirs] = [unread(own, others), unread(others, own)];
  return lacking.length + theirs.length === 0 ? { kind: 'same' } : { kind: 'unknown', own: lacking, others: theirs };
}

/** What a reader of the chart must know; `null` where both read the same. */
export function comparisonWords(comparison: Comparison, name: string, other: string): string | null {
  const list = (words: readonly string[]): string => words.map((word) => `“${visibleToken(word)}”`).join(', ');
  switch (comparison.kind) {
    case 'same':
      return null;
    case 'steps':
      return `${other} reads the sentence in ${comparison.others} steps instead of ${comparison.own}: it cannot stand in the same chart.`;
    case 'data':
      return `${other} was trained on other data, and reads another row of numbers: it cannot stand in the same chart. Choose a file, or type numbers, that both read.`;
    case 'tokens':
      return `${other} reads something else: at step ${comparison.step + 1} ${list([comparison.others])} instead of ${list([comparison.own])}. It cannot stand in the same chart; type a sentence that both read.`;
    case 'unknown':
      return [
        comparison.others.length > 0 &&
          `${list(comparison.others)} is not in the vocabulary of ${other}, which reads <unk> there.`,
        comparison.own.length > 0 && `${list(comparison.own)} is not in the vocabulary of ${name}, which reads <unk> there.`,
      ]
        .filter(Boolean)
        .join(' ');
  }
}
