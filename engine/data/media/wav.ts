import { UserError } from '../../protocol/envelope.ts';

/** Sound of one recording, its channels averaged, samples between -1 and 1. */
export interface Sound {
  readonly sampleRate: number;
  readonly samples: Float32Array;
}

const formats = { integer: 1, float: 3, extensible: 0xfffe } as const;

/**
 * Reads a WAV file (RIFF): integers of 8, 16, 24 or 32 bits, or floats of 32 or 64, any number of channels. A file that was cut off
 * gives what is there.
 *
 * Source: “Multiple channel audio data and WAVE files”, Microsoft 2007.
 *
 * @throws UserError `not-wav`, saying what was found
 */
export function decodeWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || text(0) !== 'RIFF' || text(8) !== 'WAVE') throw notWav('it does not start as a WAV file does');
  let format: Format | null = null;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    const end = Math.min(start + size, bytes.length);
    if (text(at) === 'fmt ' && end - start >= 16) format = readFormat(view, start, end);
    if (text(at) === 'data') {
      if (format === null) throw notWav('its samples come before their format');
      return { sampleRate: format.sampleRate, samples: readSamples(view, start, end, format) };
    }
    at = start + size + (size % 2);
  }
  throw notWav('it holds no samples');
}

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

function readFormat(view: DataView, start: number, end: number): Format {
  const first = view.getUint16(start, true);
  const code = first === formats.extensible && end - start >= 26 ? view.getUint16(start + 24, true) : first;
  const [channels, sampleRate, bits] = [
    view.getUint16(start + 2, true),
    view.getUint32(start + 4, true),
    view.getUint16(start + 14, true),
  ];
  if (channels === 0 || sampleRate === 0) throw notWav(`it says ${channels} channels at ${sampleRate} samples a second`);
  const known = code === formats.float ? bits === 32 || bits === 64 : code === formats.integer && [8, 16, 24, 32].includes(bits);
  if (!known) throw notWav(`its samples are of a kind that is not read (format ${code}, ${bits} bits)`);
  return { code, channels, sampleRate, bits };
}

function readSamples(view: DataView, start: number, end: number, { code, channels, sampleRate, bits }: Format): Float32Array {
  const width = bits / 8;
  const read = sampleReader(view, code, bits);
  const samples = new Float32Array(Math.floor((end - start) / (width * channels)));
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += read(start + (i * channels + channel) * width);
    samples[i] = sum / channels;
    if (!Number.isFinite(samples[i]))
      throw notWav(`it holds samples that are not numbers, the first at ${(i / sampleRate).toFixed(3)} s`);
  }
  return samples;
}

function sampleReader(view: DataView, code: number, bits: number): (at: number) => number {
  if (code === formats.float) return (at) => (bits === 64 ? view.getFloat64(at, true) : view.getFloat32(at, true));
  switch (bits) {
    case 8:
      return (at) => (view.getUint8(at) - 128) / 128;
    case 16:
      return (at) => view.getInt16(at, true) / 32768;
    case 24:
      return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65536) / 8388608;
    default:
      return (at) => view.getInt32(at, true) / 2147483648;
  }
}

function notWav(found: string): UserError {
  return new UserError({
    code: 'not-wav',
    message: `this is no WAV file that can be read: ${found}`,
    hint: 'Convert it to WAV, 16 bits.',
  });
}
