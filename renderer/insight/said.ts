import type { Trace } from '../../engine/protocol/inspect.ts';
import { formatNumber, formatShare } from '../training/metric-format.ts';

/** What a network says of a sentence, in a few words, and what it should say. */
export interface Said {
  readonly said: string;
  /** Probability of it, where there is one. */
  readonly probability: number | null;
  /** `null` where nobody knows, or where it was not asked. */
  readonly truth: string | null;
  readonly right: boolean | null;
}

/**
 * What is said at a step of the sentence: a tag where each step has one, else the whole answer.
 *
 * @param row of the input under the cursor; `null` where there is none
 */
export function saidAt({ prediction, target }: Pick<Trace, 'prediction' | 'target'>, row: number | null): Said {
  const truths = target?.values ?? [];
  const of = (said: string, probability: number | null, truth: string | undefined, compare = true): Said => ({
    said,
    probability,
    truth: truth ?? null,
    right: truth === undefined || !compare ? null : truth === said,
  });
  switch (prediction.kind) {
    case 'class': {
      const [first] = prediction.ranked;
      return of(first?.label ?? '', first?.probability ?? null, truths.at(-1));
    }
    case 'tags': {
      const place = row ?? prediction.tags.length - 1;
      const tag = prediction.tags[place];
      return of(tag?.label ?? '', tag?.probability ?? null, truths[place]);
    }
    case 'numbers': {
      const words = prediction.values.map((value) => formatNumber(value)).join(', ');
      return of(words, null, truths.length > 0 ? truths.join(', ') : undefined, false);
    }
    case 'sequence': {
      const [best] = prediction.hypotheses;
      const truth = target?.given === true ? truths.filter((token) => token !== '<eos>') : undefined;
      const said = (best?.tokens ?? []).filter((token) => token !== '<eos>');
      return {
        said: best?.text ?? '',
        probability: best ? Math.exp(best.logProbability) : null,
        truth: truth?.join(' ') ?? null,
        right: truth ? truth.join(' ') === said.join(' ') : null,
      };
    }
  }
}

/** What two networks say of one sentence. */
export function comparedAnswerWords(own: Said, other: Said, name: string, otherName: string): string {
  const words = ({ said, probability }: Said): string =>
    `“${said}”${probability === null ? '' : ` (${formatShare(probability)})`}`;
  return `${name} says ${words(own)}, ${otherName} ${words(other)}.`;
}

/** Steps whose tag is wrong. */
export const wrongTags = ({ prediction, target }: Pick<Trace, 'prediction' | 'target'>): ReadonlySet<number> =>
  prediction.kind !== 'tags' || target?.kind !== 'tags'
    ? new Set()
    : new Set(prediction.tags.flatMap(({ label }, step) => (target.values[step] !== label ? [step] : [])));
