import { PencilLine } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useEffect, useId, useState } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import { dataInGraph } from '../../engine/document/data-in-graph.ts';
import type { InspectedInput } from '../../engine/protocol/inspect.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { parseSeries } from '../playground/parse-series.ts';
import { RowPicker } from '../playground/row-picker.tsx';
import { useRunFacts } from '../playground/use-run-facts.ts';
import { whatIsRead } from '../playground/what-is-read.ts';
import { activeRun, loadRun, useTrainingStore } from '../training/store.ts';
import { Button } from '../ui/button.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { stopsOf, useFilm } from './film-store.ts';
import { chooseInput, chooseWeights, isMoment, useInsight } from './store.ts';

/** What the network is looked at with: a sentence that is typed, or a row of the run's data; and with which weights. */
export function InputMenu() {
  const [open, setOpen] = useState(false);
  const run = useTrainingStore(activeRun);
  if (!run) return null;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button size="small">
          <PencilLine size={13} aria-hidden /> Input
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="input-menu" align="start" sideOffset={6} collisionPadding={8} aria-label="What is read">
          <Choices run={run} onChosen={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface ChoicesProps {
  readonly run: RunSummary;
  onChosen(): void;
}

function Choices({ run, onChosen }: ChoicesProps) {
  const document = useTrainingStore((s) => s.documents[run.id]);
  const missing = document === undefined;
  useEffect(() => {
    if (missing) void loadRun(run.id);
  }, [missing, run.id]);
  const binding = document ? dataInGraph(document) : null;
  if (!document || binding === null) return <p className="input-menu__hint">Reading the run …</p>;
  const read = whatIsRead(document, binding);
  return (
    <>
      {read === 'text' && <TypedText binding={binding} onChosen={onChosen} />}
      {read === 'numbers' && <TypedSeries run={run} onChosen={onChosen} />}
      <RowPicker
        binding={binding}
        onPick={({ split, index }) => {
          chooseInput({ kind: 'example', split, index });
          onChosen();
        }}
      />
      <WeightsChoice run={run} />
    </>
  );
}

function TypedText({ binding, onChosen }: { readonly binding: DataBinding; onChosen(): void }) {
  const input = useInsight((s) => s.input);
  const [text, setText] = useState(input?.kind === 'text' ? input.text : '');
  const letters = binding.tokenizer.level === 'character';
  return (
    <Typed
      label={letters ? 'Type a word' : 'Type a sentence'}
      text={text}
      onChange={setText}
      input={text.trim() === '' ? null : { kind: 'text', text }}
      enter
      onChosen={onChosen}
    />
  );
}

/** Numbers in the data's own units, oldest first. */
function TypedSeries({ run, onChosen }: { readonly run: RunSummary; onChosen(): void }) {
  const input = useInsight((s) => s.input);
  const [text, setText] = useState(input?.kind === 'series' ? input.rows.map((row) => row.join(' ')).join('\n') : '');
  const width = useRunFacts(run.id)?.features ?? null;
  const parsed = parseSeries(text, width);
  return (
    <Typed
      label="Paste a series"
      placeholder={
        width !== null && width > 1 ? `one step a line, ${width} numbers each, oldest first` : '12.8, 10.6, 11.7, … oldest first'
      }
      text={text}
      onChange={setText}
      input={parsed.ok && parsed.rows.length > 0 ? { kind: 'series', rows: parsed.rows.map((row) => [...row]) } : null}
      problem={parsed.ok ? undefined : parsed.message}
      onChosen={onChosen}
    />
  );
}

interface TypedProps {
  readonly label: string;
  readonly placeholder?: string | undefined;
  readonly text: string;
  onChange(text: string): void;
  /** What is looked at; `null` where it is nothing yet. */
  readonly input: InspectedInput | null;
  readonly problem?: string | undefined;
  /** Whether Enter looks at it. */
  readonly enter?: boolean;
  onChosen(): void;
}

function Typed({ label, placeholder, text, onChange, input, problem, enter = false, onChosen }: TypedProps) {
  const id = useId();
  const look = (): void => {
    if (input === null) return;
    chooseInput(input);
    onChosen();
  };
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <TextArea
        id={id}
        rows={2}
        value={text}
        placeholder={placeholder}
        aria-invalid={problem === undefined ? undefined : true}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (!enter || event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          look();
        }}
      />
      <div className="input-menu__row">
        <Button size="small" variant="primary" disabled={input === null} onClick={look}>
          Look at it
        </Button>
        <span className="input-menu__hint" role="status">
          {problem ?? (enter ? 'Enter' : '')}
        </span>
      </div>
    </div>
  );
}

type Choice = 'usual' | 'best' | 'last' | 'kept';

/** Of this moment while it trains, the best, of the last checkpoint, or of an earlier moment that is kept. */
function WeightsChoice({ run }: { readonly run: RunSummary }) {
  const weights = useInsight((s) => s.weights);
  const film = useFilm((s) => s.film);
  const live = run.status === 'running' || run.status === 'paused';
  const moments = film?.moments ?? [];
  const options: { readonly value: Choice; readonly label: string }[] = [
    ...(live
      ? [
          { value: 'usual' as const, label: run.status === 'running' ? 'Live' : 'Last checkpoint' },
          ...(run.best ? [{ value: 'best' as const, label: 'Best' }] : []),
          ...(run.status === 'running' ? [{ value: 'last' as const, label: 'Last checkpoint' }] : []),
        ]
      : [
          { value: 'usual' as const, label: run.best ? 'Best' : 'Last' },
          ...(run.best ? [{ value: 'last' as const, label: 'Last' }] : []),
        ]),
    ...(moments.length > 0 || isMoment(weights) ? [{ value: 'kept' as const, label: 'Of a step' }] : []),
  ];
  const wanted = isMoment(weights) ? 'kept' : (weights ?? 'usual');
  const value: Choice = options.find((option) => option.value === wanted)?.value ?? 'usual';
  const choose = (next: Choice): void => {
    const [first] = moments;
    if (next !== 'kept') chooseWeights(next === 'usual' ? null : next);
    else if (first) chooseWeights({ step: first.step });
  };
  return (
    <div className="input-menu__row">
      <span>Weights</span>
      <Segmented<Choice> label="Weights" value={value} options={options} onChange={choose} />
      {isMoment(weights) && (
        <Select
          label="Step of the weights"
          value={String(weights.step)}
          options={stopsOf(film, weights).flatMap((stop) =>
            stop === 'now' ? [] : [{ value: String(stop.step), label: `step ${stop.step.toLocaleString('en')}` }],
          )}
          onChange={(step) => chooseWeights({ step: Number(step) })}
        />
      )}
    </div>
  );
}
