import type { CSSProperties } from 'react';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import './confusion-matrix.css';

interface ConfusionMatrixProps {
  readonly names: readonly string[];
  /** `[true][predicted]` */
  readonly counts: readonly (readonly number[])[];
}

/** Rows are the true classes, columns the predicted ones; the diagonal is right. Shade is the share of the row. */
export function ConfusionMatrix({ names, counts }: ConfusionMatrixProps) {
  const rows = counts.map((row, index) => ({
    index,
    name: names[index] ?? String(index),
    row,
    total: row.reduce((a, b) => a + b, 0),
  }));
  return (
    <ScrollRegion label="Confusion matrix" className="confusion">
      <table className="confusion__table">
        <caption className="visually-hidden">Counts of true classes (rows) by predicted classes (columns)</caption>
        <thead>
          <tr>
            <th scope="col" className="confusion__corner">
              true ↓ predicted →
            </th>
            {rows.map(({ index, name }) => (
              <th key={index} scope="col" title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ index, name, row, total }) => (
            <tr key={index}>
              <th scope="row" title={name}>
                {name}
              </th>
              {row
                .map((count, predicted) => ({ count, predicted }))
                .map(({ count, predicted }) => (
                  <td
                    key={predicted}
                    className={predicted === index ? 'confusion__right' : 'confusion__wrong'}
                    style={{ '--share': total === 0 ? 0 : count / total } as CSSProperties}
                    title={`true ${name}, predicted ${names[predicted] ?? predicted}: ${count} of ${total}`}
                  >
                    {count === 0 ? <span className="confusion__zero">0</span> : count.toLocaleString('en')}
                  </td>
                ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
