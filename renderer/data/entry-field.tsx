import { type ReactNode, useState } from 'react';
import { Field } from '../ui/field.tsx';
import { TextField } from '../ui/text-field.tsx';

interface EntryFieldProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly longest: number;
  readonly placeholder: string;
  /** Why a text cannot count; it then stays in the field. */
  readonly problem?: (value: string) => string | null;
  /** Beneath the label, with the whole width; beside it stands a button. */
  readonly button?: ReactNode;
  onEnter(value: string): void;
}

/** A text that counts once it is finished, by Enter or by leaving the field: the file is read again for it. */
export function EntryField({ label, help, value, longest, placeholder, problem, button, onEnter }: EntryFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const error = draft === null ? null : (problem?.(draft) ?? null);
  const enter = (): void => {
    if (error !== null) return;
    if (draft !== null && draft !== value) onEnter(draft);
    setDraft(null);
  };
  return (
    <Field label={label} help={help} error={error} stacked={button !== undefined}>
      {(control) => {
        const field = (
          <TextField
            {...control}
            value={draft ?? value}
            maxLength={longest}
            placeholder={placeholder}
            title={button === undefined ? undefined : value}
            onChange={(event) => setDraft(event.target.value)}
            onBlur={enter}
            onKeyDown={(event) => {
              if (event.key === 'Enter') enter();
              if (event.key === 'Escape') setDraft(null);
            }}
          />
        );
        return button === undefined ? (
          field
        ) : (
          <div className="data__path">
            {field}
            {button}
          </div>
        );
      }}
    </Field>
  );
}
