import type { ReaderSettings } from '../../engine/document/data-binding.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Field } from '../ui/field.tsx';
import { parseEntry } from '../ui/number-entry.ts';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { EntryField } from './entry-field.tsx';
import { readAnew, useDataStore } from './store.ts';

const quoting: readonly { readonly value: NonNullable<ReaderSettings['quotes']>; readonly label: string }[] = [
  { value: 'doubled', label: 'Doubled: ""' },
  { value: 'backslash', label: 'Backslash: \\"' },
  { value: 'single', label: "Cells in 'single' quotes" },
  { value: 'none', label: 'Quotes mean nothing' },
];

const lines = { min: 0, max: 100_000, integer: true, nullable: true } as const;

const headerCounts = ['1', '2', '3'] as const;

const eachRow = 'each row';

/** How a table lies in its file. */
export function TableForm({ reader }: { readonly reader: ReaderSettings }) {
  const preview = useDataStore((state) => state.preview);
  const tagging = useDocumentStore((state) => state.document.data?.task === 'step-tagging');
  const { sentenceColumn = (tagging ? preview?.reader.sentenceColumn : null) ?? null } = reader;
  const names = new Set([
    ...(preview?.columns.map(({ name }) => name) ?? []),
    ...(sentenceColumn === null ? [] : [sentenceColumn]),
  ]);
  const sentences = [
    { value: eachRow, label: 'Each an example', column: null },
    ...Array.from(names, (column) => ({ value: `by ${column}`, label: `By “${column}”`, column })),
  ];
  return (
    <>
      {reader.header !== false && (
        <Field label="Rows of the header" help="Two where units or a second name stand under the names: their words are joined.">
          {(control) => (
            <Select
              control={control}
              value={headerCounts[(reader.headerRows ?? 1) - 1] ?? '1'}
              options={headerCounts.map((value) => ({ value, label: value }))}
              onChange={(value) => void readAnew({ header: true, headerRows: Number(value) })}
            />
          )}
        </Field>
      )}
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
      <EntryField
        label="Sign at the end of rows"
        help="Belongs to no cell, and is left out."
        value={reader.rowEnd ?? ''}
        longest={4}
        placeholder="none"
        onEnter={(rowEnd) => void readAnew({ rowEnd })}
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
      <Field label="Rows of one token" help="Another value in this column begins a sentence; an empty cell goes on with it.">
        {(control) => (
          <Select
            control={control}
            value={sentenceColumn === null ? eachRow : `by ${sentenceColumn}`}
            options={sentences}
            onChange={(value) =>
              void readAnew({ sentenceColumn: sentences.find((choice) => choice.value === value)?.column ?? null })
            }
          />
        )}
      </Field>
    </>
  );
}
