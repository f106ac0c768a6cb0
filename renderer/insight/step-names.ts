import type { Trace, TracedStep } from '../../engine/protocol/inspect.ts';
import { visibleToken } from '../ui/visible-token.ts';
import type { Place } from './store.ts';
import { joinedSteps } from './time-axis.ts';

/** Several numbers of one step: what it holds, and too long to be called by. */
const severalNumbers = /^-?\d\S*( -?\d\S*)+$/;

/** A token as far as it names its step. */
export const namingToken = (token: string): string => (severalNumbers.test(token) ? '' : token);

/** What the rows of an axis are called: their words, of joined steps the words or numbers that they join, else their numbers. */
export function stepNames(steps: readonly TracedStep[], input: readonly TracedStep[]): readonly string[] {
  const joined = joinedSteps(steps, input);
  return steps.map(({ token, padded }, place) => {
    const own =
      token !== '' || steps.length === input.length ? visibleToken(namingToken(token)) : joinedName(input, joined, place);
    return `${own || String(place + 1)}${padded ? ' (padded)' : ''}`;
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

function joinedName(input: readonly TracedStep[], joined: number, place: number): string {
  const [from, to] = [place * joined, Math.min(input.length, (place + 1) * joined)];
  const words = input.slice(from, to).map(({ token }) => visibleToken(namingToken(token)));
  return words.join('') || (to - from > 1 ? `${from + 1}–${to}` : String(from + 1));
}
