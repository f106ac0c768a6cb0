import type { GradientOf, Trace } from '../../engine/protocol/inspect.ts';
import { Select } from '../ui/select.tsx';
import { type GradientTarget, gradientTargets } from './gradient-targets.ts';
import { chooseTarget, useInsight } from './store.ts';

const keyOf = (of: GradientOf): string => JSON.stringify(of);

/** What is chosen, by the label that it had when it was. */
const labels = new Map<string, string>();

/** What gradients are of, as it is chosen. */
export function useTarget(trace: Trace): GradientTarget & { readonly options: readonly GradientTarget[] } {
  const of = useInsight((s) => s.of);
  const cursor = useInsight((s) => s.cursor);
  const options = gradientTargets(trace, cursor);
  const usual = options[0] ?? { of: { kind: 'loss' }, label: 'the loss' };
  if (of === null) return { ...usual, options };
  const found = options.find((option) => keyOf(option.of) === keyOf(of));
  // One of a step stays what it is while the cursor moves on.
  const chosen = found ?? { of, label: labels.get(keyOf(of)) ?? of.kind };
  return { ...chosen, options: found ? options : [chosen, ...options] };
}

/** @param label of the control; gradients' unless another is given */
export function TargetSelect({ trace, label = 'Gradient of' }: { readonly trace: Trace; readonly label?: string }) {
  const { of, options } = useTarget(trace);
  return (
    <Select
      label={label}
      value={keyOf(of)}
      onChange={(value) => {
        const option = options.find((one) => keyOf(one.of) === value);
        if (!option) return;
        labels.set(value, option.label);
        chooseTarget(option.of);
      }}
      options={options.map((option) => ({ value: keyOf(option.of), label: `of ${option.label}` }))}
    />
  );
}
