import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import type { TextFile } from '../template.ts';
import { midiFile } from './midi.ts';
import { pitchName, readNotes } from './notes.ts';
import { tunes } from './tunes.ts';
import { wavFile } from './wav.ts';

export const columns: ColumnNames = { inputs: ['tune'], targets: [] };

/** Semitones that a tune is moved by: each key once. */
const transpositions = Array.from({ length: 12 }, (_unused, i) => i - 5);

/** A tune longer than this many sixteenths, about five minutes, is written as MIDI only. */
const longestSound = 2200;

/** The tune as MIDI and as sound; nothing when there is no note in it. */
export function filesOf(text: string): readonly TextFile[] {
  const notes = readNotes(text);
  if (!notes.some(({ key }) => key !== null)) return [];
  const midi: TextFile = { name: 'tune.mid', type: 'audio/midi', bytes: midiFile(notes) };
  const length = notes.reduce((sum, { sixteenths }) => sum + sixteenths, 0);
  return length > longestSound ? [midi] : [{ name: 'tune.wav', type: 'audio/wav', bytes: wavFile(notes) }, midi];
}

/**
 * Every tune in twelve keys, as the tokens pitch, length, pitch, length, …, with bar lines between. The group is the tune: none is
 * heard in training in one key and judged in another.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  let line = 0;
  for (const { title, notes } of tunes) {
    for (const semitones of transpositions) {
      line++;
      yield {
        line,
        input: {
          kind: 'tokens',
          tokens: notes.split('|').flatMap((bar, i) => [...(i === 0 ? [] : ['|']), ...tokens(bar, semitones)]),
        },
        target: { kind: 'next-token' },
        group: title,
      };
    }
  }
}

const tokens = (bar: string, semitones: number): string[] =>
  readNotes(bar).flatMap(({ key, sixteenths }) => [key === null ? 'R' : pitchName(key + semitones), String(sixteenths)]);
