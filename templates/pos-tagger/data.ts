import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { Random } from '../../engine/random.ts';
import { pick } from '../pick.ts';

export const columns: ColumnNames = { inputs: ['sentence'], targets: ['tags'] };

type Tag = 'DET' | 'NOUN' | 'VERB' | 'ADJ' | 'ADV' | 'PRON' | 'ADP' | 'AUX' | 'CONJ' | 'PART' | 'PUNCT';
type Tagged = readonly (readonly [word: string, tag: Tag])[];

/** Words by tag. Many stand under several: only their neighbours tell which it is. */
const words: Readonly<Record<Tag, readonly string[]>> = {
  DET: ['the', 'a', 'this', 'that', 'her', 'his', 'every', 'some'],
  NOUN: [
    'dog',
    'cook',
    'play',
    'run',
    'walk',
    'watch',
    'saw',
    'can',
    'book',
    'plant',
    'light',
    'water',
    'answer',
    'dance',
    'fish',
    'train',
    'drink',
    'fall',
    'rose',
    'change',
    'teacher',
    'river',
    'garden',
    'machine',
  ],
  VERB: [
    'cook',
    'play',
    'run',
    'walk',
    'watch',
    'saw',
    'book',
    'plant',
    'light',
    'water',
    'answer',
    'dance',
    'fish',
    'train',
    'drink',
    'fall',
    'rose',
    'change',
    'like',
    'open',
    'clean',
    'find',
    'teach',
    'hear',
  ],
  ADJ: ['light', 'fast', 'open', 'clean', 'hard', 'early', 'long', 'green', 'plain', 'deep', 'quiet', 'every-day'],
  ADV: ['fast', 'hard', 'early', 'long', 'well', 'often', 'never', 'there', 'quietly', 'again'],
  PRON: ['i', 'you', 'they', 'we', 'her', 'that', 'this', 'some', 'it'],
  ADP: ['in', 'on', 'like', 'near', 'to', 'with', 'behind', 'by'],
  AUX: ['can', 'will', 'must', 'may', 'should'],
  CONJ: ['that', 'and', 'but', 'while'],
  PART: ['to', 'not'],
  PUNCT: ['.', ',', '?'],
};
const sentences = 6000;

/**
 * Sentences of a small English grammar whose words are mostly ambiguous: “they can fish”, “the can to water her plant”, “that light
 * like water”. The longest are 56 words. A rule that gives each word its most frequent tag gets about four words of five. Equal sentences are one group.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const random = new Random(13, 'grammar');
  const chance = (share: number): boolean => random.uniform() < share;
  const word = (tag: Tag): Tagged => [[pick(random, words[tag]), tag]];
  const given = (text: string, tag: Tag): Tagged => [[text, tag]];
  const nounPhrase = (depth: number): Tagged => {
    if (chance(0.3)) return word('PRON');
    const adjective = chance(0.4) ? word('ADJ') : [];
    const compound = chance(0.2) ? word('NOUN') : [];
    const more = depth < 2 && chance(0.25) ? [...word('ADP'), ...nounPhrase(depth + 1)] : [];
    return [...word('DET'), ...adjective, ...compound, ...word('NOUN'), ...more];
  };
  const verbPhrase = (depth: number): Tagged => {
    const auxiliary = chance(0.35) ? [...word('AUX'), ...(chance(0.3) ? given('not', 'PART') : [])] : [];
    const before = chance(0.15) ? word('ADV') : [];
    const object = chance(0.6) ? nounPhrase(depth) : [];
    const purpose = depth < 1 && chance(0.2) ? [...given('to', 'PART'), ...verbPhrase(depth + 1)] : [];
    const place = chance(0.3) ? [...word('ADP'), ...nounPhrase(depth + 1)] : [];
    const after = chance(0.3) ? word('ADV') : [];
    return [...auxiliary, ...before, ...word('VERB'), ...object, ...purpose, ...place, ...after];
  };
  const clause = (depth: number): Tagged => {
    const reported = depth < 1 && chance(0.2) ? [...given('that', 'CONJ'), ...clause(depth + 1)] : [];
    return [...nounPhrase(0), ...verbPhrase(0), ...reported];
  };
  for (let line = 1; line <= sentences; line++) {
    const joined = chance(0.25)
      ? [...given(',', 'PUNCT'), ...given(pick(random, ['and', 'but', 'while']), 'CONJ'), ...clause(1)]
      : [];
    const question = chance(0.15);
    const start: Tagged = question ? [...word('AUX'), ...nounPhrase(0), ...word('VERB'), ...nounPhrase(0)] : clause(0);
    const sentence = [...start, ...joined, ...given(question ? '?' : '.', 'PUNCT')];
    yield {
      line,
      input: { kind: 'tokens', tokens: sentence.map(([text]) => text) },
      target: { kind: 'tags', labels: sentence.map(([, tag]) => tag) },
      group: sentence.map(([text]) => text).join(' '),
    };
  }
}
