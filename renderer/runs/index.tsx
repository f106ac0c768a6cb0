import { ChartSpline, Download } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { endSeries, goOn, useSeedSeries } from '../training/seed-series.ts';
import { dismissFailure, useTrainingStore } from '../training/store.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Select } from '../ui/select.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextField } from '../ui/text-field.tsx';
import { columnSource, columnsOf, sortRuns } from './columns.ts';
import { ColumnsMenu } from './columns-menu.tsx';
import { CompareRuns } from './compare-runs.tsx';
import { DamagedRuns } from './damaged-runs.tsx';
import { RunDetails } from './run-details.tsx';
import { RunTable } from './run-table.tsx';
import './runs.css';
import { saveCsv } from './save-csv.ts';
import { useRunSelection } from './selection-store.ts';
import { groupBy, readSettings, useRunSettings, useRunTable } from './table-store.ts';

/** A select has no empty value. */
const none = 'none';

/** All kept runs: list, compare, reopen, resume, evaluate, delete. */
export function RunsPanel() {
  const runs = useTrainingStore((s) => s.runs);
  const loaded = useTrainingStore((s) => s.loaded);
  const failure = useTrainingStore((s) => s.failure);
  const name = useDocumentStore((s) => s.document.name);
  const { compared, shown: opened, leaving } = useRunSelection();
  const { columns: shownColumns, order, group } = useRunTable();
  const settings = useRunSettings((s) => s.settings);
  const series = useSeedSeries((s) => s.series);
  const [search, setSearch] = useState('');
  const [here, setHere] = useState(false);
  const kept = useMemo(() => runs.filter((run) => !leaving.includes(run.id)), [runs, leaving]);
  const { runs: ids, validation, test } = columnSource(kept);
  const columns = useMemo(() => columnsOf({ runs: ids, validation, test }, settings), [ids, validation, test, settings]);
  const shown = shownColumns.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  const groupable = columns.filter(({ group: of }) => of !== 'Metrics');
  useEffect(() => void readSettings(ids.split('\n').filter(Boolean)), [ids]);
  const listed = useMemo(() => {
    const words = search.trim().toLowerCase();
    const wanted = kept.filter(
      (run) =>
        (!here || run.documentName === name) &&
        [run.name, run.documentName, run.device, run.note ?? '', ...(run.tags ?? [])].join(' ').toLowerCase().includes(words),
    );
    return sortRuns(wanted, columns, order);
  }, [kept, search, here, name, columns, order]);
  const chosen = useMemo(() => compared.flatMap((id) => kept.find((run) => run.id === id) ?? []), [compared, kept]);
  const detail = kept.find((run) => run.id === opened) ?? chosen[0] ?? kept[0];

  if (!loaded) {
    return (
      <section aria-label="Runs" className="runs runs--waiting">
        <Spinner label="Reading the runs …" />
      </section>
    );
  }
  if (kept.length === 0) {
    return (
      <section aria-label="Runs" className="runs runs--waiting">
        {failure && <FailureNote failure={failure} onDismiss={dismissFailure} />}
        <DamagedRuns />
        <EmptyState
          title="No runs yet"
          icon={<ChartSpline size={30} />}
          actions={
            <Button variant="primary" onClick={() => useUiStore.getState().setTab('design')}>
              Go to the canvas
            </Button>
          }
        >
          Each training is kept as a run: its document, curves, weights and results. Here you compare runs in one chart, see in
          which settings they differ, go back to any of them, and continue one that was interrupted.
        </EmptyState>
      </section>
    );
  }
  return (
    <section aria-label="Runs" className="runs">
      <div className="runs__list">
        <div className="runs__bar">
          <TextField
            type="search"
            aria-label="Find a run"
            placeholder="Find a run"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <span className="runs__here">
            <Switch label={`Only runs of ${name}`} checked={here} onChange={setHere} /> only “{name}”
          </span>
          <Select
            label="Group by"
            value={groupable.some(({ id }) => id === group) ? (group ?? none) : none}
            onChange={(id) => groupBy(id === none ? null : id)}
            options={[
              { value: none, label: 'Not grouped' },
              ...groupable.map(({ id, title, group: of }) => ({ value: id, label: of === 'Run' ? title : `${of}: ${title}` })),
            ]}
          />
          <ColumnsMenu columns={columns} />
          <Button size="small" onClick={() => saveCsv(listed, shown)}>
            <Download size={13} aria-hidden /> CSV
          </Button>
        </div>
        <p className="runs__count">
          {listed.length} of {kept.length} · tick two or more to compare
        </p>
        {series && (
          <p className="runs__series">
            {series.halted === undefined ? (
              <Spinner label={`Training seed ${series.runs.length} of ${series.seeds.length} of “${series.first.name}”`} />
            ) : (
              <>
                The seeds of “{series.first.name}” end with {series.runs.length} of {series.seeds.length}: {series.halted}.
                <Button size="small" onClick={goOn}>
                  Go on
                </Button>
              </>
            )}
            <Button size="small" onClick={endSeries}>
              No more seeds
            </Button>
          </p>
        )}
        {failure && <FailureNote failure={failure} onDismiss={dismissFailure} />}
        <DamagedRuns />
        <div className="runs__scroll">
          {listed.length === 0 ? (
            <p className="runs__none">No run matches.</p>
          ) : (
            <RunTable runs={listed} columns={shown} group={groupable.find(({ id }) => id === group)} />
          )}
        </div>
      </div>
      <div className="runs__side">
        {chosen.length > 1 ? <CompareRuns runs={chosen} /> : detail && <ShownRun id={detail.id} />}
      </div>
    </section>
  );
}

function ShownRun({ id }: { readonly id: string }) {
  const run = useTrainingStore((s) => s.runs.find((r) => r.id === id));
  return run ? <RunDetails run={run} /> : null;
}
