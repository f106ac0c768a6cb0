import { TriangleAlert } from 'lucide-react';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type { Prediction } from '../../engine/protocol/predict.ts';
import { formatNumber } from '../training/metric-format.ts';
import { TagStrip } from '../training/tag-strip.tsx';
import './prediction-view.css';
import { ProbabilityBars } from './probability-bars.tsx';
import { SequenceView } from './sequence-view.tsx';
import { UnknownTokens } from './unknown-tokens.tsx';

interface PredictionViewProps {
  readonly prediction: Prediction;
  /** Small, for the training panel. */
  readonly compact?: boolean;
}

/** A prediction in full: ranked classes, tags on tokens, numbers, or sequences. */
export function PredictionView({ prediction, compact = false }: PredictionViewProps) {
  switch (prediction.kind) {
    case 'class':
      return (
        <>
          <ProbabilityBars ranked={prediction.ranked} limit={compact ? 3 : 12} rest={!compact} />
          {!compact && prediction.tokens.length > 0 && <UnknownTokens tokens={prediction.tokens} unknown={prediction.unknown} />}
        </>
      );
    case 'tags':
      return (
        <TagStrip
          tokens={prediction.tokens}
          tags={prediction.tags.map((tag) => tag.label)}
          confidence={prediction.tags.map((tag) => tag.probability)}
          unknown={prediction.unknown}
          labelled={!compact}
        />
      );
    case 'numbers':
      return (
        <dl className="prediction-numbers">
          {prediction.values
            .map((value, place) => ({ value, name: prediction.names[place] ?? `value ${place + 1}` }))
            .map(({ value, name }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{formatNumber(value, 3)}</dd>
              </div>
            ))}
        </dl>
      );
    case 'sequence':
      return <SequenceView prediction={prediction} compact={compact} />;
  }
}

/** Why there is no answer, and what to do. */
export function PredictionFailure({ failure }: { readonly failure: Failure }) {
  return (
    <p className="prediction-failure" role="status">
      <TriangleAlert size={14} aria-hidden />
      <span>
        {failure.message}
        {failure.hint !== undefined && <span className="prediction-failure__hint">{failure.hint}</span>}
      </span>
    </p>
  );
}
