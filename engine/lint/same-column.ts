import type { DataBinding } from '../document/data-binding.ts';
import type { Remedy, Rule } from './finding.ts';
import { warning } from './finding.ts';

/** A column that is read and asked for: the network only has to copy it. A forecast reads the past of what it predicts, and may. */
export const sameColumn: Rule = ({ document }) => {
  const { data } = document;
  if (data?.source.kind !== 'file' || data.task === 'forecasting' || data.task === 'language-model') return [];
  const { inputColumns, targetColumns } = data.source.reader;
  const both = inputColumns.filter((column) => targetColumns.includes(column));
  if (both.length === 0) return [];
  const left = inputColumns.filter((column) => !both.includes(column));
  const names = both.map((column) => `“${column}”`).join(', ');
  return [
    warning(
      null,
      `the data’s ${both.length === 1 ? 'column' : 'columns'} ${names} ${both.length === 1 ? 'is' : 'are'} both input and target: the answer leaks into the question`,
      'Choose another input or another target in the Data panel.',
      left.length > 0 ? readOnly(data, left) : null,
    ),
  ];
};

function readOnly(data: DataBinding, inputColumns: readonly string[]): Remedy {
  return {
    label: 'Leave it out of the input',
    apply: (document) =>
      data.source.kind === 'file'
        ? {
            ...document,
            data: { ...data, source: { ...data.source, reader: { ...data.source.reader, inputColumns: [...inputColumns] } } },
          }
        : document,
  };
}
