import { X } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import type { TracedRecurrence } from '../../engine/protocol/inspect.ts';
import type { Hold } from '../../engine/protocol/what-if.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { lineLabel } from './line-words.ts';
import { shown } from './step-equations.ts';
import { type Place, type StepRange, useInsight } from './store.ts';
import { unitList, unitWords } from './unit-list.ts';
import { addHold, release, useWhatIf } from './what-if-store.ts';

interface HoldFormProps {
  readonly place: Place;
  readonly recurrence: TracedRecurrence;
  /** Names of its steps. */
  readonly names: readonly string[];
  /** The row under the cursor. */
  readonly row: number | null;
  /** Chosen rows. */
  readonly range: StepRange | null;
}

/** Where a line can be held: the slider's ends. */
const ends = { '0..1': [0, 1], '-1..1': [-1, 1], free: [-3, 3] } as const;

type When = 'all' | 'range' | 'cursor';

/** Chooses a line of the cell, its units, a value and steps, and holds it. */
export function HoldForm({ place, recurrence, names, row, range }: HoldFormProps) {
  const pinned = useInsight((s) => s.unit);
  const lookedAt = useInsight((s) => s.line);
  const [chosen, setChosen] = useState<string | null>(null);
  // What is pinned and chosen elsewhere is what is meant here, until something else is typed.
  const [typed, setTyped] = useState<{ readonly text: string; readonly pinned: number | null } | null>(null);
  const [asked, setAsked] = useState<{ readonly when: When; readonly range: StepRange | null } | null>(null);
  const [value, setValue] = useState('0');
  const id = useId();
  const lines = recurrence.values;
  const line = lines.find(({ name }) => name === (chosen ?? lookedAt)) ?? lines[0];
  const units = typed?.pinned === pinned ? typed.text : pinned === null ? 'all' : String(pinned);
  const found = useMemo(() => unitList(units, line?.units ?? 1), [units, line]);
  if (!line) return null;
  const [low, high] = ends[line.range];
  const number = Number(value.replace('−', '-').replace(',', '.'));
  const numeric = value.trim() !== '' && Number.isFinite(number) && Math.abs(number) <= 1e6;
  const at = asked?.range === range ? asked.when : range ? 'range' : 'all';
  const steps = at === 'range' && range ? range : at === 'cursor' && row !== null ? { from: row, to: row } : null;
  const add = (): void => {
    if (numeric && 'units' in found)
      addHold({ ...place, line: line.name, units: found.units && [...found.units], value: number, steps });
  };
  return (
    <form
      className="what-if__form"
      aria-label="Hold a line of the cell"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <span className="what-if__word">Hold</span>
      <Select
        label="Line to hold"
        value={line.name}
        onChange={setChosen}
        options={lines.map(({ name }) => ({ value: name, label: lineLabel(name) }))}
      />
      <span className="what-if__field">
        <span>units</span>
        <TextField
          value={units}
          onChange={(event) => setTyped({ text: event.target.value, pinned })}
          aria-label="Units"
          aria-invalid={'problem' in found}
          aria-describedby={'problem' in found ? `${id}-units` : undefined}
          className="what-if__units"
        />
      </span>
      <span className="what-if__field">
        <span>at</span>
        <input
          type="range"
          className="what-if__slider"
          aria-label="Value"
          min={low}
          max={high}
          step={(high - low) / 100}
          value={numeric ? Math.min(high, Math.max(low, number)) : 0}
          onChange={(event) => setValue(String(Number(Number(event.target.value).toFixed(2))))}
        />
        <TextField
          value={value}
          inputMode="decimal"
          aria-label="Value in numbers"
          aria-invalid={!numeric}
          onChange={(event) => setValue(event.target.value)}
          className="what-if__number"
        />
      </span>
      <Select<When>
        label="At which steps"
        value={at}
        onChange={(when) => setAsked({ when, range })}
        options={[
          { value: 'all', label: 'at all steps' },
          ...(range ? [{ value: 'range' as const, label: `at ${stepWords(range, names)}` }] : []),
          ...(row === null ? [] : [{ value: 'cursor' as const, label: `at “${names[row]}” (step ${row + 1})` }]),
        ]}
      />
      <Button type="submit" size="small" disabled={!numeric || 'problem' in found}>
        Hold it
      </Button>
      {'problem' in found && (
        <span id={`${id}-units`} className="what-if__problem" role="alert">
          {found.problem}
        </span>
      )}
    </form>
  );
}

/** What is held, each with a button that lets it go. */
export function HoldList({ held, stepNames }: { readonly held: readonly Hold[]; stepNames(hold: Hold): readonly string[] }) {
  const all = useWhatIf((s) => s.holds);
  if (all.length === 0) return null;
  return (
    <ul className="what-if__holds" aria-label="What is held">
      {all.map((hold) => {
        const words = holdWords(hold, stepNames(hold));
        return (
          <li key={`${hold.node}${hold.layer}${hold.direction}${words}`} data-idle={!held.includes(hold)}>
            <span>
              {words}
              {!held.includes(hold) && ' (not in this network)'}
            </span>
            <IconButton label={`Let go of ${words}`} size="small" onClick={() => release(hold)}>
              <X size={13} aria-hidden />
            </IconButton>
          </li>
        );
      })}
    </ul>
  );
}

const holdWords = ({ line, units, value, steps, layer, direction }: Hold, names: readonly string[]): string =>
  [
    `${lineLabel(line)} of ${unitWords(units)} = ${shown(value)}`,
    steps ? ` at ${stepWords(steps, names)}` : ' at all steps',
    layer > 0 ? `, layer ${layer + 1}` : '',
    direction === 'backward' ? ', backward' : '',
  ].join('');

function stepWords({ from, to }: StepRange, names: readonly string[]): string {
  if (from === to) return `“${names[from] ?? ''}” (step ${from + 1})`;
  return `steps ${from + 1}–${to + 1}`;
}
