import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import type { FieldControl } from './field.tsx';
import './select.css';
import { titleWhereCut } from './title-where-cut.ts';

interface Option<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly disabled?: boolean;
}

interface SelectProps<V extends string> {
  readonly value: V;
  onChange(value: V): void;
  readonly options: readonly Option<V>[];
  /** From `Field`; or give `label` when there is no field. */
  readonly control?: FieldControl;
  readonly label?: string;
  readonly disabled?: boolean;
  readonly placeholder?: string;
}

/** A choice of one. */
export function Select<V extends string>({
  value,
  onChange,
  options,
  control,
  label,
  disabled = false,
  placeholder,
}: SelectProps<V>) {
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => {
        const option = options.find((o) => o.value === next);
        if (option) onChange(option.value);
      }}
      disabled={disabled}
    >
      <Radix.Trigger className="select" aria-label={label} onPointerEnter={titleWhereCut} {...control}>
        <Radix.Value placeholder={placeholder} />
        <Radix.Icon asChild>
          <ChevronDown size={14} aria-hidden />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="select__list" position="popper" sideOffset={4} collisionPadding={8}>
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item key={option.value} value={option.value} disabled={option.disabled ?? false} className="select__item">
                <Radix.ItemText>{option.label}</Radix.ItemText>
                <Radix.ItemIndicator>
                  <Check size={13} aria-hidden />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
