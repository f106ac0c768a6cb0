import { ArrowDown, ArrowUp, Ellipsis } from 'lucide-react';
import { Fragment, type KeyboardEvent, useState } from 'react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { beatsBaseline, formatMetric, metricTitle } from '../training/metric-format.ts';
import { trainSeeds } from '../training/seed-series.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { groupRuns, type RunColumn, spreadOf } from './columns.ts';
import { canResume, isLive, openOnCanvas, resumeRun } from './run-actions.ts';
import { RunName } from './run-name.tsx';
import './run-table.css';
import { compare, deleteRuns, showDetails, useRunSelection } from './selection-store.ts';
import { StatusBadge } from './status-badge.tsx';
import { sortBy, useRunTable } from './table-store.ts';

interface RunTableProps {
  /** In the order in which they are shown. */
  readonly runs: readonly RunSummary[];
  readonly columns: readonly RunColumn[];
  /** Runs with one value of it stand together. */
  readonly group: RunColumn | undefined;
}

/**
 * The kept runs. In a run's name, arrows move to the next, with Shift they tick what they pass for comparison; F2 renames, Delete deletes.
 */
export function RunTable({ runs, columns, group }: RunTableProps) {
  const [editing, setEditing] = useState<string | null>(null);
  const groups = group ? groupRuns(runs, group) : [{ label: '', runs }];
  return (
    <table className="runs__table" onKeyDown={keys}>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Compare</span>
          </th>
          <th scope="col">Run</th>
          {columns.map((column) => (
            <ColumnHead key={column.id} column={column} />
          ))}
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ label, runs: members }) => (
          <Fragment key={label}>
            {group && <GroupRow title={group.title} label={label} runs={members} width={columns.length + 3} />}
            {members.map((run) => (
              <RunRow key={run.id} run={run} columns={columns} editing={editing === run.id} onEdit={setEditing} />
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function ColumnHead({ column }: { readonly column: RunColumn }) {
  const order = useRunTable((s) => s.order);
  const sorted = order?.column === column.id ? (order.descending ? 'descending' : 'ascending') : 'none';
  const Arrow = sorted === 'descending' ? ArrowDown : ArrowUp;
  return (
    <th scope="col" aria-sort={sorted}>
      <button type="button" className="runs__sort" title={`Sort by ${column.title}`} onClick={() => sortBy(column.id)}>
        <span>{column.title}</span>
        {sorted !== 'none' && <Arrow size={12} aria-hidden />}
      </button>
    </th>
  );
}

interface GroupRowProps {
  readonly title: string;
  readonly label: string;
  readonly runs: readonly RunSummary[];
  readonly width: number;
}

function GroupRow({ title, label, runs, width }: GroupRowProps) {
  const spread = spreadOf(runs);
  return (
    <tr className="runs__group">
      <th scope="rowgroup" colSpan={width}>
        {title}: <b>{label === '' ? '–' : label}</b> · {runs.length === 1 ? 'one run' : `${runs.length} runs`}
        {spread && (
          <>
            {' '}
            · best {metricTitle(spread.metric)} {formatMetric(spread.metric, spread.mean)} ±{' '}
            {formatMetric(spread.metric, spread.deviation)}
          </>
        )}
      </th>
    </tr>
  );
}

interface RunRowProps {
  readonly run: RunSummary;
  readonly columns: readonly RunColumn[];
  readonly editing: boolean;
  onEdit(run: string | null): void;
}

function RunRow({ run, columns, editing, onEdit }: RunRowProps) {
  const compared = useRunSelection((s) => s.compared.includes(run.id));
  const shown = useRunSelection((s) => s.shown === run.id);
  return (
    <tr aria-selected={shown} className={shown ? 'runs__row--shown' : undefined} data-run={run.id}>
      <td>
        <input
          type="checkbox"
          aria-label={`Compare ${run.name}`}
          checked={compared}
          onChange={(event) => compare(run.id, event.target.checked)}
        />
      </td>
      <th scope="row">
        <RunName
          run={run}
          editing={editing}
          onDone={() => onEdit(null)}
          onEdit={() => onEdit(run.id)}
          onShow={() => showDetails(run.id)}
        />
        {run.tags && run.tags.length > 0 && <span className="runs__tags">{run.tags.join(', ')}</span>}
      </th>
      {columns.map((column) => (
        <td key={column.id}>
          <Cell run={run} column={column} />
        </td>
      ))}
      <td>
        <Menu
          align="end"
          trigger={
            <IconButton label={`Actions for ${run.name}`} size="small">
              <Ellipsis size={15} aria-hidden />
            </IconButton>
          }
          groups={[
            [
              { id: 'open', label: 'Open on the canvas', run: () => void openOnCanvas(run) },
              ...(canResume(run) ? [{ id: 'resume', label: 'Resume', run: () => void resumeRun(run) }] : []),
              { id: 'seeds', label: 'Train again with 5 seeds', run: () => void trainSeeds(run) },
              { id: 'rename', label: 'Rename', shortcut: 'F2', run: () => onEdit(run.id) },
            ],
            [{ id: 'delete', label: 'Delete', danger: true, disabled: isLive(run), run: () => deleteRuns([run]) }],
          ]}
        />
      </td>
    </tr>
  );
}

function Cell({ run, column }: { readonly run: RunSummary; readonly column: RunColumn }) {
  if (column.id === 'status') return <StatusBadge run={run} />;
  const text = column.text(run);
  if (column.id === 'best') {
    return (
      <span className={beatsBaseline(run) === true ? 'runs__better' : undefined}>
        <b>{text}</b>{' '}
        <small>
          {metricTitle(run.headline.metric)}
          {run.judgedOn === 'train' && ' · training split'}
        </small>
      </span>
    );
  }
  const title = column.id === 'baseline' ? run.headline.baselineName : text;
  return (
    <span className="runs__cell" title={title}>
      {text}
    </span>
  );
}

/** Moves along the runs' names. */
function keys(event: KeyboardEvent<HTMLTableElement>): void {
  const name = event.target instanceof HTMLElement && event.target.classList.contains('runs__name') ? event.target : null;
  if (!name) return;
  const names = [...event.currentTarget.querySelectorAll<HTMLElement>('.runs__name')];
  const at = names.indexOf(name);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: names.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = names[to];
  if (!next) return;
  const [low, high] = [Math.min(at, to), Math.max(at, to)];
  if (event.shiftKey) for (const passed of names.slice(low, high + 1)) tick(passed);
  next.focus();
}

function tick(name: HTMLElement): void {
  const run = name.closest<HTMLElement>('[data-run]')?.dataset['run'];
  if (run !== undefined) compare(run, true);
}
