import type { UnitPattern, UnitSample } from '../../engine/protocol/inspect-units.ts';
import { isBackgroundTag } from '../training/tag-color.ts';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { visibleToken } from '../ui/visible-token.ts';

/** What is typed and chosen; of each kind what it was when another is looked at. */
export interface PatternDraft {
  readonly kind: UnitPattern['kind'] | null;
  readonly text: string;
  readonly ignoreCase: boolean;
  readonly label: string | null;
  readonly at: 'every' | 'last';
  readonly from: string;
  readonly to: string;
  readonly end: boolean;
}

export const emptyDraft: PatternDraft = {
  kind: null,
  text: '',
  ignoreCase: false,
  label: null,
  at: 'every',
  from: '1',
  to: '1',
  end: false,
};

const labelWords = { class: 'class', tag: 'tag', next: 'next token' } as const;

/** What a sample can be compared with: its labels first, a text where it has words, a position always. */
function kindOf({ level, labels }: UnitSample, wanted: PatternDraft['kind']): UnitPattern['kind'] {
  const usual = labels !== null && labels.kind !== 'next' ? 'label' : level !== null ? 'text' : 'position';
  if (wanted === 'label' && labels === null) return usual;
  return wanted === 'text' && level === null ? usual : (wanted ?? usual);
}

/** The first that means something. */
const usualLabel = ({ labels }: UnitSample): string =>
  labels?.names.find((name) => !isBackgroundTag(name)) ?? labels?.names[0] ?? '';

/** What is compared; `null` where nothing is typed yet. */
export function patternOf(sample: UnitSample, draft: PatternDraft): UnitPattern | null {
  const kind = kindOf(sample, draft.kind);
  if (kind === 'text') return draft.text === '' ? null : { kind, pattern: draft.text, ignoreCase: draft.ignoreCase };
  if (kind === 'label') {
    const label = draft.label !== null && sample.labels?.names.includes(draft.label) ? draft.label : usualLabel(sample);
    return label === '' ? null : { kind, label, at: sample.labels?.kind === 'class' ? draft.at : 'every' };
  }
  const [from, to] = [Number(draft.from), Number(draft.to)];
  const whole = Number.isInteger(from) && Number.isInteger(to) && from >= 1 && to >= from;
  return whole ? { kind, from, to, end: draft.end } : null;
}

/** A pattern in words: `tag B-PER`. */
export function patternWords(of: UnitPattern, sample: Pick<UnitSample, 'labels'>): string {
  switch (of.kind) {
    case 'text':
      return `/${of.pattern}/`;
    case 'label':
      return `${labelWords[sample.labels?.kind ?? 'class']} ${visibleToken(of.label)}${of.at === 'last' ? ' (last steps)' : ''}`;
    case 'position':
      return `${of.from === of.to ? `step ${of.from}` : `steps ${of.from} to ${of.to}`}${of.end ? ' from the end' : ''}`;
  }
}

interface PatternFormProps {
  readonly sample: UnitSample;
  readonly draft: PatternDraft;
  onChange(draft: PatternDraft): void;
}

/** What the units are compared with. */
export function PatternForm({ sample, draft, onChange }: PatternFormProps) {
  const { labels, level } = sample;
  const kind = kindOf(sample, draft.kind);
  const of = patternOf(sample, draft);
  const change = (patch: Partial<PatternDraft>): void => onChange({ ...draft, ...patch });
  return (
    <div className="pattern-form">
      <span className="pattern-form__title" id="pattern-form">
        Which unit tells
      </span>
      <Select<UnitPattern['kind']>
        label="Compare the units with"
        value={kind}
        onChange={(next) => change({ kind: next })}
        options={[
          ...(level === null ? [] : [{ value: 'text' as const, label: 'text like' }]),
          ...(labels === null ? [] : [{ value: 'label' as const, label: `the ${labelWords[labels.kind]}` }]),
          { value: 'position', label: 'the position' },
        ]}
      />
      {kind === 'text' && (
        <>
          <TextField
            aria-label="Regular expression"
            placeholder={level === 'character' ? '"[^"]*"' : '\\bwords?\\b'}
            value={draft.text}
            onChange={(event) => change({ text: event.target.value })}
          />
          <Segmented<'case' | 'any'>
            label="Case"
            value={draft.ignoreCase ? 'any' : 'case'}
            onChange={(next) => change({ ignoreCase: next === 'any' })}
            options={[
              { value: 'case', label: 'Aa' },
              { value: 'any', label: 'any case' },
            ]}
          />
        </>
      )}
      {kind === 'label' && labels !== null && (
        <>
          <Select
            label="Label"
            value={of?.kind === 'label' ? of.label : ''}
            onChange={(label) => change({ label })}
            options={labels.names.map((name) => ({ value: name, label: visibleToken(name) }))}
          />
          {labels.kind === 'class' && (
            <Segmented<PatternDraft['at']>
              label="At which steps"
              value={draft.at}
              onChange={(at) => change({ at })}
              options={[
                { value: 'every', label: 'every step' },
                { value: 'last', label: 'last step' },
              ]}
            />
          )}
        </>
      )}
      {kind === 'position' && (
        <>
          <TextField
            aria-label="First step"
            inputMode="numeric"
            className="pattern-form__number"
            value={draft.from}
            onChange={(event) => change({ from: event.target.value })}
          />
          <span aria-hidden>to</span>
          <TextField
            aria-label="Last step"
            inputMode="numeric"
            className="pattern-form__number"
            value={draft.to}
            onChange={(event) => change({ to: event.target.value })}
          />
          <Segmented<'front' | 'end'>
            label="Counted from"
            value={draft.end ? 'end' : 'front'}
            onChange={(next) => change({ end: next === 'end' })}
            options={[
              { value: 'front', label: 'from the front' },
              { value: 'end', label: 'from the end' },
            ]}
          />
        </>
      )}
    </div>
  );
}
