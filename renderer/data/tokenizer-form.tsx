import type { TokenizerSettings } from '../../engine/document/data-binding.ts';
import { Field } from '../ui/field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';

interface TokenizerFormProps {
  readonly title: string;
  readonly tokenizer: TokenizerSettings;
  /** Whether pieces of words make sense here: not for tags of words. */
  readonly subwords: boolean;
  onChange(patch: Partial<TokenizerSettings>): void;
}

/** How a text becomes tokens, and which of them the vocabulary keeps. */
export function TokenizerForm({ title, tokenizer, subwords, onChange }: TokenizerFormProps) {
  const whole = (use: (value: number) => void) => (value: number | null) => {
    if (value !== null) use(value);
  };
  return (
    <fieldset className="data__settings">
      <legend className="section-title">{title}</legend>
      <Field label="Split text into">
        {(control) => (
          <Select
            control={control}
            value={tokenizer.level}
            options={[
              { value: 'word', label: 'Words' },
              { value: 'character', label: 'Characters' },
              ...(subwords ? [{ value: 'subword' as const, label: 'Sub-words (byte pairs)' }] : []),
            ]}
            onChange={(level) => onChange({ level })}
          />
        )}
      </Field>
      <Field label="Lower-case">
        {(control) => (
          <Switch control={control} checked={tokenizer.lowercase} onChange={(lowercase) => onChange({ lowercase })} />
        )}
      </Field>
      <NumberField
        label="Largest vocabulary"
        help={
          tokenizer.level === 'subword'
            ? 'Characters and what is made of them, learned from the training split only.'
            : 'Fit on the training split only; rarer tokens are read as <unk>.'
        }
        value={tokenizer.maxVocabulary}
        min={1}
        max={1_000_000}
        integer
        onChange={whole((maxVocabulary) => onChange({ maxVocabulary }))}
      />
      <NumberField
        label="Seen at least"
        value={tokenizer.minCount}
        min={1}
        max={1_000_000}
        integer
        onChange={whole((minCount) => onChange({ minCount }))}
      />
      <NumberField
        label="Longest sequence"
        value={tokenizer.maxLength}
        min={1}
        max={100_000}
        integer
        onChange={whole((maxLength) => onChange({ maxLength }))}
      />
    </fieldset>
  );
}
