import type { RegisterProgram } from '../../../cells/program/register-program.ts';
import { inOrder, type Output, partsOf, type Value } from '../../../cells/program/value.ts';
import { leaves } from './forward.ts';
import { Columns, type Memory, type RecordSizes } from './memory.ts';
import { dealToStages, type Stage, type Store } from './stages.ts';

/** The backward program, dealt to stages. */
export interface BackwardStages {
  /** Of a step; where {@link linked}, the last one is run with the first one of the next step. */
  readonly step: readonly Stage[];
  readonly linked: boolean;
  /** For all steps at once, after the loop: what no gradient of an earlier step needs. */
  readonly rest: readonly Stage[];
  /** Where each left, right and sum over rows lies, and the gradient of the input where it is written. */
  readonly lefts: readonly Memory[];
  readonly rights: readonly Memory[];
  readonly rowSums: readonly Memory[];
  readonly input: Memory | null;
  readonly sizes: RecordSizes;
}

/** @param saved where the forward program left what it kept */
export function backwardStages(program: RegisterProgram, saved: readonly Memory[]): BackwardStages {
  const { outputs } = program.backward;
  const columns = new Columns();
  // The gradients of the state come first in the scratch.
  for (const width of program.states) columns.scratch(width);
  const leaf = leaves(program, saved);
  const carried = outputs.filter(({ place }) => place.kind === 'before');
  const looped = new Set(withGradient(inOrder(carried.map(({ value }) => value))));
  const places = new Map<Value, Memory>();
  const record = (value: Value): Memory => {
    const memory = leaf(value) ?? places.get(value) ?? gradientRecord(columns, value.width);
    places.set(value, memory);
    return memory;
  };
  for (const { value } of inReach(
    outputs.filter(({ place }) => place.kind === 'left'),
    program,
  ))
    record(value);
  const found = new Map(outputs.map((output) => [output, output.place.kind === 'before' ? null : record(output.value)]));
  const wanted = [...places.keys()].filter((value) => leaf(value) === null);
  const inLoop = (value: Value): boolean => (value.kind === 'given' ? value.place.kind === 'gradient' : looped.has(value));
  // What the rest reads of the loop is kept for it.
  const rest = wanted.filter((value) => !inLoop(value));
  for (const value of restOf(rest, inLoop)) for (const part of partsOf(value)) if (inLoop(part)) record(part);
  const stores = [...places].flatMap(([value, to]): readonly Store[] =>
    leaf(value) === null && inLoop(value) ? [{ value, to, width: value.width }] : [],
  );
  const step = dealToStages({
    outputs: [
      ...carried.map(({ value, place, width }): Store => ({ value, to: { kind: 'carry', part: place.index }, width })),
      ...stores,
    ],
    known: leaf,
    place: ({ width }, last) =>
      last ? gradientRecord(columns, width) : { kind: 'scratch', buffer: 'gradients', column: columns.scratch(width) },
  });
  const after = dealToStages({
    outputs: rest.map((value) => ({ value, to: record(value), width: value.width })),
    known: (value) => leaf(value) ?? (inLoop(value) ? (places.get(value) ?? null) : null),
    place: ({ width }) => gradientRecord(columns, width),
  });
  const of = (kind: Output['place']['kind']): readonly Memory[] =>
    outputs
      .filter(({ place }) => place.kind === kind)
      .sort((a, b) => a.place.index - b.place.index)
      .flatMap((output) => found.get(output) ?? []);
  return {
    step,
    linked: step.length > 1,
    rest: rest.length === 0 ? [] : after,
    lefts: of('left'),
    rights: of('right'),
    rowSums: of('rowSum'),
    input: of('inputGradient')[0] ?? null,
    sizes: columns.sizes(),
  };
}

const gradientRecord = (columns: Columns, width: number): Memory => ({
  kind: 'record',
  buffer: 'gradients',
  column: columns.record(width),
});

/** What depends on a gradient, of values in order. */
function withGradient(order: readonly Value[]): readonly Value[] {
  const found = new Set<Value>();
  for (const value of order)
    if (value.kind === 'given' ? value.place.kind === 'gradient' : partsOf(value).some((part) => found.has(part)))
      found.add(value);
  return [...found];
}

/** What is computed after the loop. */
function restOf(wanted: readonly Value[], inLoop: (value: Value) => boolean): readonly Value[] {
  const found = new Set<Value>();
  const open = [...wanted];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (found.has(value)) continue;
    found.add(value);
    open.push(...partsOf(value).filter((part) => !inLoop(part)));
  }
  return [...found];
}

/**
 * Lefts so that those that are multiplied by the same lie side by side as far as that goes: what the input does not see comes first, what only
 * it sees last. Apart from that they stand in the order of the equations, which differentiation goes through from their end.
 */
function inReach(lefts: readonly Output[], { backward }: RegisterProgram): readonly Output[] {
  const seen = ({ place }: Output): string => {
    const rights = backward.outers.filter(({ left }) => left === place.index).map(({ right }) => right);
    const input = rights.some(({ kind }) => kind === 'input');
    const others = rights.filter(({ kind }) => kind !== 'input').map(({ kind, index }) => `${kind} ${index}`);
    return `${input ? (others.length === 0 ? 2 : 1) : 0} ${others.sort().join(' ')}`;
  };
  return [...lefts].sort((a, b) => (seen(a) < seen(b) ? -1 : seen(a) > seen(b) ? 1 : b.place.index - a.place.index));
}
