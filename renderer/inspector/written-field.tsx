import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { TextArea, TextField } from '../ui/text-field.tsx';
import type { FormField } from './form-fields.ts';

interface WrittenFieldProps {
  readonly field: Extract<FormField, { kind: 'text' }>;
  readonly text: string;
  onChange(text: string): void;
}

/** A text of one line or of several, with a choice of texts to begin with where there are any. */
export function WrittenField({ field, text, onChange }: WrittenFieldProps) {
  const { label, lines, starts } = field;
  const help = field.help === null ? {} : { help: field.help };
  const change = (event: { readonly target: { readonly value: string } }): void => onChange(event.target.value);
  return (
    <>
      {starts.length > 0 && (
        <Field label="Start from" stacked>
          {(control) => (
            <Select
              control={control}
              value={starts.find((start) => start.text === text)?.title ?? ''}
              placeholder={`${label} of your own`}
              options={starts.map(({ title }) => ({ value: title, label: title }))}
              onChange={(title) => onChange(starts.find((start) => start.title === title)?.text ?? text)}
            />
          )}
        </Field>
      )}
      <Field label={label} stacked={lines > 1} {...help}>
        {(control) =>
          lines === 1 ? (
            <TextField {...control} value={text} onChange={change} />
          ) : (
            <TextArea
              {...control}
              className="input--code"
              rows={lines}
              spellCheck={false}
              wrap="off"
              value={text}
              onChange={change}
            />
          )
        }
      </Field>
    </>
  );
}
