import type { ReaderSettings } from '../../engine/document/data-binding.ts';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { CellsForm } from './cells-form.tsx';
import { changeDates, readAnew } from './store.ts';
import { TableForm } from './table-form.tsx';

const formats: readonly { readonly value: ReaderSettings['format']; readonly label: string }[] = [
  { value: 'delimited', label: 'CSV or TSV' },
  { value: 'jsonl', label: 'JSON lines' },
  { value: 'conll', label: 'CoNLL columns' },
  { value: 'text', label: 'Plain text' },
  { value: 'series', label: 'Numeric series' },
  { value: 'ts', label: 'Series of an archive (.ts)' },
  { value: 'arff', label: 'ARFF' },
];
const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1', 'shift_jis', 'gb18030', 'big5', 'euc-kr'];
const delimiters: readonly { readonly value: string; readonly label: string }[] = [
  { value: ',', label: 'Comma' },
  { value: '\t', label: 'Tab' },
  { value: ';', label: 'Semicolon' },
  { value: '|', label: 'Bar' },
  { value: ' ', label: 'Spaces' },
];

/** How the file is read. */
export function ReaderForm({ reader }: { readonly reader: ReaderSettings }) {
  const encoding = reader.encoding?.toLowerCase() ?? 'utf-8';
  const delimiter = reader.delimiter ?? ',';
  const table = reader.format === 'delimited' || reader.format === 'series';
  return (
    <fieldset className="data__settings">
      <legend className="section-title">Reading</legend>
      <Field label="Format">
        {(control) => (
          <Select control={control} value={reader.format} options={formats} onChange={(format) => void readAnew({ format })} />
        )}
      </Field>
      <Field label="Encoding">
        {(control) => (
          <Select
            control={control}
            value={encoding}
            options={[...new Set([...encodings, encoding])].map((value) => ({ value, label: value.toUpperCase() }))}
            onChange={(next) => void readAnew({ encoding: next })}
          />
        )}
      </Field>
      {table && (
        <>
          <Field label="Delimiter">
            {(control) => (
              <Select
                control={control}
                value={delimiter}
                options={
                  delimiters.some((d) => d.value === delimiter)
                    ? delimiters
                    : [...delimiters, { value: delimiter, label: delimiter }]
                }
                onChange={(next) => void readAnew({ delimiter: next })}
              />
            )}
          </Field>
          <Field label="First row is a header">
            {(control) => (
              <Switch control={control} checked={reader.header ?? true} onChange={(header) => void readAnew({ header })} />
            )}
          </Field>
          <TableForm reader={reader} />
        </>
      )}
      {(table || reader.format === 'jsonl') && <CellsForm reader={reader} />}
      {reader.format !== 'text' && reader.format !== 'conll' && (
        <Field label="Dates">
          {(control) => (
            <Select
              control={control}
              value={reader.timeColumn === null ? 'none' : (reader.dateOrder ?? 'guess')}
              options={[
                { value: 'guess', label: 'Automatic' },
                { value: 'day-first', label: 'Day first: 31/12/2024' },
                { value: 'month-first', label: 'Month first: 12/31/2024' },
                { value: 'none', label: 'Not sorted by date' },
              ]}
              onChange={changeDates}
            />
          )}
        </Field>
      )}
    </fieldset>
  );
}
