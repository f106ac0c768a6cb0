import type { Note } from './notes.ts';

/** Ticks of a quarter note. */
const division = 480;

/**
 * A standard MIDI file: one track, one voice. Source: “Standard MIDI Files 1.0”, MIDI Manufacturers Association 1996.
 *
 * @param tempo quarter notes per minute
 */
export function midiFile(notes: readonly Note[], tempo = 110): Uint8Array {
  const events: number[] = [];
  const event = (ticks: number, ...bytes: number[]): void => void events.push(...variableLength(ticks), ...bytes);
  event(0, 0xff, 0x51, 3, ...bigEndian(Math.round(60_000_000 / tempo), 3));
  let waited = 0;
  for (const { key, sixteenths } of notes) {
    const ticks = (sixteenths * division) / 4;
    if (key === null) {
      waited += ticks;
      continue;
    }
    event(waited, 0x90, key, 88);
    event(ticks, 0x80, key, 64);
    waited = 0;
  }
  event(waited, 0xff, 0x2f, 0);
  const header = [...ascii('MThd'), ...bigEndian(6, 4), ...bigEndian(0, 2), ...bigEndian(1, 2), ...bigEndian(division, 2)];
  return Uint8Array.from([...header, ...ascii('MTrk'), ...bigEndian(events.length, 4), ...events]);
}

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

const bigEndian = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_unused, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);

/** Seven bits a byte, the highest first; all but the last byte have their top bit set. */
function variableLength(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift((rest % 128) + 128);
  return bytes;
}
