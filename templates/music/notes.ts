/** One note, or a rest. */
export interface Note {
  /** Number of the key as MIDI counts, 60 is middle C; `null` is a rest. */
  readonly key: number | null;
  readonly sixteenths: number;
}

const letters = ['C', 'Cs', 'D', 'Ds', 'E', 'F', 'Fs', 'G', 'Gs', 'A', 'As', 'B'] as const;

/**
 * The notes of a text such as `C4 4 Fs4 2 R 2 | G4 8`: a pitch, then its length in sixteenths; a colon may stand between them. What
 * is neither is passed over, since a model that has learned little writes such things too.
 */
export function readNotes(text: string): Note[] {
  const notes: Note[] = [];
  const parts = text.replaceAll(':', ' ').split(/\s+/);
  parts.forEach((part, i) => {
    const pitch = /^(?:([A-G]s?)(\d)|R)$/.exec(part);
    const sixteenths = Number(parts[i + 1]);
    if (!pitch || !Number.isInteger(sixteenths) || sixteenths < 1 || sixteenths > 64) return;
    const step = (letters as readonly string[]).indexOf(pitch[1] ?? '');
    if (pitch[1] !== undefined && step < 0) return;
    notes.push({ key: pitch[1] === undefined ? null : 12 * (Number(pitch[2]) + 1) + step, sixteenths });
  });
  return notes;
}

/** A pitch as it is written; sharps only. */
export const pitchName = (key: number): string => `${letters[((key % 12) + 12) % 12] ?? ''}${Math.floor(key / 12) - 1}`;
