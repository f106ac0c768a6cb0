import type { Prediction } from '../../engine/protocol/predict.ts';
import './found-sequences.css';
import { withMinus } from '../training/metric-format.ts';

interface FoundProps {
  /** Best first. */
  readonly hypotheses: Extract<Prediction, { kind: 'sequence' }>['hypotheses'];
  /** Place of the one that is chosen. */
  readonly chosen: number;
  onChoose(place: number): void;
}

/** Sequences that were found, each with its log-probability, one of them chosen. */
export function FoundSequences({ hypotheses, chosen, onChoose }: FoundProps) {
  return (
    <table className="sequences">
      <thead>
        <tr>
          <th scope="col">Said</th>
          <th scope="col">Log-probability</th>
          <th scope="col">Probability</th>
        </tr>
      </thead>
      <tbody>
        {hypotheses
          .map((hypothesis, rank) => ({ hypothesis, rank }))
          .map(({ hypothesis, rank }) => (
            <tr key={rank} className={rank === chosen ? 'sequences__chosen' : undefined}>
              <td>
                <button type="button" aria-pressed={rank === chosen} onClick={() => onChoose(rank)}>
                  {hypothesis.text || <i>nothing</i>}
                  {!hypothesis.finished && <span className="sequences__cut"> … cut at the limit</span>}
                </button>
              </td>
              <td>{withMinus(hypothesis.logProbability.toFixed(3))}</td>
              <td>{formatProbability(Math.exp(hypothesis.logProbability))}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

/** Percent, or a power of ten where percent would read 0. */
export const formatProbability = (probability: number): string =>
  probability !== 0 && probability < 0.001 ? probability.toExponential(1) : `${(probability * 100).toFixed(1)} %`;
