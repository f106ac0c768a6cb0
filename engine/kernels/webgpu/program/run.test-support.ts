import type { Place, PlaceKind } from '../../../cells/program/format.ts';
import type { RegisterProgram } from '../../../cells/program/register-program.ts';
import { calculations, resultOf, type StepResult } from '../../../cells/program/run.test-support.ts';
import type { Value } from '../../../cells/program/value.ts';
import type { NodeId } from '../../../cells/step/graph.ts';
import type { Given, Row } from '../../../cells/step/interpret.test-support.ts';
import { type BackwardStages, backwardStages } from './backward.ts';
import { forwardStages } from './forward.ts';
import type { Memory } from './memory.ts';
import type { Stage, Store } from './stages.ts';

/** Memory of one row at one step. */
class Cells {
  readonly #numbers = new Map<string, Row>();

  put(memory: Memory, numbers: Row): void {
    this.#numbers.set(JSON.stringify(memory), numbers);
  }

  get(memory: Memory): Row {
    if (memory.kind === 'constant') return [memory.value];
    const found = this.#numbers.get(JSON.stringify(memory));
    if (found === undefined) throw new Error(`nothing lies at ${JSON.stringify(memory)}`);
    return found;
  }

  copy(): Cells {
    const copy = new Cells();
    for (const [key, numbers] of this.#numbers) copy.#numbers.set(key, numbers);
    return copy;
  }
}

const at = (numbers: Row, i: number): number => (numbers.length === 1 ? numbers[0] : numbers[i]) ?? Number.NaN;

/**
 * Runs both programs for one row as their stages say, one number at a time: of other units a stage sees only what lay in memory when it began.
 *
 * @param vector the numbers of a node that all rows share
 */
export function runStages(program: RegisterProgram, given: Given, vector: (id: NodeId) => Row): StepResult {
  const cells = new Cells();
  let column = 0;
  for (const { id, width } of program.vectors) {
    cells.put({ kind: 'vector', column }, vector(id));
    column += Math.ceil(Math.max(1, width) / 4);
  }
  cells.put({ kind: 'input' }, given.input);
  for (const [part, state] of given.states.entries()) cells.put({ kind: 'before', part }, state);
  const matrix = (index: number) => given.matrices.get(program.matrices[index]?.name ?? '') ?? [];
  const product = (index: number, turned: boolean, of: Row, i: number): number =>
    of.reduce((sum, v, k) => sum + v * ((turned ? matrix(index)[k]?.[i] : matrix(index)[i]?.[k]) ?? Number.NaN), 0);

  /** @param begins whether it is the first of a step back, which has the gradients of the state in registers */
  const run = (stage: Stage, begins = false): void => {
    const before = cells.copy();
    const known = new Map<Value, Row>();
    /** At all units: a stage may, of what a thread computes for its own unit, read only that one. */
    const value = (one: Value, inLoop: boolean): Row => {
      const memory = stage.memory(one);
      if (memory?.kind === 'carry') throw new Error('what is carried belongs to the next step');
      if (memory !== null) return before.get(memory);
      if (inLoop && one.width > 0 && one.kind !== 'calculation') throw new Error(`a loop reads a ${one.kind}`);
      const found = inLoop ? undefined : known.get(one);
      if (found !== undefined) return found;
      const made = make(one, inLoop);
      if (!inLoop) known.set(one, made);
      return made;
    };
    const make = (one: Value, inLoop: boolean): Row => {
      const units = Array.from({ length: Math.max(1, one.width) }, (_, i) => i);
      switch (one.kind) {
        case 'given':
          if (one.place.kind !== 'gradient' || !begins) throw new Error(`${one.place.kind} lies nowhere`);
          return given.gradients[one.place.index] ?? [];
        case 'sum': {
          const start = one.start === null ? [0] : value(one.start, false);
          const terms = one.terms.map((term) => {
            const memory = stage.memory(term.of);
            if (memory === null) throw new Error('a product of what is not there yet');
            return { ...term, of: before.get(memory) };
          });
          return units.map((i) => terms.reduce((sum, term) => sum + product(term.matrix, term.turned, term.of, i), at(start, i)));
        }
        case 'reduction': {
          const of = value(one.of, true);
          return [one.operation === 'maxUnits' ? Math.max(...of) : of.reduce((sum, v) => sum + v, 0)];
        }
        case 'calculation': {
          const [a = [0], b = [0], c = [0]] = one.from.map((part) => value(part, inLoop && part.width > 0));
          return units.map((i) => calculations[one.operation](at(a, i), at(b, i), at(c, i)));
        }
      }
    };
    const write = ({ value: one, to, width }: Store): void => {
      const numbers = value(one, false);
      cells.put(to, width > 0 && numbers.length === 1 ? Array.from({ length: width }, () => at(numbers, 0)) : numbers);
    };
    for (const store of stage.stores) write(store);
  };

  const forward = forwardStages(program, true);
  for (const { stage } of forward.early) run(stage);
  for (const stage of forward.step) run(stage);
  const backward = backwardStages(program, forward.saved);
  for (const [index, stage] of [...backward.step, ...backward.rest].entries()) run(stage, index === 0);
  return resultOf(program, given, (place) => cells.get(memoryOf(place, backward)));
}

/** Where what both programs leave behind lies. */
function memoryOf({ kind, index }: Place, { lefts, rights, rowSums, input }: BackwardStages): Memory {
  const left: Partial<Record<PlaceKind, Memory | null | undefined>> = {
    next: { kind: 'after', part: index },
    before: { kind: 'carry', part: index },
    state: { kind: 'before', part: index },
    input: { kind: 'input' },
    left: lefts[index],
    right: rights[index],
    rowSum: rowSums[index],
    inputGradient: input,
  };
  const memory = left[kind];
  if (memory == null) throw new Error(`${kind} ${index} lies nowhere`);
  return memory;
}
