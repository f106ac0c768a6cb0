import { NumberField } from '../ui/number-field.tsx';
import type { DrawSettings } from './search-choice.ts';

interface DrawFieldsProps {
  readonly value: DrawSettings;
  onChange(patch: Partial<DrawSettings>): void;
}

/** Temperature, top-k, top-p and seed. */
export function DrawFields({ value, onChange }: DrawFieldsProps) {
  return (
    <>
      <NumberField
        label="Temperature"
        help="Below 1 the probable becomes more so, above 1 less."
        value={value.temperature}
        min={0.01}
        max={100}
        onChange={(temperature) => temperature !== null && onChange({ temperature })}
      />
      <NumberField
        label="Top-k"
        help="Only so many of the most probable."
        placeholder="all"
        value={value.topK}
        min={1}
        integer
        nullable
        onChange={(topK) => onChange({ topK })}
      />
      <NumberField
        label="Top-p"
        help="Only the most probable that reach this share together."
        value={value.topP}
        min={0.001}
        max={1}
        onChange={(topP) => topP !== null && onChange({ topP })}
      />
      <NumberField
        label="Seed"
        help="The same seed draws the same."
        value={value.seed}
        min={0}
        max={2 ** 31 - 1}
        integer
        onChange={(seed) => seed !== null && onChange({ seed })}
      />
    </>
  );
}
