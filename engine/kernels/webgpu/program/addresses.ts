import type { BufferName, Memory, RecordSizes } from './memory.ts';

/** How wide everything is that lies in memory, in blocks of four units. */
export interface Layout {
  /** Of each part of the state. */
  readonly states: readonly number[];
  readonly inputs: number;
  readonly sizes: Readonly<Record<BufferName, RecordSizes>>;
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

/**
 * WGSL functions of where a row's numbers begin. History: T + 1 states of each part in order of time, then a record for each step and row,
 * then scratch for each row. The other buffers have records and scratch alone.
 */
export function addressFunctions({ states, sizes }: Layout): string {
  const functions = (['hoisted', 'history', 'gradients'] as const).map((buffer) => {
    const { records, scratch } = sizes[buffer];
    const first = buffer === 'history' ? `${total(states)} * (uniforms.steps + 1) * uniforms.rows + ` : '';
    return `
fn ${buffer}Record(t: i32, row: i32) -> i32 { return ${first}(t * uniforms.rows + row) * ${records}; }
fn ${buffer}Scratch(row: i32) -> i32 { return ${first}uniforms.steps * uniforms.rows * ${records} + row * ${scratch}; }`;
  });
  return `${functions.join('')}
fn state(first: i32, width: i32, slot: i32, row: i32) -> i32 {
  return first * (uniforms.steps + 1) * uniforms.rows + (slot * uniforms.rows + row) * width;
}
fn before(t: i32) -> i32 { return t + uniforms.back; }
fn after(t: i32) -> i32 { return t + 1 - uniforms.back; }`;
}

export interface Address {
  readonly buffer: BufferName | 'x' | 'weights';
  /** WGSL index of the row's first block. */
  readonly index: string;
}

/**
 * Where a row's numbers begin.
 *
 * @param t WGSL of the step
 * @param row WGSL of the row
 */
export function addressOf(layout: Layout, memory: Exclude<Memory, { kind: 'constant' }>, t: string, row: string): Address {
  switch (memory.kind) {
    case 'record':
      return { buffer: memory.buffer, index: `${memory.buffer}Record(${t}, ${row}) + ${memory.column}` };
    case 'scratch':
      return { buffer: memory.buffer, index: `${memory.buffer}Scratch(${row}) + ${memory.column}` };
    case 'carry':
      return { buffer: 'gradients', index: `gradientsScratch(${row}) + ${total(layout.states.slice(0, memory.part))}` };
    case 'before':
    case 'after': {
      const [first, width] = [total(layout.states.slice(0, memory.part)), layout.states[memory.part] ?? 0];
      return { buffer: 'history', index: `state(${first}, ${width}, ${memory.kind}(${t}), ${row})` };
    }
    case 'input':
      return { buffer: 'x', index: `(${t} * uniforms.rows + ${row}) * ${layout.inputs}` };
    case 'vector':
      return { buffer: 'weights', index: String(memory.column) };
  }
}

/** Blocks of four numbers in a buffer of a problem. */
export function bufferSize({ states, sizes }: Layout, buffer: BufferName, steps: number, rows: number): number {
  const { records, scratch } = sizes[buffer];
  return (buffer === 'history' ? total(states) * (steps + 1) * rows : 0) + steps * rows * records + rows * scratch;
}

/** Where, in a history, a part of the state lies at each of its T + 1 times, in numbers. */
export const stateOffset = ({ states }: Layout, part: number, steps: number, rows: number): number =>
  4 * total(states.slice(0, part)) * (steps + 1) * rows;

/** The same of the gradient that is carried. */
export const carryOffset = ({ states, sizes }: Layout, steps: number, rows: number) => ({
  first: 4 * steps * rows * sizes.gradients.records,
  stride: 4 * sizes.gradients.scratch,
  column: (part: number): number => 4 * total(states.slice(0, part)),
});
