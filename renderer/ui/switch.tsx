import { Switch as Radix } from 'radix-ui';
import type { FieldControl } from './field.tsx';
import './switch.css';

interface SwitchProps {
  readonly checked: boolean;
  onChange(checked: boolean): void;
  readonly control?: FieldControl;
  readonly label?: string;
  readonly disabled?: boolean;
}

/** On or off. */
export function Switch({ checked, onChange, control, label, disabled = false }: SwitchProps) {
  return (
    <Radix.Root
      className="switch"
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      aria-label={label}
      {...control}
    >
      <Radix.Thumb className="switch__thumb" />
    </Radix.Root>
  );
}
