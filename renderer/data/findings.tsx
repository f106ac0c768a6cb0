import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DataReport } from '../../engine/protocol/data.ts';
import './findings.css';

/** From this ratio on, accuracy alone misleads. */
const notable = 3;

/** What deserves a second look before training, or that nothing does. */
export function Findings({ report }: { readonly report: DataReport }) {
  const items: { key: string; text: string; more?: ReactNode }[] = [];
  const { leakage, imbalance } = report;
  if (report.badRowCount > 0) {
    items.push({
      key: 'bad',
      text: `${plural(report.badRowCount, 'row')} could not be read and ${report.badRowCount === 1 ? 'is' : 'are'} left out.`,
      more: (
        <table className="findings__rows">
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {report.badRows.map((row) => (
              <tr key={`${row.line} ${row.reason}`}>
                <td>{row.line}</td>
                <td>{row.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ),
    });
  }
  if (leakage.count > 0) {
    items.push({
      key: 'leakage',
      text: `${plural(leakage.count, 'input')} ${leakage.count === 1 ? 'appears' : 'appear'} in two splits: validation looks better than it is. Choose a group column, or remove duplicates.`,
      more: (
        <ul>
          {[...new Set(leakage.examples)].map((example) => (
            <li key={example}>{example}</li>
          ))}
        </ul>
      ),
    });
  }
  if (imbalance !== null && imbalance >= notable) {
    items.push({
      key: 'imbalance',
      text: `The largest class has ${imbalance.toFixed(1)} times as many examples as the smallest. Balanced class weights help, and F1 tells more than accuracy.`,
    });
  }
  if (report.truncated > 0) {
    items.push({ key: 'truncated', text: cut(report.truncated, 'sequence') + (report.facts.features === null ? raise : '') });
  }
  if (report.targets && report.targets.truncated > 0) {
    items.push({ key: 'truncated targets', text: cut(report.targets.truncated, 'target') + raise });
  }
  if (report.empty > 0)
    items.push({
      key: 'empty',
      text: `${plural(report.empty, 'example')} without any token ${report.empty === 1 ? 'is' : 'are'} left out.`,
    });
  for (const warning of new Set(report.warnings)) items.push({ key: warning, text: warning });
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
      {items.map(({ key, text, more }) => (
        <li key={key}>
          <TriangleAlert size={15} aria-hidden />
          {more === undefined ? (
            <span>{text}</span>
          ) : (
            <details>
              <summary>{text}</summary>
              <div className="findings__more">{more}</div>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

const plural = (count: number, noun: string): string => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
const cut = (count: number, noun: string): string =>
  `${plural(count, noun)} ${count === 1 ? 'is' : 'are'} longer than the longest length, and cut to it.`;
/** Of texts: recordings and videos have no such setting. */
const raise = ' Raise “Longest sequence” to keep all.';
