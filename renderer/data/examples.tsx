import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { SplitName } from '../../engine/document/split-names.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { IconButton } from '../ui/button.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Spinner } from '../ui/spinner.tsx';
import './examples.css';
import { InputCell } from './input-cell.tsx';
import { splitOptions } from './split-options.ts';
import { useExamples } from './use-examples.ts';

const pageSize = 20;

/** The examples of each split, with the line they came from. */
export function Examples({ binding }: { readonly binding: DataBinding }) {
  const [split, setSplit] = useState<SplitName>('train');
  const [offset, setOffset] = useState(0);
  const { page, failure } = useExamples(binding, split, offset, pageSize);
  const total = page?.total ?? 0;
  const rows = page?.examples.map((example, i) => ({ example, place: offset + i })) ?? [];
  const last = Math.min(total, offset + pageSize);
  return (
    <section className="data-card" aria-label="Examples">
      <div className="data-examples__bar">
        <h3>Examples</h3>
        <Segmented<SplitName>
          label="Split"
          value={split}
          options={splitOptions}
          onChange={(next) => {
            setSplit(next);
            setOffset(0);
          }}
        />
        <span className="data-examples__place" aria-live="polite">
          {page &&
            (total === 0
              ? 'none'
              : `${(offset + 1).toLocaleString('en')} to ${last.toLocaleString('en')} of ${total.toLocaleString('en')}`)}
        </span>
        <IconButton
          label="Earlier examples"
          size="small"
          disabled={offset === 0}
          onClick={() => setOffset(Math.max(0, offset - pageSize))}
        >
          <ChevronLeft size={15} aria-hidden />
        </IconButton>
        <IconButton label="Later examples" size="small" disabled={last >= total} onClick={() => setOffset(offset + pageSize)}>
          <ChevronRight size={15} aria-hidden />
        </IconButton>
      </div>
      {failure && <FailureNote failure={failure} />}
      {!page && !failure && <Spinner label="Reading …" />}
      {page && (
        <table className="data-examples">
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col">Input</th>
              <th scope="col">Target</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ example, place }) => (
              <tr key={place}>
                <td>{example.line.toLocaleString('en')}</td>
                <td>
                  <InputCell example={example} binding={binding} />
                </td>
                <td>
                  <span>{example.target}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
