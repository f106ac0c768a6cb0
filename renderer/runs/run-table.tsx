import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, Ellipsis } from 'lucide-react';
import { Fragment, type KeyboardEvent, useMemo, useRef, useState } from 'react';
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

/** What a row is of. */
type Item =
  | { readonly kind: 'group'; readonly label: string; readonly runs: readonly RunSummary[] }
  | { readonly kind: 'run'; readonly run: RunSummary };

/** Of a row before it is drawn, px. */
const rowHeight = 37;

/**
 * The kept runs; of thousands, those in view are drawn. In a run's name, arrows move to the next, with Shift they tick what they pass for
 * comparison; F2 renames, Delete deletes.
 */
export function RunTable({ runs, columns, group }: RunTableProps) {
  const [editing, setEditing] = useState<string | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const table = useRef<HTMLTableElement>(null);
  const items = useMemo((): readonly Item[] => {
    const asItem = (run: RunSummary): Item => ({ kind: 'run', run });
    if (!group) return runs.map(asItem);
    return groupRuns(runs, group).flatMap((one): Item[] => [{ kind: 'group', ...one }, ...one.runs.map(asItem)]);
  }, [runs, group]);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => table.current?.parentElement ?? null,
    estimateSize: () => rowHeight,
    overscan: 10,
    getItemKey: (index) => keyOf(items[index]),
    // The row that has the focus stays, wherever it is.
    rangeExtractor(range) {
      const kept = items.findIndex((item) => keyOf(item) === focused);
      const drawn = defaultRangeExtractor(range);
      return kept < 0 || drawn.includes(kept) ? drawn : [...drawn, kept].sort((one, other) => one - other);
    },
  });
  const focusRow = (index: number): void => {
    const item = items[index];
    if (item?.kind !== 'run') return;
    setFocused(item.run.id);
    virtual.scrollToIndex(index);
    focusName(table.current, item.run.id);
  };
  const rows = virtual.getVirtualItems();
  const width = columns.length + 2;
  return (
    <table
      ref={table}
      className="runs__table"
      aria-rowcount={items.length + 1}
      onKeyDown={(event) => moveBy(event, items, focusRow)}
      onFocus={(event) => setFocused(runOf(event.target))}
    >
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col">
            <span className="visually-hidden">Compare</span>
          </th>
          <th scope="col">Run</th>
          {columns.map((column) => (
            <ColumnHead key={column.id} column={column} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ index, key, start }, i) => {
          const item = items[index];
          const place = { index, measure: virtual.measureElement };
          return (
            <Fragment key={key}>
              <Space height={start - (rows[i - 1]?.end ?? 0)} width={width} />
              {item?.kind === 'group' && group && (
                <GroupRow title={group.title} label={item.label} runs={item.runs} width={width} {...place} />
              )}
              {item?.kind === 'run' && (
                <RunRow run={item.run} columns={columns} editing={editing === item.run.id} onEdit={setEditing} {...place} />
              )}
            </Fragment>
          );
        })}
        <Space height={virtual.getTotalSize() - (rows.at(-1)?.end ?? 0)} width={width} />
      </tbody>
    </table>
  );
}

const keyOf = (item: Item | undefined): string =>
  item === undefined ? '' : item.kind === 'run' ? item.run.id : `group ${item.label}`;

/** In place of rows that are not drawn. */
function Space({ height, width }: { readonly height: number; readonly width: number }) {
  if (height <= 0) return null;
  return (
    <tr className="runs__space">
      <td colSpan={width} style={{ height }} />
    </tr>
  );
}

interface Place {
  readonly index: number;
  measure(row: HTMLTableRowElement | null): void;
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

interface GroupRowProps extends Place {
  readonly title: string;
  readonly label: string;
  readonly runs: readonly RunSummary[];
  readonly width: number;
}

function GroupRow({ title, label, runs, width, index, measure }: GroupRowProps) {
  const spread = spreadOf(runs);
  return (
    <tr ref={measure} className="runs__group" data-index={index} aria-rowindex={index + 2}>
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

interface RunRowProps extends Place {
  readonly run: RunSummary;
  readonly columns: readonly RunColumn[];
  readonly editing: boolean;
  onEdit(run: string | null): void;
}

function RunRow({ run, columns, editing, onEdit, index, measure }: RunRowProps) {
  const compared = useRunSelection((s) => s.compared.includes(run.id));
  const shown = useRunSelection((s) => s.shown === run.id);
  return (
    <tr
      ref={measure}
      aria-selected={shown}
      className={shown ? 'runs__row--shown' : undefined}
      data-run={run.id}
      data-index={index}
      aria-rowindex={index + 2}
    >
      <td>
        <input
          type="checkbox"
          aria-label={`Compare ${run.name}`}
          checked={compared}
          onChange={(event) => compare(run.id, event.target.checked)}
        />
      </td>
      <th scope="row">
        <div className="runs__run">
          <div className="runs__named">
            <RunName
              run={run}
              editing={editing}
              onDone={() => onEdit(null)}
              onEdit={() => onEdit(run.id)}
              onShow={() => showDetails(run.id)}
            />
            {run.tags && run.tags.length > 0 && <span className="runs__tags">{run.tags.join(', ')}</span>}
          </div>
          <RunMenu run={run} onEdit={onEdit} />
        </div>
      </th>
      {columns.map((column) => (
        <td key={column.id}>
          <Cell run={run} column={column} />
        </td>
      ))}
    </tr>
  );
}

function RunMenu({ run, onEdit }: Pick<RunRowProps, 'run' | 'onEdit'>) {
  return (
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

const runOf = (element: EventTarget): string | null =>
  (element instanceof HTMLElement && element.closest<HTMLElement>('[data-run]')?.dataset['run']) || null;

/** Moves along the runs' names. */
function moveBy(event: KeyboardEvent, items: readonly Item[], focusRow: (index: number) => void): void {
  if (!(event.target instanceof HTMLElement) || !event.target.classList.contains('runs__name')) return;
  const places = items.flatMap((item, index) => (item.kind === 'run' ? [{ index, id: item.run.id }] : []));
  const own = runOf(event.target);
  const at = places.findIndex(({ id }) => id === own);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: places.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  const next = places[to];
  if (!next) return;
  const [low, high] = [Math.min(at, to), Math.max(at, to)];
  if (event.shiftKey) for (const { id } of places.slice(low, high + 1)) compare(id, true);
  focusRow(next.index);
}

/** Frames within which a row that comes into view is drawn. */
const patience = 30;

function focusName(table: HTMLElement | null, run: string, frames = patience): void {
  const name = table?.querySelector<HTMLElement>(`[data-run="${CSS.escape(run)}"] .runs__name`);
  if (name) name.focus();
  else if (frames > 0) requestAnimationFrame(() => focusName(table, run, frames - 1));
}
