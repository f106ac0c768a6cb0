import { Progress as Radix } from 'radix-ui';
import './progress.css';

interface ProgressProps {
  readonly label: string;
  /** 0–1, or `null` when unknown. */
  readonly value: number | null;
}

export function Progress({ label, value }: ProgressProps) {
  return (
    <Radix.Root className="progress" aria-label={label} value={value === null ? null : Math.round(value * 100)}>
      <Radix.Indicator className="progress__fill" style={value === null ? {} : { translate: `${(value - 1) * 100}%` }} />
    </Radix.Root>
  );
}
