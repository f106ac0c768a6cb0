import type { TracedRecurrence } from '../../engine/protocol/inspect.ts';

type TracedValue = TracedRecurrence['values'][number];

/** The step's value as the panel calls it: a state after the step goes without its prime. */
export const lineLabel = (name: string): string => name.replace(/'$/, '');

export interface LineWords {
  readonly title: string;
  readonly shows: string;
  readonly lookFor: string;
}

/** What a line of a cell is, what its map shows and what to look for in it. */
export function lineWords({ name, role, range }: TracedValue, keeps: boolean): LineWords {
  const label = lineLabel(name);
  if (role === 'gate' && keeps)
    return {
      title: `${label}, what is kept`,
      shows: 'Strong colour: the unit keeps what it remembers, faint: it forgets.',
      lookFor: 'Look for rows that stay strong from where something is read to where it is needed.',
    };
  if (role === 'gate')
    return {
      title: `${label}, a gate`,
      shows: range === '0..1' ? 'Strong colour: the gate is open, faint: it is shut.' : 'Each row is a unit, each column a step.',
      lookFor: 'Look for words at which many gates open or shut at once.',
    };
  if (role === 'candidate')
    return {
      title: `${label}, what could be written`,
      shows: 'Orange: the unit would be raised, blue: lowered.',
      lookFor: 'Look for words that push many units to an end of the scale.',
    };
  if (role === 'state')
    return {
      title: `${label}, a state`,
      shows: 'Orange is above zero, blue below; each row is what one unit remembers after each step.',
      lookFor: 'Look for rows that change at one word and hold from there on.',
    };
  return {
    title: label,
    shows: 'Each row is a unit, each column a step; orange is above zero, blue below.',
    lookFor: 'Look for rows whose colour turns at a word that matters.',
  };
}
