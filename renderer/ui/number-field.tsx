import { type KeyboardEvent, useState } from 'react';
import { Field } from './field.tsx';
import { type NumberLimits, parseEntry, stepEntry } from './number-entry.ts';

interface NumberFieldProps extends NumberLimits {
  readonly label: string;
  readonly help?: string;
  readonly value: number | null;
  onChange(value: number | null): void;
  /** Shown while empty, e.g. “from data”. */
  readonly placeholder?: string;
  readonly disabled?: boolean;
}

/** A labelled number with limits. What cannot be a value stays in the field, with the reason, and is not passed on. */
export function NumberField({ label, help, value, onChange, placeholder, disabled = false, ...limits }: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? (value === null ? '' : String(value));
  const entry = draft === null ? null : parseEntry(draft, limits);
  const bounds =
    limits.min !== undefined && limits.max !== undefined && limits.max < 1e6 ? `${limits.min} to ${limits.max}` : null;

  const change = (next: string): void => {
    setDraft(next);
    const parsed = parseEntry(next, limits);
    if (parsed.ok) onChange(parsed.value);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setDraft(null);
    if ((event.key !== 'ArrowUp' && event.key !== 'ArrowDown') || value === null) return;
    event.preventDefault();
    setDraft(null);
    onChange(stepEntry(value, event.key === 'ArrowUp' ? 1 : -1, limits));
  };
  return (
    <Field label={label} {...(help === undefined ? {} : { help })} error={entry?.ok === false ? entry.message : null}>
      {(control) => (
        <input
          {...control}
          className="input input--number"
          type="text"
          inputMode={limits.integer ? 'numeric' : 'decimal'}
          autoComplete="off"
          disabled={disabled}
          value={text}
          placeholder={placeholder}
          title={bounds ?? undefined}
          onChange={(event) => change(event.target.value)}
          onKeyDown={keys}
          onBlur={() => {
            if (entry?.ok !== false) setDraft(null);
          }}
        />
      )}
    </Field>
  );
}
