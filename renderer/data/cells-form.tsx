import type { ReaderSettings } from '../../engine/document/data-binding.ts';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { EntryField } from './entry-field.tsx';
import { changeCells } from './store.ts';

const automatic = 'automatic';
const decimals = [
  { value: automatic, label: 'Automatic' },
  { value: '.', label: 'Point: 1.5' },
  { value: ',', label: 'Comma: 1,5' },
] as const;
const thousands = [
  { value: automatic, label: 'Automatic' },
  { value: 'none', label: 'None: 1000' },
  { value: ',', label: 'Comma: 1,000' },
  { value: '.', label: 'Point: 1.000' },
  { value: ' ', label: 'Space: 1 000' },
  { value: "'", label: 'Apostrophe: 1’000' },
] as const;

const lists = [
  { value: automatic, label: 'By the graph’s input' },
  { value: 'tokens', label: 'Tokens: ids' },
  { value: 'numbers', label: 'A series' },
] as const;

/** What stands in the cells: how numbers are written, and which words stand for a missing value. */
export function CellsForm({ reader }: { readonly reader: ReaderSettings }) {
  const sign = reader.thousands === '' ? 'none' : (reader.thousands ?? automatic);
  return (
    <>
      <Field label="Decimal sign">
        {(control) => (
          <Select
            control={control}
            value={reader.decimal ?? automatic}
            options={decimals}
            onChange={(value) => changeCells({ decimal: value === automatic ? null : value })}
          />
        )}
      </Field>
      <Field label="Thousands sign">
        {(control) => (
          <Select
            control={control}
            value={sign}
            options={thousands}
            onChange={(value) => changeCells({ thousands: value === automatic ? null : value === 'none' ? '' : value })}
          />
        )}
      </Field>
      <EntryField
        label="Missing-value words"
        help="Between spaces; in every column. Empty: NA, N/A, NaN, null, ? and the like, in columns of numbers."
        value={(reader.missing ?? []).join(' ')}
        longest={400}
        placeholder="NA NaN null ? …"
        onEnter={(text) => {
          const words = text.split(/\s+/).filter((word) => word !== '');
          changeCells({ missing: words.length === 0 ? null : words.slice(0, 100) });
        }}
      />
      <Field label="Lists of whole numbers">
        {(control) => (
          <Select
            control={control}
            value={reader.lists ?? automatic}
            options={lists}
            onChange={(value) => changeCells({ lists: value === automatic ? null : value })}
          />
        )}
      </Field>
    </>
  );
}
