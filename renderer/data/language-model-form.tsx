import type { LanguageModelSettings } from '../../engine/document/data-binding.ts';
import { Field } from '../ui/field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Select } from '../ui/select.tsx';

interface LanguageModelFormProps {
  readonly settings: LanguageModelSettings;
  onChange(patch: Partial<LanguageModelSettings>): void;
}

/** How a text becomes sequences whose next tokens are learned. */
export function LanguageModelForm({ settings, onChange }: LanguageModelFormProps) {
  return (
    <fieldset className="data__settings">
      <legend className="section-title">Text</legend>
      <Field label="Learn it as" stacked>
        {(control) => (
          <Select
            control={control}
            value={settings.unit}
            options={[
              { value: 'running', label: 'One running text' },
              { value: 'line', label: 'Lines of their own' },
              ...(settings.unit === 'running-lines'
                ? [{ value: 'running-lines' as const, label: 'Lines one after the other (older models)' }]
                : []),
            ]}
            onChange={(unit) => onChange({ unit })}
          />
        )}
      </Field>
      {settings.unit !== 'line' && (
        <NumberField
          label="Chunk"
          help="Tokens that gradients go back over; the state goes on from chunk to chunk."
          value={settings.chunk}
          min={1}
          max={100_000}
          integer
          onChange={(chunk) => chunk !== null && onChange({ chunk })}
        />
      )}
    </fieldset>
  );
}
