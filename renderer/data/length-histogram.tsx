import type { DataReport } from '../../engine/protocol/data.ts';
import './length-histogram.css';

interface LengthHistogramProps {
  readonly lengths: DataReport['lengths'];
  readonly title: string;
}

const whole = (length: number): string => length.toLocaleString('en');

/** How long the examples are; nothing where all are equally long. */
export function LengthHistogram({ lengths: { edges, counts }, title }: LengthHistogramProps) {
  const bars = counts.map((count, place) => {
    const from = edges[place] ?? 0;
    const to = (edges[place + 1] ?? from + 1) - 1;
    return { from, to, count, span: from === to ? whole(from) : `${whole(from)} to ${whole(to)}` };
  });
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last || first.from === last.to) return null;
  const middle = bars.length % 2 === 1 ? bars[(bars.length - 1) / 2] : undefined;
  const largest = Math.max(...counts);
  const most = bars.find(({ count }) => count === largest);
  const total = counts.reduce((a, b) => a + b, 0);
  return (
    <section className="data-card" aria-label={title}>
      <h3>{title}</h3>
      <div
        className="length-histogram"
        role="img"
        aria-label={`${title}: ${total} examples from ${whole(first.from)} to ${whole(last.to)}, most of ${most?.span}.`}
      >
        {bars.map(({ from, span, count }) => (
          <span
            key={from}
            title={`${span}: ${whole(count)}`}
            style={{ height: `${count === 0 ? 0 : Math.max(2, (count / largest) * 100)}%` }}
          />
        ))}
      </div>
      <div className="length-histogram__axis" aria-hidden>
        <span>{whole(first.from)}</span>
        {middle && bars.length > 2 && <span>{middle.span}</span>}
        <span>{whole(last.to)}</span>
      </div>
    </section>
  );
}
