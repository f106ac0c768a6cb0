import { Field } from '../ui/field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextField } from '../ui/text-field.tsx';
import { type FormField, optionLabel } from './form-fields.ts';
import { PathField } from './path-field.tsx';

type Value = string | number | boolean | null;

interface SchemaFieldProps {
  readonly field: FormField;
  readonly value: Value | undefined;
  onChange(value: Value): void;
  /** Shown in an empty nullable number. */
  readonly placeholder?: string;
}

/** The control that fits a schema's field. */
export function SchemaField({ field, value, onChange, placeholder = 'from data' }: SchemaFieldProps) {
  const help = field.help === null ? {} : { help: field.help };
  switch (field.kind) {
    case 'number':
      return (
        <NumberField
          label={field.label}
          {...help}
          value={typeof value === 'number' ? value : value === null ? null : field.fallback}
          min={field.min}
          max={field.max}
          integer={field.integer}
          nullable={field.nullable}
          {...(field.nullable ? { placeholder } : {})}
          onChange={(next) => {
            if (next !== null || field.nullable) onChange(next);
          }}
        />
      );
    case 'choice':
      return (
        <Field label={field.label} {...help}>
          {(control) => (
            <Select
              control={control}
              value={typeof value === 'string' ? value : field.fallback}
              options={field.options.map((option) => ({ value: option, label: optionLabel(option) }))}
              onChange={onChange}
            />
          )}
        </Field>
      );
    case 'switch':
      return (
        <Field label={field.label} {...help}>
          {(control) => (
            <Switch control={control} checked={typeof value === 'boolean' ? value : field.fallback} onChange={onChange} />
          )}
        </Field>
      );
    case 'path':
      return (
        <PathField
          label={field.label}
          {...help}
          endings={field.endings}
          value={typeof value === 'string' ? value : field.fallback}
          onChange={onChange}
        />
      );
    case 'text':
      return (
        <Field label={field.label} {...help}>
          {(control) => (
            <TextField
              {...control}
              value={typeof value === 'string' ? value : field.fallback}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
      );
  }
}
