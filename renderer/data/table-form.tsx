import type { ReaderSettings } from '../../engine/document/data-binding.ts';
import { Field } from '../ui/field.tsx';
import { parseEntry } from '../ui/number-entry.ts';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { EntryField } from './entry-field.tsx';
import { readAnew } from './store.ts';

const quoting: readonly { readonly value: NonNullable<ReaderSettings['quotes']>; readonly label: string }[] = [
  { value: 'doubled', label: 'Doubled: ""' },
  { value: 'backslash', label: 'Backslash: \\"' },
  { value: 'none', label: 'Quotes mean nothing' },
];

const lines = { min: 0, max: 100_000, integer: true, nullable: true } as const;

/** How a table lies in its file. */
export function TableForm({ reader }: { readonly reader: ReaderSettings }) {
  return (
    <>
      <EntryField
        label="Lines to skip"
        help="Before the table: notes, or Excel’s sep=;"
        value={reader.skipLines === null ? '' : String(reader.skipLines)}
        longest={6}
        placeholder="automatic"
        problem={(text) => {
          const entry = parseEntry(text, lines);
          return entry.ok ? null : entry.message;
        }}
        onEnter={(text) => {
          const entry = parseEntry(text, lines);
          if (entry.ok) void readAnew({ skipLines: entry.value });
        }}
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
