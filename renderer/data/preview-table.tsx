import type { DataBinding, TaskKind } from '../../engine/document/data-binding.ts';
import type { DataPreview } from '../../engine/protocol/data.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { Select } from '../ui/select.tsx';
import { type ColumnRole, roleOf, withRole } from './column-roles.ts';
import './preview-table.css';
import { changeBinding } from './store.ts';

const roles: readonly { readonly value: ColumnRole; readonly label: string }[] = [
  { value: 'input', label: 'Input' },
  { value: 'target', label: 'Target' },
  { value: 'group', label: 'Keep together' },
  { value: 'split', label: 'Names the split' },
  { value: 'ignored', label: 'Not used' },
];
const shownColumns = 40;

const shownRole = (role: ColumnRole, task: TaskKind): ColumnRole =>
  task === 'language-model' && role === 'target' ? 'ignored' : role;

interface PreviewTableProps {
  readonly preview: DataPreview;
  readonly binding: DataBinding;
}

/** The first rows as read, with what each column is used for. */
export function PreviewTable({ preview, binding }: PreviewTableProps) {
  if (binding.source.kind !== 'file') return null;
  const { source, task } = binding;
  const series = task === 'forecasting';
  const mapping = {
    single: task === 'sequence-classification' || task === 'step-tagging' || binding.media.kind !== 'none',
    series,
  };
  // A language model's targets are its input's own next tokens.
  const offered = task === 'language-model' ? roles.filter(({ value }) => value !== 'target') : roles;
  const columns = preview.columns
    .slice(0, shownColumns)
    .map((column, place) => ({ ...column, place, role: shownRole(roleOf(source.reader, column.name), task) }));
  const rows = preview.rows.map((cells, place) => ({ place, cells }));
  const choose = (column: string, role: ColumnRole): void =>
    changeBinding({ source: { ...source, reader: { ...source.reader, ...withRole(source.reader, column, role, mapping) } } });
  return (
    <>
      <ScrollRegion label="First rows" className="preview">
        <table>
          <thead>
            <tr>
              {columns.map(({ name, kind, distinct, place, role }) => (
                <th key={place} scope="col" className={`preview__column preview__column--${role}`}>
                  <span className="preview__name" title={name}>
                    {name}
                  </span>
                  <span className="preview__kind">
                    {kind}
                    {distinct !== null && ` · ${distinct} distinct`}
                  </span>
                  <Select
                    label={`Use of column ${name}`}
                    value={role}
                    onChange={(chosen) => choose(name, chosen)}
                    options={offered.map(({ value, label }) => ({
                      value,
                      label: series && value === 'target' ? 'Input and target' : label,
                    }))}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ place: row, cells }) => (
              <tr key={row}>
                {columns.map(({ place, role }) => (
                  <td key={place} className={`preview__cell--${role}`}>
                    <span>{cells[place] ?? ''}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {preview.columns.length > shownColumns && (
        <p className="data__note">
          The first {shownColumns} of {preview.columns.length} columns are shown.
        </p>
      )}
    </>
  );
}
