import { Check } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useEffect, useMemo } from 'react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { zoomToLookAt } from '../canvas/viewport-store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { TrainingBody, TrainingHead } from '../training/index.tsx';
import { Select } from '../ui/select.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import './microscope.css';
import { OfRecurrence, OfTrace } from './of-recurrence.tsx';
import { cardsOf, recurrenceOfNode } from './recurrence-of-node.ts';
import { rowWords } from './row-words.ts';
import { type InsightView, recurrenceOf, recurrencesOf, setPlace, setView, useInsight } from './store.ts';
import { TabBar } from './tab-bar.tsx';
import { views } from './views.tsx';

/**
 * Under the canvas while a network is looked into: the training panel and the views of the recurrence that is selected on the canvas, a
 * tab each.
 */
export function Microscope({ run }: { readonly run: RunSummary }) {
  const wanted = useInsight((s) => s.view);
  const trace = useInsight((s) => s.trace);
  const shown = useMemo(() => views.filter(({ fits }) => !fits || (trace !== null && fits(trace))), [trace]);
  const tabs = useMemo(() => [{ id: 'training', title: 'Training' }, ...shown], [shown]);
  const view = tabs.some(({ id }) => id === wanted) ? wanted : 'step';
  useFollowSelection();
  useFirstLook();
  return (
    <Tabs.Root className="microscope" value={view} onValueChange={(next) => setView(next as InsightView)}>
      <div className="microscope__bar">
        <TabBar label="Under the canvas" tabs={tabs} open={view} onOpen={(next) => setView(next as InsightView)} />
        {view !== 'training' && (
          <>
            <Equality />
            <PlaceSelect />
          </>
        )}
      </div>
      <Tabs.Content value="training" className="microscope__page" tabIndex={-1}>
        <TrainingHead />
        <TrainingBody run={run} />
      </Tabs.Content>
      {shown.map((one) => (
        <Tabs.Content key={one.id} value={one.id} className="microscope__page" tabIndex={-1}>
          {one.whole ? <OfTrace View={one.View} /> : <OfRecurrence View={one.View} />}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}

/** When the first trace is there, and the cards have grown by what they show: those that take part are in view, near enough to be looked at. */
function useFirstLook(): void {
  const first = useInsight((s) => s.trace !== null);
  useEffect(() => {
    if (!first) return undefined;
    const timer = setTimeout(() => {
      const { trace } = useInsight.getState();
      if (trace !== null) zoomToLookAt(cardsOf(trace));
    }, 250);
    return () => clearTimeout(timer);
  }, [first]);
}

/** A recurrent layer or a cell that is selected on the canvas is what the panel shows. */
function useFollowSelection(): void {
  const selection = useDocumentStore((s) => s.selection);
  const trace = useInsight((s) => s.trace);
  useEffect(() => {
    const [only] = selection;
    if (trace === null || only === undefined || selection.size !== 1) return;
    const place = recurrenceOfNode(trace, only)?.place;
    if (place && place.node !== useInsight.getState().place?.node) setPlace(place);
  }, [selection, trace]);
}

/** How far what is computed from the equations is from what the network gives: told when it is not within rounding. */
function Equality() {
  const equality = useInsight((s) => s.trace?.equality);
  if (!equality || equality.node === null) return null;
  const { difference, within } = equality;
  if (difference > within)
    return (
      <span className="microscope__equality" data-same="false" role="alert">
        differs from the kernels’ output by {difference.toExponential(1)}, more than rounding ({within})
      </span>
    );
  const size = difference.toExponential(0);
  const words = `equal to the kernels’ output to ${size}`;
  return (
    <Tooltip content={`What is computed from the equations is ${words}`}>
      <span className="microscope__equality" data-same="true">
        <span className="microscope__equal-words">{words}</span>
        <span className="microscope__equal-size" role="img" aria-label={words}>
          <Check size={13} aria-hidden /> {size}
        </span>
      </span>
    </Tooltip>
  );
}

/** Which layer and direction of which node, where there are several. */
function PlaceSelect() {
  const trace = useInsight((s) => s.trace);
  const place = useInsight((s) => s.place);
  const options = useMemo(
    () =>
      (trace ? recurrencesOf(trace) : []).map(({ node, place }) => ({
        value: JSON.stringify(place),
        label: [node.title, ...rowWords(place, node.recurrent)].join(' · '),
        place,
      })),
    [trace],
  );
  const found = trace && recurrenceOf(trace, place);
  if (!found || options.length < 2) return null;
  return (
    <div className="microscope__place">
      <Select
        label="Layer and direction"
        value={JSON.stringify(found.place)}
        options={options}
        onChange={(value) => {
          const option = options.find((one) => one.value === value);
          if (option) setPlace(option.place);
        }}
      />
    </div>
  );
}
