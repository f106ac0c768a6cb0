import { z } from 'zod';

/**
 * The safetensors format: 8 bytes of little-endian header length, a JSON header, then raw little-endian data. Read by PyTorch,
 * and safe: data only.
 */
export interface NamedTensor {
  readonly dtype: 'F32' | 'I32';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

const maximumHeader = 64 * 1024 * 1024;

/** Bytes of a number, and how floating-point numbers that we do not compute with become float32. */
const kinds = { F32: 4, I32: 4, F64: 8, F16: 2, BF16: 2 } as const;
type Kind = keyof typeof kinds;

const whole = z.number().int().min(0);
const entry = z.object({ dtype: z.string(), shape: z.array(whole).max(16), data_offsets: z.tuple([whole, whole]) });
const metadataEntry = z.record(z.string(), z.string());

export function encodeSafetensors(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, tensor] of tensors) {
    header[name] = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [offset, offset + tensor.data.byteLength] };
    offset += tensor.data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + offset).fill(0x20, 8 + text.length, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(text, 8);
  let at = 8 + padded;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Tensors in the order of the header. Half, bfloat and double precision are read as float32.
 *
 * @param onOther told of a tensor of another type, such as a counter of 64-bit integers, which is left out; without it that is an error
 * @throws Error that says what is wrong when the bytes are not safetensors of such numbers; nothing is read outside of them
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  onOther?: (name: string, dtype: string) => void,
): { tensors: Map<string, NamedTensor>; metadata: Record<string, string> } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length > 8 ? Number(view.getBigUint64(0, true)) : 0;
  if (length < 2 || length > maximumHeader || 8 + length > bytes.length)
    throw new Error('not a safetensors file: bad header length');
  const header = parseHeader(bytes.subarray(8, 8 + length));
  const tensors = new Map<string, NamedTensor>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = metadataEntry.catch({}).parse(value);
      continue;
    }
    const read = entry.safeParse(value);
    if (!read.success) throw new Error(`tensor ${name}: expected dtype, shape and data_offsets`);
    const { dtype, shape, data_offsets: range } = read.data;
    if (!isKind(dtype) && onOther !== undefined) {
      onOther(name, dtype);
      continue;
    }
    if (!isKind(dtype)) throw new Error(`tensor ${name}: expected F32, F16, BF16, F64 or I32, got ${dtype}`);
    const [begin, end] = range;
    const count = shape.reduce((product, size) => product * size, 1);
    if (end - begin !== count * kinds[dtype] || 8 + length + end > bytes.length) throw new Error(`tensor ${name}: bad size`);
    // A Buffer's own `slice` would not copy, and its memory holds other things too.
    const copy = new Uint8Array(bytes.subarray(8 + length + begin, 8 + length + end)).buffer;
    tensors.set(
      name,
      dtype === 'I32' ? { dtype, shape, data: new Int32Array(copy) } : { dtype: 'F32', shape, data: floats(dtype, copy) },
    );
  }
  return { tensors, metadata };
}

function parseHeader(text: Uint8Array): object {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    throw new Error('not a safetensors file: its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw new Error('not a safetensors file: bad header');
  return header;
}

const isKind = (dtype: string): dtype is Kind => Object.hasOwn(kinds, dtype);

function floats(dtype: Exclude<Kind, 'I32'>, bytes: ArrayBuffer): Float32Array {
  switch (dtype) {
    case 'F32':
      return new Float32Array(bytes);
    case 'F64':
      return Float32Array.from(new Float64Array(bytes));
    case 'BF16': {
      // The upper half of a float32.
      const bits = Uint32Array.from(new Uint16Array(bytes), (half) => half * 65_536);
      return new Float32Array(bits.buffer);
    }
    case 'F16':
      return Float32Array.from(new Uint16Array(bytes), halfToNumber);
  }
}

/** One bit of sign, five of exponent, ten of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
