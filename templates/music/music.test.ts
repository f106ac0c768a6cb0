import { describe, expect, it } from 'vitest';
import { decodeWav } from '../../engine/data/media/wav.ts';
import { trainBriefly } from '../train-briefly.ts';
import { filesOf, rows } from './data.ts';
import { midiFile } from './midi.ts';
import { pitchName, readNotes } from './notes.ts';
import { tunes } from './tunes.ts';
import { wavFile } from './wav.ts';

it('expects the next note better than frequencies do, after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'music',
    (document) => ({
      ...document,
      training: { ...document.training, epochs: 3 },
    }),
    (baseline) => baseline * 0.6,
  );
  expect(headline).toMatchObject({ metric: 'perplexity', higherIsBetter: false });
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 4);
  expect(best).toBeLessThan(goal);
});

describe('the tunes', () => {
  it.each(tunes.map((tune) => [tune.title, tune] as const))('fill their bars: %s', (_title, { notes, bar, upbeat }) => {
    const bars = notes.split(' | ');
    const lengths = bars.map((text) => readNotes(text).reduce((sum, note) => sum + note.sixteenths, 0));
    // Every note was understood.
    expect(readNotes(notes)).toHaveLength(notes.split(' ').filter((word) => word !== '|').length);
    if (upbeat > 0) expect(lengths.shift()).toBe(upbeat);
    const last = lengths.pop() ?? 0;
    expect([bar, bar - upbeat]).toContain(last);
    expect(lengths.filter((length) => length !== bar)).toEqual([]);
  });

  it('are in twelve keys each, a tune a group', async () => {
    const keys = new Map<string | null, Set<string>>();
    for await (const { input, group } of rows()) {
      if (input.kind !== 'tokens') throw new Error('expected tokens');
      keys.set(group, (keys.get(group) ?? new Set()).add(input.tokens.join(' ')));
    }
    expect(keys.size).toBe(tunes.length);
    expect(tunes.length).toBeGreaterThanOrEqual(25);
    for (const written of keys.values()) expect(written.size).toBe(12);
    expect([...(keys.get('Hot cross buns') ?? [])]).toContain(
      'Fs4 8 E4 8 | D4 16 | Fs4 8 E4 8 | D4 16 | D4 4 D4 4 D4 4 D4 4 | E4 4 E4 4 E4 4 E4 4 | Fs4 8 E4 8 | D4 16',
    );
  });
});

describe('what was written can be played', () => {
  const notes = readNotes('C4 4 R 4 | nonsense A4 8 G4 <eos>');

  it('as files, the sound of a long one left out', () => {
    const short = filesOf('G4 4 E4 4 | C4 8');
    expect(short.map(({ name, type }) => [name, type])).toEqual([
      ['tune.wav', 'audio/wav'],
      ['tune.mid', 'audio/midi'],
    ]);
    expect(short[1]?.bytes).toEqual(midiFile(readNotes('G4 4 E4 4 | C4 8')));
    expect(filesOf('C4 16 '.repeat(200)).map(({ name }) => name)).toEqual(['tune.mid']);
    expect(filesOf('R 4 and no note')).toEqual([]);
  });

  it('as the notes that are understood', () => {
    expect(notes).toEqual([
      { key: 60, sixteenths: 4 },
      { key: null, sixteenths: 4 },
      { key: 69, sixteenths: 8 },
    ]);
    for (let key = 36; key < 97; key++) expect(readNotes(`${pitchName(key)} 4`)).toEqual([{ key, sixteenths: 4 }]);
  });

  it('as a MIDI file: header, tempo, and each note at its time', () => {
    const bytes = midiFile(notes, 120);
    const hex = Buffer.from(bytes).toString('hex');
    // Format 0, one track, 480 ticks a quarter; 500,000 microseconds a quarter.
    expect(hex.slice(0, 44)).toBe(`4d546864000000060000000101e04d54726b${hex.slice(36, 44)}`);
    expect(Number.parseInt(hex.slice(36, 44), 16)).toBe(bytes.length - 22);
    expect(hex.slice(44)).toBe(
      [
        '00ff510307a120',
        // C4 at once, off after 480 ticks (0x83 0x60).
        '00903c58',
        '8360803c40',
        // A4 after a rest of 480 ticks, off after 960 (0x87 0x40).
        '8360904558',
        '8740804540',
        '00ff2f00',
      ].join(''),
    );
  });

  it('as a WAV file of the right length and pitch, silent in the rest', () => {
    const { samples, sampleRate } = decodeWav(wavFile(notes, 120));
    expect(samples).toHaveLength(2 * sampleRate);
    const loudest = (from: number, to: number): number =>
      samples.slice(from * sampleRate, to * sampleRate).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(loudest(0.1, 0.4)).toBeGreaterThan(0.1);
    expect(loudest(0.51, 0.99)).toBe(0);
    // A4 swings 440 times a second: so often does the wave repeat itself.
    const period = sampleRate / 440;
    const start = Math.round(1.2 * sampleRate);
    let difference = 0;
    for (let i = 0; i < 2000; i++)
      difference += Math.abs((samples[start + i] ?? 0) - (samples[start + i + Math.round(10 * period)] ?? 0));
    expect(difference / 2000).toBeLessThan(0.02);
  });
});
