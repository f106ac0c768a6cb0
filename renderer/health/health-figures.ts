import { shortShare } from '../../engine/lint/health-verdicts.ts';
import type { RecurrenceHealth, RunHealth } from '../../engine/protocol/health.ts';
import type { FigureTable } from '../insight/figure-tools.tsx';
import type { TimeSeries } from '../insight/time-chart.tsx';

/** Steps of a row, the first on the left, by how many come after them. */
export const stepNamesOf = ({ distances }: RecurrenceHealth): readonly string[] =>
  distances.toReversed().map((distance) => (distance === 0 ? 'last' : `−${distance}`));

/** A line for each part of the state, from the first step to the last. */
export const gradientLines = ({ gradients }: RecurrenceHealth): readonly TimeSeries[] =>
  gradients.map(({ state, norms }, place) => ({
    label: `‖∂L/∂${state}‖`,
    color: ['--accent', '--vector', '--sequence'][place % 3] ?? '--accent',
    values: norms.toReversed(),
  }));

/** What can be read of one recurrence beside its gradient: shares are of all values in the rows that were looked at. */
export function recurrenceTable({ kept, steps, squashed, dead, units }: RecurrenceHealth): FigureTable {
  return {
    head: ['figure', 'value'],
    rows: [
      ['left of the last step’s gradient', kept === null ? '–' : `${shortShare(kept)} over ${Math.round(steps)} steps`],
      ...squashed.map(({ name, low, high, carries }): [string, string] => [
        `${name} near an end of its range`,
        `${shortShare(low)} low, ${shortShare(high)} high${carries ? ' (at one it keeps the state)' : ''}`,
      ]),
      ['units that never change', dead === null ? 'too few steps to tell' : `${dead} of ${units}`],
    ],
  };
}

/** Every module's weights in the step. @param titleOf what a node is called */
export const moduleTable = ({ modules }: RunHealth, titleOf: (node: string) => string): FigureTable => ({
  head: ['layer', '‖gradient‖', '‖weights‖', 'update ÷ weights'],
  rows: modules.map(({ node, gradient, weight, update }) => [titleOf(node), gradient, weight, update]),
});
