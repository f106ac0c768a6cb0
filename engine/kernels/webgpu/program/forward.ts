import type { RegisterProgram } from '../../../cells/program/register-program.ts';
import type { Value } from '../../../cells/program/value.ts';
import { hoist } from './hoist.ts';
import { Columns, type Memory, type RecordSizes } from './memory.ts';
import { dealToStages, type Stage, type Store } from './stages.ts';

/** The forward program, dealt to stages. */
export interface ForwardStages {
  /** For all steps at once, before the loop, by what they write. */
  readonly early: readonly { readonly target: 'hoisted' | 'history'; readonly stage: Stage }[];
  readonly step: readonly Stage[];
  /** Where the numbers lie that the backward program needs, by their index; empty where none are kept. */
  readonly saved: readonly Memory[];
  readonly sizes: Readonly<Record<'hoisted' | 'history', RecordSizes>>;
}

/** @param keep whether a gradient may be asked for */
export function forwardStages(program: RegisterProgram, keep: boolean): ForwardStages {
  const { outputs, early } = hoist(program.forward.outputs);
  const history = new Columns();
  const hoisted = new Columns();
  const leaf = leaves(program);
  const saved = new Map<number, Memory>();
  const places = new Map<Value, Memory>();
  const stores: Store[] = outputs.flatMap(({ value, place, width }): readonly Store[] =>
    place.kind === 'next' ? [{ value, to: { kind: 'after', part: place.index }, width }] : [],
  );
  const isEarly = new Set(early);
  for (const { value, place, width } of keep ? outputs : []) {
    if (place.kind !== 'saved') continue;
    // A state, and the input, lie there anyway.
    const next = stores.find((store) => store.value === value && store.width === width);
    const known = leaf(value) ?? next?.to ?? places.get(value) ?? null;
    const to: Memory = known ?? { kind: 'record', buffer: 'history', column: history.record(width) };
    saved.set(place.index, to);
    if (known !== null) continue;
    if (isEarly.has(value)) places.set(value, to);
    else stores.push({ value, to, width });
  }
  for (const value of early)
    if (!places.has(value)) places.set(value, { kind: 'record', buffer: 'hoisted', column: hoisted.record(value.width) });
  const scratch = (value: Value): Memory => ({ kind: 'scratch', buffer: 'history', column: history.scratch(value.width) });
  const step = dealToStages({ outputs: stores, known: (value) => leaf(value) ?? places.get(value) ?? null, place: scratch });
  const earlyStages = (['hoisted', 'history'] as const).flatMap((target) => {
    const wanted = [...places].flatMap(([value, to]): readonly Store[] =>
      to.kind === 'record' && to.buffer === target ? [{ value, to, width: value.width }] : [],
    );
    const between = target === 'hoisted' ? hoisted : history;
    const place = ({ width }: Value): Memory => ({ kind: 'record', buffer: target, column: between.record(width) });
    const stages = wanted.length === 0 ? [] : dealToStages({ outputs: wanted, known: leaf, place });
    return stages.map((stage) => ({ target, stage }));
  });
  return {
    early: earlyStages,
    step,
    saved: program.saved.map((_, index) => saved.get(index) ?? { kind: 'constant', value: 0 }),
    sizes: { hoisted: hoisted.sizes(), history: history.sizes() },
  };
}

/** Where values lie that are given. */
export function leaves({ constants, vectors }: RegisterProgram, saved: readonly Memory[] = []) {
  const columns = new Columns();
  const shared = vectors.map(({ width }): Memory => ({ kind: 'vector', column: columns.record(width) }));
  return (value: Value): Memory | null => {
    if (value.kind !== 'given') return null;
    const { kind, index } = value.place;
    switch (kind) {
      case 'constant':
        return { kind: 'constant', value: constants[index] ?? 0 };
      case 'vector':
        return shared[index] ?? null;
      case 'input':
        return { kind: 'input' };
      case 'state':
        return { kind: 'before', part: index };
      case 'saved':
        return saved[index] ?? null;
      default:
        return null;
    }
  };
}
