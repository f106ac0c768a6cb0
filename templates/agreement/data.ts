import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { Random } from '../../engine/random.ts';
import { pick } from '../pick.ts';

export const columns: ColumnNames = { inputs: ['beginning of a sentence'], targets: ['verb'] };

const nouns = [
  'cat',
  'dog',
  'bird',
  'child',
  'teacher',
  'farmer',
  'sailor',
  'horse',
  'robot',
  'neighbour',
  'student',
  'baker',
] as const;
const plurals: Readonly<Record<(typeof nouns)[number], string>> = {
  cat: 'cats',
  dog: 'dogs',
  bird: 'birds',
  child: 'children',
  teacher: 'teachers',
  farmer: 'farmers',
  sailor: 'sailors',
  horse: 'horses',
  robot: 'robots',
  neighbour: 'neighbours',
  student: 'students',
  baker: 'bakers',
};
const verbs = ['ate', 'chased', 'saw', 'carried', 'found', 'liked', 'heard', 'followed', 'remembered', 'lost'] as const;
const amounts = ['a bunch of', 'some of', 'all of', 'a bit of', 'most of'] as const;
const things = ['the food', 'the grass', 'the bread', 'the wood', 'the water', 'the snow', 'the music'] as const;
const places = ['near', 'behind', 'beside', 'under', 'opposite'] as const;

/** Sentences, half with a single subject. */
const sentences = 6000;

/** A beginning of a sentence, and the verb that goes on with it. */
export interface Beginning {
  readonly text: string;
  readonly verb: 'was' | 'were';
  /** Words between the subject and the verb. */
  readonly distance: number;
}

/**
 * Beginnings of sentences like “the cats which already ate a bunch of the food near the dog …”, to be gone on with by “was” or “were”.
 * What the verb agrees with is the first noun; between the two stand 3 to 45 words, among them nouns of either number that mislead who
 * looks at the nearest one. Equal sentences are one group.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const random = new Random(7, 'agreement');
  for (let line = 1; line <= sentences; line++) {
    const { text, verb } = beginning(random);
    yield { line, input: { kind: 'text', text }, target: { kind: 'class', label: verb }, group: text };
  }
}

/** One beginning, drawn anew. */
export function beginning(random: Random): Beginning {
  const noun = (several: boolean): string => {
    const one = pick(random, nouns);
    return several ? plurals[one] : one;
  };
  const clause = (): string => {
    const other = noun(random.below(2) === 0);
    return pick(random, [
      `which already ${pick(random, verbs)} ${pick(random, amounts)} ${pick(random, things)}`,
      `${pick(random, places)} the ${other}`,
      `which the ${other} ${pick(random, verbs)}`,
      `which ${pick(random, verbs)} the ${other} ${pick(random, places)} the ${noun(random.below(2) === 0)}`,
    ]);
  };
  const plural = random.below(2) === 0;
  const clauses = Array.from({ length: 1 + random.below(6) }, clause);
  const text = `the ${noun(plural)} ${clauses.join(' ')}`;
  return { text, verb: plural ? 'were' : 'was', distance: text.split(' ').length - 2 };
}
