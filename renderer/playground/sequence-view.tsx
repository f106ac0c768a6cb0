import { useState } from 'react';
import type { Prediction } from '../../engine/protocol/predict.ts';
import { visibleToken } from '../ui/visible-token.ts';
import { AlignmentMap } from './alignment-map.tsx';
import './sequence-view.css';
import { UnknownTokens } from './unknown-tokens.tsx';

type Sequences = Extract<Prediction, { kind: 'sequence' }>;

interface SequenceViewProps {
  readonly prediction: Sequences;
  /** The best one alone, for the training panel. */
  readonly compact: boolean;
}

/** What a model says, best first: each sequence with its log-probability; the chosen one token by token, with its attention. */
export function SequenceView({ prediction, compact }: SequenceViewProps) {
  const { hypotheses, tokens, unknown } = prediction;
  const [place, setPlace] = useState(0);
  const chosen = hypotheses[place] ?? hypotheses[0];
  if (compact) return <p className="sequences__only">{chosen?.text || 'nothing'}</p>;
  return (
    <>
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
              <tr key={rank} className={hypothesis === chosen ? 'sequences__chosen' : undefined}>
                <td>
                  <button type="button" aria-pressed={hypothesis === chosen} onClick={() => setPlace(rank)}>
                    {hypothesis.text || <i>nothing</i>}
                    {!hypothesis.finished && <span className="sequences__cut"> … cut at the limit</span>}
                  </button>
                </td>
                <td>{hypothesis.logProbability.toFixed(3)}</td>
                <td>{formatProbability(Math.exp(hypothesis.logProbability))}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {chosen && chosen.tokens.length > 0 && <Tokens tokens={chosen.tokens} probabilities={chosen.probabilities} />}
      {chosen?.alignment && chosen.alignment.length > 0 && (
        <AlignmentMap said={chosen.tokens} input={tokens} alignment={chosen.alignment} />
      )}
      {tokens.length > 0 && <UnknownTokens tokens={tokens} unknown={unknown} />}
    </>
  );
}

interface TokensProps {
  readonly tokens: readonly string[];
  readonly probabilities: readonly number[];
}

/** Each token with how sure the model was of it: the bar under it is its probability. */
function Tokens({ tokens, probabilities }: TokensProps) {
  return (
    <ol className="sequences__tokens" aria-label="Tokens with their probabilities">
      {tokens
        .map((token, place) => ({ token, place, probability: probabilities[place] ?? 0 }))
        .map(({ token, place, probability }) => (
          <li key={place} title={`${visibleToken(token)}: ${formatProbability(probability)}`}>
            {visibleToken(token)}
            <span className="sequences__sure" style={{ width: `${probability * 100}%` }} aria-hidden />
            <span className="visually-hidden"> {formatProbability(probability)}</span>
          </li>
        ))}
    </ol>
  );
}

/** Percent, or a power of ten where percent would read 0. */
const formatProbability = (probability: number): string =>
  probability !== 0 && probability < 0.001 ? probability.toExponential(1) : `${(probability * 100).toFixed(1)} %`;
