const arrayTypes = { Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array };
type ArrayType = keyof typeof arrayTypes;
type Packed = InstanceType<(typeof arrayTypes)[ArrayType]>;

/** Stands for a typed array in the JSON part. */
const marker = '$array';
/** Stands for a number that JSON has no word for. */
const notFinite = '$number';

interface Placed {
  readonly type: ArrayType;
  readonly at: number;
  readonly length: number;
}

const isPacked = (value: unknown): value is Packed => ArrayBuffer.isView(value) && value.constructor.name in arrayTypes;

/**
 * Plain data with typed arrays in it → one block of bytes: JSON length, JSON, then the arrays, each at a multiple of 8. An
 * array that occurs twice is stored once and shared again by `unpack`. Little-endian, as every machine that runs this.
 */
export function pack(value: unknown): Uint8Array {
  const arrays: Packed[] = [];
  const places = new Map<Packed, Placed>();
  let end = 0;
  const text = JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'number' && !Number.isFinite(item)) return { [notFinite]: String(item) };
    if (!isPacked(item)) return item;
    let place = places.get(item);
    if (place === undefined) {
      place = { type: item.constructor.name as ArrayType, at: end, length: item.length };
      places.set(item, place);
      arrays.push(item);
      end += Math.ceil(item.byteLength / 8) * 8;
    }
    return { [marker]: place };
  });
  const json = new TextEncoder().encode(text);
  const start = Math.ceil((4 + json.length) / 8) * 8;
  const bytes = new Uint8Array(start + end);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + (places.get(array)?.at ?? 0));
  }
  return bytes;
}

/** The arrays are views into the bytes. The caller checks the shape of what comes out: it crossed a process. */
export function unpack(bytes: Uint8Array): unknown {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const start = bytes.byteOffset + Math.ceil((4 + length) / 8) * 8;
  const arrays = new Map<string, Packed>();
  return JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)), (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null) return item;
    if (notFinite in item) return Number(item[notFinite]);
    if (!(marker in item)) return item;
    const { type, at, length: count } = item[marker] as Placed;
    const key = `${at} ${count}`;
    const known = arrays.get(key);
    if (known !== undefined) return known;
    const array = new arrayTypes[type](bytes.buffer as ArrayBuffer, start + at, count);
    arrays.set(key, array);
    return array;
  });
}
