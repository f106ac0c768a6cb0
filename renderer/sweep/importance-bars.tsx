import type { SweepState } from '../../engine/protocol/sweep.ts';

const methods = {
  fanova: 'fANOVA: share of the results’ variance that a setting decides, with its part in interactions.',
  variance: 'Share of the results’ variance that a setting explains alone (ε²); interactions count for none.',
} as const;

/** How much each setting decides, the most important first. */
export function ImportanceBars({ state: { settings, importance } }: { readonly state: SweepState }) {
  if (importance === null) return <p className="sweep__hint">Told when trials are done.</p>;
  const bars = settings
    .map(({ title }, i) => ({ title, share: importance.shares[i] ?? null }))
    .toSorted((a, b) => (b.share ?? -1) - (a.share ?? -1));
  return (
    <>
      <ul className="sweep-importance">
        {bars.map(({ title, share }) => (
          <li key={title}>
            <span>{title}</span>
            <span className="sweep-importance__bar" aria-hidden>
              <i style={{ width: `${100 * (share ?? 0)}%` }} />
            </span>
            <b>{share === null ? 'too few trials' : `${Math.round(100 * share)} %`}</b>
          </li>
        ))}
      </ul>
      <p className="sweep__hint">{methods[importance.method]}</p>
    </>
  );
}
