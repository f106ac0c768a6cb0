import type { GradientOf, Trace } from '../../engine/protocol/inspect.ts';
import { visibleToken } from '../ui/visible-token.ts';
import { sentenceOf } from './time-axis.ts';

export interface GradientTarget {
  readonly of: GradientOf;
  /** In words: `the loss`, `log p(was)`. */
  readonly label: string;
}

/** At most so many classes of one answer. */
const classes = 8;

/** What a gradient can be taken of, the usual first; what has a step is of the one under the cursor. */
export function gradientTargets(
  trace: Pick<Trace, 'prediction' | 'loss' | 'losses' | 'steps' | 'nodes'>,
  cursor: number,
): readonly GradientTarget[] {
  const { prediction, loss, losses, steps } = trace;
  const whole: GradientTarget[] = loss === null ? [] : [{ of: { kind: 'loss' }, label: 'the loss' }];
  const sentence = sentenceOf(trace).steps;
  const said = (place: number): string => `“${visibleToken(sentence[place]?.token ?? '') || place + 1}”`;
  const lossOf = (step: number, place: number): GradientTarget[] =>
    losses !== null && step < losses.length ? [{ of: { kind: 'step', step }, label: `the loss at ${said(place)}` }] : [];
  switch (prediction.kind) {
    case 'class':
      return [
        ...whole,
        ...prediction.ranked
          .slice(0, classes)
          .map(({ label }): GradientTarget => ({ of: { kind: 'class', class: label }, label: `log p(${label})` })),
      ];
    case 'numbers':
      return [...whole, ...prediction.names.map((name): GradientTarget => ({ of: { kind: 'class', class: name }, label: name }))];
    case 'tags': {
      const step = Math.min(cursor, prediction.tags.length - 1);
      const ranked = prediction.tags[step]?.ranked.slice(0, classes) ?? [];
      return [
        ...whole,
        ...lossOf(step, step),
        ...ranked.map(
          ({ label }): GradientTarget => ({
            of: { kind: 'class', class: label, step },
            label: `log p(${label}) at ${said(step)}`,
          }),
        ),
      ];
    }
    case 'sequence': {
      const count = sentence.length - steps.length;
      const step = Math.min(count - 1, Math.max(0, cursor - steps.length));
      const [best] = prediction.hypotheses;
      const token = best?.tokens[step];
      return [
        ...whole,
        ...lossOf(step, steps.length + step),
        ...(token === undefined
          ? []
          : [
              {
                of: { kind: 'token', token, step } as const,
                label: `log p(${visibleToken(token)}) after ${said(steps.length + step)}`,
              },
            ]),
      ];
    }
  }
}
