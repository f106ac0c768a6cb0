import { useState } from 'react';
import { type SettingRange, type SettingValue, settingRange, type VariedSetting } from '../../engine/document/sweep-settings.ts';
import { axisOf } from '../../engine/graph/sweep/axis.ts';
import { optionsOf, varySetting } from '../../engine/graph/sweep/edit-sweep.ts';
import { settingTitle, variedField } from '../../engine/graph/sweep/varied-field.ts';
import { settingFindings } from '../../engine/lint/sweep-findings.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Field } from '../ui/field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { choicesFrom, choicesText, rangeAs } from './range-text.ts';
import { problemText, valueText } from './words.ts';

const kinds = [
  { value: 'choices', label: 'choices' },
  { value: 'linear', label: 'linear' },
  { value: 'log', label: 'log' },
] as const satisfies readonly { value: SettingRange['kind']; label: string }[];

interface RangeEditorProps {
  readonly setting: VariedSetting;
  /** Of the setting. */
  readonly label: string;
}

/** Which values a setting is tried with, what they are, and what is wrong with them. */
export function RangeEditor({ setting, label }: RangeEditorProps) {
  const whole = useDocumentStore((s) => s.whole);
  const editWhole = useDocumentStore((s) => s.editWhole);
  const field = variedField(whole, setting);
  const { range } = setting;
  const change = (next: SettingRange): void => {
    if (!settingRange.safeParse(next).success) return;
    editWhole((document) => varySetting(document, setting, next), `vary:${setting.block}:${setting.node}:${setting.field}`);
  };
  const options = field.ok ? optionsOf(field) : null;
  const isNumber =
    field.ok && options === null && (typeof field.value === 'number' || field.schemas.some((s) => s.safeParse(1).success));
  const [problem] = settingFindings(whole, setting);
  return (
    <fieldset className="range">
      <legend className="visually-hidden">Range of {label}</legend>
      {isNumber && (
        <Field label="Tried with">
          {(control) => (
            <Select control={control} value={range.kind} options={kinds} onChange={(kind) => change(rangeAs(range, kind))} />
          )}
        </Field>
      )}
      {range.kind !== 'choices' && <Numbers range={range} onChange={change} />}
      {range.kind === 'choices' && options !== null && <Options options={options} values={range.values} onChange={change} />}
      {range.kind === 'choices' && options === null && <Choices values={range.values} label={label} onChange={change} />}
      {problem ? (
        <p className="range__problem" role="alert">
          {problemText(problem).replace(`${settingTitle(whole, setting)}: `, '')}
        </p>
      ) : (
        field.ok && range.kind !== 'choices' && <p className="range__values">{valuesText(range, field.integer)}</p>
      )}
    </fieldset>
  );
}

function valuesText(range: SettingRange, integer: boolean): string {
  const axis = axisOf(range, integer);
  if (axis.kind === 'between') return 'Any number between; a grid needs a step.';
  const { values } = axis;
  const shown =
    values.length > 7 ? [...values.slice(0, 5).map(valueText), '…', ...values.slice(-1).map(valueText)] : values.map(valueText);
  return `${values.length}: ${shown.join(', ')}`;
}

/** Above 0, as far as anybody needs it. */
const smallest = 1e-12;

interface NumbersProps {
  readonly range: Exclude<SettingRange, { kind: 'choices' }>;
  onChange(range: SettingRange): void;
}

function Numbers({ range, onChange }: NumbersProps) {
  const log = range.kind === 'log';
  const least = log ? { min: smallest } : {};
  const withStep = (step: number | null): SettingRange => {
    const { step: _before, ...rest } = range;
    return step === null ? rest : { ...rest, step };
  };
  return (
    <div className="range__numbers">
      <NumberField
        label="from"
        value={range.from}
        {...least}
        onChange={(from) => from !== null && onChange({ ...range, from })}
      />
      <NumberField label="to" value={range.to} {...least} onChange={(to) => to !== null && onChange({ ...range, to })} />
      <NumberField
        label={log ? 'factor' : 'step'}
        value={range.step ?? null}
        nullable
        placeholder="any"
        min={log ? 1.000_001 : smallest}
        onChange={(step) => onChange(withStep(step))}
      />
    </div>
  );
}

interface ValuesProps {
  readonly values: readonly SettingValue[];
  onChange(range: SettingRange): void;
}

function Options({ options, values, onChange }: ValuesProps & { readonly options: readonly (string | boolean)[] }) {
  const set = (option: SettingValue, on: boolean): void => {
    const next = options.filter((one) => (one === option ? on : values.includes(one)));
    if (next.length > 0) onChange({ kind: 'choices', values: next });
  };
  return (
    <div className="range__options">
      {options.map((option) => (
        <label key={String(option)}>
          <input type="checkbox" checked={values.includes(option)} onChange={(event) => set(option, event.target.checked)} />
          {valueText(option)}
        </label>
      ))}
    </div>
  );
}

/** Written with commas; what is written stays while it is being written. */
function Choices({ values, label, onChange }: ValuesProps & { readonly label: string }) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <Field label="Values" stacked help="With commas between them; “off” for none.">
      {(control) => (
        <TextField
          {...control}
          aria-label={`Values of ${label}`}
          value={draft ?? choicesText(values)}
          onChange={(event) => {
            setDraft(event.target.value);
            const next = choicesFrom(event.target.value);
            if (next.length > 0) onChange({ kind: 'choices', values: next });
          }}
          onBlur={() => setDraft(null)}
        />
      )}
    </Field>
  );
}
