import { useState } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { SplitName } from '../../engine/document/split-names.ts';
import { InputCell } from '../data/input-cell.tsx';
import { splitOptions } from '../data/split-options.ts';
import { useExamples } from '../data/use-examples.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { Button } from '../ui/button.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Spinner } from '../ui/spinner.tsx';
import './row-picker.css';

export interface PickedRow {
  readonly input: string;
  readonly target: string;
  readonly split: SplitName;
  /** In its split. */
  readonly index: number;
}

interface RowPickerProps {
  readonly binding: DataBinding;
  onPick(row: PickedRow): void;
}

const rowsShown = 12;

/** Rows of the run's own data, to try with their truth beside. Starts with the test split: the run has never seen it. */
export function RowPicker({ binding, onPick }: RowPickerProps) {
  const [split, setSplit] = useState<SplitName>('test');
  const [offset, setOffset] = useState(0);
  const { page, failure } = useExamples(binding, split, offset, rowsShown);
  const total = page?.total ?? 0;
  const rows = page?.examples.map((row, place) => ({ place, row })) ?? [];
  return (
    <section className="row-picker" aria-label="Rows of the data">
      <div className="row-picker__bar">
        <h3>Or pick a row</h3>
        <Segmented<SplitName>
          label="Split"
          value={split}
          options={splitOptions}
          onChange={(next) => {
            setSplit(next);
            setOffset(0);
          }}
        />
        <Button
          size="small"
          disabled={total <= rowsShown}
          onClick={() => setOffset(offset + rowsShown < total ? offset + rowsShown : 0)}
        >
          More
        </Button>
      </div>
      {failure && <FailureNote failure={failure} />}
      {!page && !failure && <Spinner label="Reading the data …" />}
      {page && rows.length === 0 && <p className="row-picker__none">This split is empty.</p>}
      <ul className="row-picker__rows" hidden={rows.length === 0}>
        {rows.map(({ place, row }) => (
          <li key={place}>
            <button type="button" onClick={() => onPick({ input: row.input, target: row.target, split, index: offset + place })}>
              <span className="row-picker__input">
                <InputCell example={row} binding={binding} />
              </span>
              <span className="row-picker__target" title={row.target}>
                {row.target}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
