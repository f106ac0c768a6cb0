import type { Trace, TracedStep } from '../../engine/protocol/inspect.ts';
import { visibleToken } from '../ui/visible-token.ts';
import type { Place } from './store.ts';
import { joinedSteps } from './time-axis.ts';

/** What the rows of an axis are called: their words, of joined steps the words that they join, else their numbers. */
export function stepNames(steps: readonly TracedStep[], input: readonly TracedStep[]): readonly string[] {
  const joined = joinedSteps(steps, input);
  return steps.map(({ token, padded }, place) => {
    const own =
      token !== '' || steps.length === input.length ? token : wordsOf(input.slice(place * joined, (place + 1) * joined));
    return `${visibleToken(own) || String(place + 1)}${padded ? ' (padded)' : ''}`;
  });
}

/** Those of one layer and direction of a trace: its axis may be shorter than that of the layer before. */
export function stepNamesAt(
  { nodes, steps }: Pick<Trace, 'nodes' | 'steps'>,
  { node, layer, direction }: Place,
): readonly string[] {
  const recurrent = nodes.find((one) => one.node === node)?.recurrent;
  const here = recurrent?.find((one) => one.layer === layer && one.direction === direction);
  return here ? stepNames(here.steps, steps) : [];
}

const wordsOf = (steps: readonly TracedStep[]): string => steps.map(({ token }) => visibleToken(token)).join('');
