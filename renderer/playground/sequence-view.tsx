import { useState } from 'react';
import type { Prediction } from '../../engine/protocol/predict.ts';
import { BeamFigure } from '../insight/beam-figure.tsx';
import { visibleToken } from '../ui/visible-token.ts';
import { AlignmentMap } from './alignment-map.tsx';
import { FoundSequences, formatProbability } from './found-sequences.tsx';
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
  const { hypotheses, tokens, unknown, tree } = prediction;
  const [place, setPlace] = useState(0);
  const shown = place < hypotheses.length ? place : 0;
  const chosen = hypotheses[shown];
  if (compact) return <p className="sequences__only">{chosen?.text || 'nothing'}</p>;
  return (
    <>
      <FoundSequences hypotheses={hypotheses} chosen={shown} onChoose={setPlace} />
      {tree && (
        <div className="sequences__tree">
          <h3>How beam search came to it</h3>
          <BeamFigure tree={tree} chosen={shown} />
        </div>
      )}
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
