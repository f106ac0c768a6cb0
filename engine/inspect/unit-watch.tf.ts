import type { Watch } from '../layers/watch.tf.ts';
import type { WatchedUnit } from '../predict/generate.tf.ts';
import { UserError } from '../protocol/envelope.ts';
import { type ReadPlace, readLine } from './read-states.tf.ts';

/** A unit of a line of a cell. */
export interface UnitPlace extends ReadPlace {
  readonly unit: number;
}

/**
 * What a unit is while a model of one row generates: the kernels run as ever, and beside them the cell's equations tell its line.
 *
 * @throws UserError `not-traced`, as the model runs, where it has no such unit
 */
export class UnitWatch implements Watch, WatchedUnit {
  /** After the last step of each time that the model ran. */
  readonly values: number[] = [];
  readonly #place: UnitPlace;

  constructor(place: UnitPlace) {
    this.#place = place;
  }

  readonly watchAt = (): Watch => this;

  value: Watch['value'] = (_module, _port, value) => value;

  recurrence: Watch['recurrence'] = (run, want, kernels) => {
    const { node, layer, unit } = this.#place;
    if (run.module !== node || run.layer !== layer) return kernels(want);
    const { sequence, final } = kernels({ sequence: true, final: true });
    if (sequence === null) throw new Error('a recurrence gave no sequence');
    const line = readLine({ ...run, sequence, final }, this.#place)?.values;
    const width = line?.shape.at(-1) ?? 0;
    if (line === undefined || unit >= width) throw noUnit(this.#place);
    this.values.push(line.data[line.data.length - width + unit] ?? Number.NaN);
    return { sequence, final };
  };
}

const noUnit = ({ node, line, unit }: UnitPlace): UserError =>
  new UserError({
    code: 'not-traced',
    message: `The network has no unit ${unit + 1} of ${line} in ${node}.`,
    hint: 'Pin a unit while you look into this run.',
  });
