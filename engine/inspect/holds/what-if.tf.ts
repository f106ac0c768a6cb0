import { UserError } from '../../protocol/envelope.ts';
import type { GradientOf } from '../../protocol/inspect.ts';
import type { Array32 } from '../arrays.tf.ts';
import type { Example } from '../example.ts';
import { type Objective, objectiveOf, stepsOfHead } from '../objective.tf.ts';
import { dataUnit, pickedValues } from '../picked-values.ts';
import type { Subject } from '../subject.ts';
import { type KeptTrace, traceExample } from '../trace.tf.ts';
import { type Edit, editedExample } from './edited-example.ts';
import type { Hold } from './hold.ts';

export interface WhatIf {
  /** Of the changed input, with what is held. */
  readonly trace: KeptTrace;
  /** For each step of its input, which step it was before; `null` where it is new. */
  readonly was: readonly (number | null)[];
  /** The picked number; `null` where it is of something that is not there. */
  readonly before: number | null;
  readonly after: number | null;
}

/** A trace with lines held and a token replaced, and what becomes of a picked number. @throws UserError as `editedExample`, `no-line` */
export async function whatIf(trace: KeptTrace, holds: readonly Hold[], edit: Edit | null, of: GradientOf): Promise<WhatIf> {
  const { subject, example } = trace;
  checkHolds(trace, holds);
  const edited = edit && editedExample(subject.encoding, example, edit);
  const changed = await traceExample(subject, edited?.example ?? example, holds);
  return {
    trace: changed,
    was: edited?.was ?? Array.from({ length: example.batch.steps }, (_, step) => step),
    before: picked(subject, example, of, trace.logits),
    after: picked(
      subject,
      changed.example,
      edited && edit ? movedTarget(subject, example, of, edit, edited.moved) : of,
      changed.logits,
    ),
  };
}

/** What is of a step of the input moves with it. */
function movedTarget({ model }: Subject, { batch }: Example, of: GradientOf, edit: Edit, moved: number): GradientOf {
  const onInput = batch.target === null && stepsOfHead(model.plan, batch) !== null;
  if (!onInput || !('step' in of) || of.step === undefined || of.step <= edit.step) return of;
  return { ...of, step: of.step + moved };
}

/** In the data's own unit, of numbers. */
function picked(subject: Subject, example: Example, of: GradientOf, logits: Array32): number | null {
  let objective: Objective;
  try {
    objective = objectiveOf(subject, example, of);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
  const [value = Number.NaN] = pickedValues(subject, example.batch, objective, logits);
  const { scale, shift } = dataUnit(subject.encoding, objective) ?? { scale: 1, shift: 0 };
  return scale * value + shift;
}

/** @throws UserError `no-line` where a hold is of nothing that there is */
export function checkHolds({ recurrences }: Pick<KeptTrace, 'recurrences'>, holds: readonly Hold[]): void {
  for (const { node, layer, direction, line, units } of holds) {
    const found = recurrences.find(
      (one) => one.node === node && one.described.layer === layer && one.described.direction === direction,
    );
    const value = found?.described.values.find(({ name }) => name === line);
    if (value === undefined) {
      throw new UserError({
        code: 'no-line',
        message: `There is no line ${line} of a cell in layer ${layer + 1} ${direction} of ${node}.`,
        hint: `Its lines: ${found?.described.values.map(({ name }) => name).join(', ') ?? 'none'}.`,
      });
    }
    const wrong = units?.find((unit) => unit >= value.units);
    if (wrong !== undefined) {
      throw new UserError({
        code: 'no-line',
        message: `${line} has no unit ${wrong}: it has ${value.units}.`,
        hint: 'Choose another unit.',
      });
    }
  }
}
