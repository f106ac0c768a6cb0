import type { Evaluation } from '../../engine/protocol/runs.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import './class-table.css';
import { formatShare } from './metric-format.ts';

/** Precision, recall and F1 of each class, with how many examples it has. */
export function ClassTable({ classes }: { readonly classes: Evaluation['classes'] }) {
  return (
    <ScrollRegion label="Scores per class" className="class-table">
      <table>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Precision</th>
            <th scope="col">Recall</th>
            <th scope="col">F1</th>
            <th scope="col">Examples</th>
          </tr>
        </thead>
        <tbody>
          {classes.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td>{formatShare(row.precision)}</td>
              <td>{formatShare(row.recall)}</td>
              <td>
                <span className="class-table__bar" style={{ width: `${row.f1 * 56}px` }} aria-hidden />
                {formatShare(row.f1)}
              </td>
              <td>{row.support.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
