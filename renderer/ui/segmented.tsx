import { ToggleGroup } from 'radix-ui';
import './segmented.css';

interface SegmentedProps<V extends string> {
  readonly label: string;
  readonly value: V;
  onChange(value: V): void;
  readonly options: readonly { readonly value: V; readonly label: string }[];
}

/** A choice among a few, all visible. */
export function Segmented<V extends string>({ label, value, onChange, options }: SegmentedProps<V>) {
  return (
    <ToggleGroup.Root
      type="single"
      className="segmented"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const option = options.find((o) => o.value === next);
        if (option) onChange(option.value);
      }}
    >
      {options.map((option) => (
        <ToggleGroup.Item key={option.value} value={option.value} className="segmented__option">
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
