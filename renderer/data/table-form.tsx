import type { ReaderSettings } from '../../engine/document/data-binding.ts';
import { Field } from '../ui/field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { EntryField } from './entry-field.tsx';
import { readAnew } from './store.ts';

const quoting: readonly { readonly value: NonNullable<ReaderSettings['quotes']>; readonly label: string }[] = [
  { value: 'doubled', label: 'Doubled: ""' },
  { value: 'backslash', label: 'Backslash: \\"' },
  { value: 'none', label: 'Quotes mean nothing' },
];

/** How a table lies in its file. */
export function TableForm({ reader }: { readonly reader: ReaderSettings }) {
  return (
    <>
      <NumberField
        label="Lines to skip"
        help="Before the table: notes, or Excel’s sep=;"
        value={reader.skipLines}
        min={0}
        max={100_000}
        integer
        nullable
        placeholder="automatic"
        onChange={(skipLines) => void readAnew({ skipLines })}
      />
      <EntryField
        label="Comment sign"
        help="Lines that begin with it are no rows."
        value={reader.comment ?? ''}
        longest={4}
        placeholder="none"
        onEnter={(comment) => void readAnew({ comment })}
      />
      <Field label="Quotes inside quotes">
        {(control) => (
          <Select
            control={control}
            value={reader.quotes ?? 'doubled'}
            options={quoting}
            onChange={(quotes) => void readAnew({ quotes })}
          />
        )}
      </Field>
      <Field label="Leave out spaces before cells">
        {(control) => <Switch control={control} checked={reader.trim ?? false} onChange={(trim) => void readAnew({ trim })} />}
      </Field>
    </>
  );
}
