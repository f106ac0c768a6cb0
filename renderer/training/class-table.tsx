import type { Evaluation } from '../../engine/protocol/runs.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import './class-table.css';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

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
              <td>{percent(row.precision)}</td>
              <td>{percent(row.recall)}</td>
              <td>
                <span className="class-table__bar" style={{ width: `${row.f1 * 56}px` }} aria-hidden />
                {percent(row.f1)}
              </td>
              <td>{row.support.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
