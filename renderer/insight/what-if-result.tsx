import type { Trace } from '../../engine/protocol/inspect.ts';
import { formatShare } from '../training/metric-format.ts';
import { FigureTools } from './figure-tools.tsx';
import { saidAt } from './said.ts';
import { shown } from './step-equations.ts';

interface Row {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly change: string;
}

interface WhatIfResultProps {
  readonly trace: Trace;
  readonly changed: Trace;
  /** What is picked, before and after. */
  readonly label: string;
  readonly before: number | null;
  readonly after: number | null;
  /** The row under the cursor, before and after. */
  readonly row: number | null;
  readonly changedRow: number | null;
}

const title = 'What the network says before and after';

/** Classes that are shown at most. */
const most = 5;

/** What the network says before and after, side by side. */
export function WhatIfResult({ trace, changed, label, before, after, row, changedRow }: WhatIfResultProps) {
  const [said, now] = [saidAt(trace, row), saidAt(changed, changedRow)];
  const sure = (probability: number | null): string => (probability === null ? '' : ` ${formatShare(probability)}`);
  const rows: Row[] = [
    {
      name: 'says',
      before: `${said.said}${sure(said.probability)}`,
      after: `${now.said}${sure(now.probability)}`,
      change: said.said === now.said ? 'the same' : 'another',
    },
    { name: label, ...numbers(before, after) },
    ...(label === 'the loss' || (trace.loss === null && changed.loss === null)
      ? []
      : [{ name: 'the loss', ...numbers(trace.loss, changed.loss) }]),
    ...probabilities(trace, changed, row, changedRow),
  ];
  return (
    <figure className="what-if__figure">
      <table className="what-if__table">
        <caption className="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">before</th>
            <th scope="col">after</th>
            <th scope="col">change</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.name}>
              <th scope="row">{one.name}</th>
              <td>{one.before}</td>
              <td>{one.after}</td>
              <td>{one.change}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <FigureTools
        name={title}
        table={() => ({
          head: ['', 'before', 'after', 'change'],
          rows: rows.map((one) => [one.name, one.before, one.after, one.change]),
        })}
      />
    </figure>
  );
}

function numbers(before: number | null, after: number | null): Omit<Row, 'name'> {
  const words = (value: number | null): string => (value === null ? 'not known' : shown(value));
  const change = before === null || after === null ? '' : signed(after - before, shown);
  return { before: words(before), after: words(after), change };
}

/** Of the classes or tags that were believed most, before. */
function probabilities(trace: Trace, changed: Trace, row: number | null, changedRow: number | null): Row[] {
  const now = new Map(rankedAt(changed, changedRow).map(({ label, probability }) => [label, probability]));
  return rankedAt(trace, row)
    .slice(0, most)
    .map(({ label, probability }) => {
      const after = now.get(label);
      return {
        name: `p(${label})`,
        before: formatShare(probability),
        after: after === undefined ? 'not among the first' : formatShare(after),
        change: after === undefined ? '' : signed(after - probability, (share) => `${(100 * share).toFixed(1)} points`),
      };
    });
}

function rankedAt(
  { prediction }: Trace,
  row: number | null,
): readonly { readonly label: string; readonly probability: number }[] {
  if (prediction.kind === 'class') return prediction.ranked;
  if (prediction.kind === 'tags') return prediction.tags[row ?? prediction.tags.length - 1]?.ranked ?? [];
  return [];
}

const signed = (change: number, words: (value: number) => string): string =>
  change > 0 ? `+${words(change)}` : words(change).replace('-', '−');
