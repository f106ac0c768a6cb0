import { useState } from 'react';
import type { DataReport } from '../../engine/protocol/data.ts';
import { Button } from '../ui/button.tsx';
import './class-histogram.css';

const shown = 12;

/** Examples per class: bars for the training split, numbers for all three. */
export function ClassHistogram({ report }: { readonly report: DataReport }) {
  const [all, setAll] = useState(false);
  const unit = report.task === 'step-tagging' ? 'Tag' : 'Class';
  const sorted = [...report.classes].sort((a, b) => b.train - a.train);
  const largest = Math.max(1, sorted[0]?.train ?? 1);
  const rows = all ? sorted : sorted.slice(0, shown);
  return (
    <section className="data-card" aria-label={`${unit} counts`}>
      <table className="class-histogram">
        <thead>
          <tr>
            <th scope="col">{unit}</th>
            <th scope="col">Train</th>
            <th scope="col">Validation</th>
            <th scope="col">Test</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row" title={row.name}>
                {row.name}
              </th>
              <td>
                <span className="class-histogram__bar" style={{ width: `${(row.train / largest) * 62}%` }} aria-hidden />
                <span>{row.train.toLocaleString('en')}</span>
              </td>
              <td>{row.validation.toLocaleString('en')}</td>
              <td>{row.test.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > shown && (
        <Button size="small" variant="quiet" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${sorted.length}`}
        </Button>
      )}
    </section>
  );
}
