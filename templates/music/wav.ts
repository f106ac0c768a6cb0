import { encodeWav } from '../../engine/data/media/encode-wav.ts';
import type { Note } from './notes.ts';

const sampleRate = 22_050;
/** Loudness of the overtones beside the fundamental: something between a flute and a music box. */
const overtones = [1, 0.45, 0.2, 0.08] as const;

/**
 * The notes as sound: a WAV file, one channel, 16 bits.
 *
 * @param tempo quarter notes per minute
 */
export function wavFile(notes: readonly Note[], tempo = 110): Uint8Array {
  const seconds = (sixteenths: number): number => (sixteenths * 15) / tempo;
  const total = notes.reduce((sum, note) => sum + seconds(note.sixteenths), 0);
  const samples = new Float32Array(Math.round(total * sampleRate));
  let from = 0;
  for (const { key, sixteenths } of notes) {
    const length = seconds(sixteenths);
    if (key !== null) sing(samples, from, length, 440 * 2 ** ((key - 69) / 12));
    from += length;
  }
  return encodeWav([samples], sampleRate);
}

function sing(samples: Float32Array, from: number, length: number, hertz: number): void {
  const start = Math.round(from * sampleRate);
  const count = Math.min(Math.round(length * sampleRate), samples.length - start);
  for (let i = 0; i < count; i++) {
    const time = i / sampleRate;
    // No clicks at either end, and a slow decay between.
    const loudness = Math.min(1, time / 0.01, (length - time) / 0.03) * Math.exp(-1.5 * time);
    const wave = overtones.reduce((sum, part, k) => sum + part * Math.sin(2 * Math.PI * hertz * (k + 1) * time), 0);
    samples[start + i] = 0.4 * Math.max(0, loudness) * wave;
  }
}
