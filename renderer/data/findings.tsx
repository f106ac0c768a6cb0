import { CircleCheck, TriangleAlert } from 'lucide-react';
import { type DataFinding, dataFindings } from '../../engine/lint/data-findings.ts';
import type { DataReport } from '../../engine/protocol/data.ts';
import './findings.css';

/** What deserves a second look before training, or that nothing does. */
export function Findings({ report }: { readonly report: DataReport }) {
  const items = dataFindings(report);
  if (items.length === 0) {
    return (
      <p className="findings__fine">
        <CircleCheck size={15} aria-hidden /> No bad rows, no leakage between splits
        {report.classes.length > 0 && ', classes in balance'}.
      </p>
    );
  }
  return (
    <ul className="findings" aria-label="Worth a second look">
      {items.map((item) => (
        <li key={`${item.kind} ${item.message}`}>
          <TriangleAlert size={15} aria-hidden />
          {item.rows || item.examples ? (
            <details>
              <summary>{inWords(item)}</summary>
              <div className="findings__more">
                {item.rows && <BadRows rows={item.rows} />}
                {item.examples && (
                  <ul>
                    {item.examples.map((example) => (
                      <li key={example}>{example}</li>
                    ))}
                  </ul>
                )}
              </div>
            </details>
          ) : (
            <span>{inWords(item)}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

const inWords = ({ message, fix }: DataFinding): string => {
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return fix === '' ? sentence : `${sentence}. ${fix}`;
};

function BadRows({ rows }: { readonly rows: DataReport['badRows'] }) {
  return (
    <table className="findings__rows">
      <thead>
        <tr>
          <th scope="col">Line</th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.line} ${row.reason}`}>
            <td>{row.line}</td>
            <td>{row.reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
