import { UserError } from '../../protocol/envelope.ts';

/** Sound of one recording, its channels averaged, samples between -1 and 1. */
export interface Sound {
  readonly sampleRate: number;
  readonly samples: Float32Array;
}

/** What may be missing at the end: nobody hears it, and headers that count themselves say so much too much. */
const leastHeard = 0.01;
/** From here on the size of the samples is what is written where it is not known, as to a pipe: they go on to the file's end. */
const unknownSize = 0x7fff0000;

const formats = { integer: 1, float: 3, aLaw: 6, muLaw: 7, extensible: 0xfffe } as const;

/**
 * Reads a WAV file (RIFF): integers of 8, 16, 24 or 32 bits, floats of 32 or 64, or the eight logarithmic bits of telephones (A-law,
 * µ-law), any number of channels. A last sample that is not whole is left out.
 *
 * Sources: “Multiple channel audio data and WAVE files”, Microsoft 2007; ITU-T G.711.
 *
 * @throws UserError `not-wav`, saying what was found; `cut-off` where more is missing than nobody hears
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
      if (size < unknownSize) refuseCutOff(size, end - start, format);
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

/** Bits of a sample that are read, by format. */
const widths: Readonly<Record<number, readonly number[]>> = {
  [formats.integer]: [8, 16, 24, 32],
  [formats.float]: [32, 64],
  [formats.aLaw]: [8],
  [formats.muLaw]: [8],
};

function readFormat(view: DataView, start: number, end: number): Format {
  const first = view.getUint16(start, true);
  const code = first === formats.extensible && end - start >= 26 ? view.getUint16(start + 24, true) : first;
  const [channels, sampleRate, frame, said] = [
    view.getUint16(start + 2, true),
    view.getUint32(start + 4, true),
    view.getUint16(start + 12, true),
    view.getUint16(start + 14, true),
  ];
  // Some recorders write each 24 bits as the high ones of 32.
  const bits = code === formats.integer && said === 24 && frame === 4 * channels ? 32 : said;
  if (channels === 0 || sampleRate === 0) throw notWav(`it says ${channels} channels at ${sampleRate} samples a second`);
  if (widths[code]?.includes(bits) !== true)
    throw notWav(`its samples are of a kind that is not read (format ${code}, ${bits} bits)`);
  return { code, channels, sampleRate, bits };
}

function refuseCutOff(said: number, found: number, { bits, channels, sampleRate }: Format): void {
  const seconds = (bytes: number): number => bytes / ((bits / 8) * channels * sampleRate);
  if (seconds(said - found) <= leastHeard) return;
  throw new UserError({
    code: 'cut-off',
    message: `the recording is cut off: its header says ${seconds(said).toFixed(2)} s, ${seconds(found).toFixed(2)} s are there`,
    hint: 'Copy it again. If it is whole, write its header anew, e.g. with ffmpeg -i old.wav new.wav.',
  });
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
  if (code === formats.aLaw) return (at) => aLaw(view.getUint8(at)) / 32768;
  if (code === formats.muLaw) return (at) => muLaw(view.getUint8(at)) / 32768;
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

/** Sign, three bits of exponent and four of mantissa: every second bit is written turned over. */
function aLaw(byte: number): number {
  const [sign, exponent, mantissa] = partsOf(byte ^ 0x55);
  const size = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
  return sign === 0 ? -size : size;
}

/** The same with all bits turned over, and 132 added before the logarithm. */
function muLaw(byte: number): number {
  const [sign, exponent, mantissa] = partsOf(byte ^ 0xff);
  const size = (((mantissa << 3) + 0x84) << exponent) - 0x84;
  return sign === 0 ? size : -size;
}

const partsOf = (byte: number): [number, number, number] => [byte & 0x80, (byte >> 4) & 7, byte & 15];

function notWav(found: string): UserError {
  return new UserError({
    code: 'not-wav',
    message: `this is no WAV file that can be read: ${found}`,
    hint: 'Convert it to WAV, 16 bits.',
  });
}
