import type { DataReport } from '../../engine/protocol/data.ts';
import './length-histogram.css';

interface LengthHistogramProps {
  readonly lengths: DataReport['lengths'];
  readonly title: string;
}

/** How long the examples are. */
export function LengthHistogram({ lengths, title }: LengthHistogramProps) {
  const { edges, counts } = lengths;
  const largest = Math.max(1, ...counts);
  const bars = counts.map((count, place) => ({
    place,
    count,
    from: edges[place] ?? 0,
    to: edges[place + 1] ?? edges[place] ?? 0,
  }));
  const most = bars.find((bar) => bar.count === largest);
  const whole = (edge: number): string => Math.round(edge).toLocaleString('en');
  const total = counts.reduce((a, b) => a + b, 0);
  return (
    <section className="data-card" aria-label={title}>
      <h3>{title}</h3>
      <div
        className="length-histogram"
        role="img"
        aria-label={`${title}: ${total} examples from ${whole(edges[0] ?? 0)} to ${whole(edges.at(-1) ?? 0)}${most ? `, most between ${whole(most.from)} and ${whole(most.to)}` : ''}.`}
      >
        {bars.map(({ place, count, from, to }) => (
          <span
            key={place}
            title={`${whole(from)} to ${whole(to)}: ${count.toLocaleString('en')}`}
            style={{ height: `${count === 0 ? 0 : Math.max(2, (count / largest) * 100)}%` }}
          />
        ))}
      </div>
      <div className="length-histogram__axis" aria-hidden>
        <span>{whole(edges[0] ?? 0)}</span>
        <span>{whole(edges[Math.floor(edges.length / 2)] ?? 0)}</span>
        <span>{whole(edges.at(-1) ?? 0)}</span>
      </div>
    </section>
  );
}
