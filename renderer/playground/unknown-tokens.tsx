import { visibleToken } from '../ui/visible-token.ts';
import './unknown-tokens.css';

interface UnknownTokensProps {
  readonly tokens: readonly string[];
  readonly unknown: readonly boolean[];
}

/** The text as the model reads it: tokens, with those that the vocabulary does not hold marked. */
export function UnknownTokens({ tokens, unknown }: UnknownTokensProps) {
  const count = unknown.filter(Boolean).length;
  const shown = tokens.slice(0, 300).map((token, place) => ({ place, token, lost: unknown[place] === true }));
  return (
    <figure className="read-tokens" aria-label="What the model reads">
      <figcaption>
        Read as {tokens.length} {tokens.length === 1 ? 'token' : 'tokens'}
        {count > 0 && `, ${count} of them not in the vocabulary (read as <unk>)`}
      </figcaption>
      <p>
        {shown.map(({ place, token, lost }) => (
          <span key={place} className={lost ? 'read-tokens__token read-tokens__token--unknown' : 'read-tokens__token'}>
            {visibleToken(token)}
            {lost && <span className="visually-hidden"> (unknown)</span>}
          </span>
        ))}
        {tokens.length > shown.length && <span> … {tokens.length - shown.length} more</span>}
      </p>
    </figure>
  );
}
