import './probability-bars.css';

interface ProbabilityBarsProps {
  /** Most probable first. */
  readonly ranked: readonly { readonly label: string; readonly probability: number }[];
  readonly limit: number;
  /** Whether the classes beyond the limit are summed up. */
  readonly rest: boolean;
}

/** Classes with their probabilities. */
export function ProbabilityBars({ ranked, limit, rest: summed }: ProbabilityBarsProps) {
  const shown = [...ranked].sort((a, b) => b.probability - a.probability);
  const rest = shown.slice(limit);
  return (
    <ol className="probabilities">
      {shown.slice(0, limit).map(({ label, probability }, rank) => (
        <li key={label} className={rank === 0 ? 'probabilities__top' : undefined}>
          <span className="probabilities__label" title={label}>
            {label}
          </span>
          <span className="probabilities__track" aria-hidden>
            <span style={{ width: `${probability * 100}%` }} />
          </span>
          <span className="probabilities__value">{(probability * 100).toFixed(1)} %</span>
        </li>
      ))}
      {summed && rest.length > 0 && (
        <li className="probabilities__rest">
          and {rest.length} more with {(rest.reduce((sum, r) => sum + r.probability, 0) * 100).toFixed(1)} % together
        </li>
      )}
    </ol>
  );
}
