import { type ReactNode, useId } from 'react';
import './field.css';

/** What a control needs to belong to its field: spread it on the control. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly help?: ReactNode;
  readonly error?: string | null;
  /** Label above the control instead of beside it. */
  readonly stacked?: boolean;
  children(control: FieldControl): ReactNode;
}

/** A label, a control, its help and its error, tied together for assistive technology. */
export function Field({ label, help, error = null, stacked = false, children }: FieldProps) {
  const id = useId();
  const described = [help !== undefined && `${id}-help`, error !== null && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={`field ${stacked ? 'field--stacked' : ''}`}>
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error === null ? undefined : true })}
      {help !== undefined && (
        <div className="field__help" id={`${id}-help`}>
          {help}
        </div>
      )}
      {error !== null && (
        <div className="field__error" id={`${id}-error`} role="alert">
          {error}
        </div>
      )}
    </div>
  );
}
