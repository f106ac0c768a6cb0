import type { CSSProperties } from 'react';
import { tagColor } from './tag-color.ts';
import './tag-strip.css';

interface TagStripProps {
  readonly tokens: readonly string[];
  /** The model's tag of each token. */
  readonly tags: readonly string[];
  /** Probability of each tag. */
  readonly confidence?: readonly number[];
  /** The right tags, where known: wrong ones are marked. */
  readonly truth?: readonly string[];
  readonly unknown?: readonly boolean[];
  /** Shows each tag under its token; otherwise colour and tooltip tell. */
  readonly labelled?: boolean;
}

/** A sentence with a coloured tag on each token. */
export function TagStrip({ tokens, tags, confidence, truth, unknown, labelled = false }: TagStripProps) {
  const cells = tokens.map((token, place) => ({ place, token, tag: tags[place] ?? '' }));
  return (
    <ul className="tag-strip">
      {cells.map(({ place, token, tag }) => {
        const color = tagColor(tag);
        const right = truth?.[place];
        const wrong = right !== undefined && right !== tag;
        const sure = confidence?.[place];
        const details = [
          `${token}: ${tag}`,
          sure === undefined ? '' : `${(sure * 100).toFixed(1)} %`,
          wrong ? `true ${right}` : '',
          unknown?.[place] ? 'not in the vocabulary' : '',
        ].filter(Boolean);
        const classes = ['tag', color && 'tag--on', wrong && 'tag--wrong', unknown?.[place] && 'tag--unknown'].filter(Boolean);
        return (
          <li
            key={place}
            className={classes.join(' ')}
            title={details.join(' · ')}
            style={color === null ? {} : ({ '--tag': `var(${color})` } as CSSProperties)}
          >
            <span>{token}</span>
            {(labelled || wrong) && <span className="tag__label">{wrong ? `${tag} ≠ ${right}` : tag}</span>}
            {!labelled && !wrong && <span className="visually-hidden"> {tag}</span>}
          </li>
        );
      })}
    </ul>
  );
}
