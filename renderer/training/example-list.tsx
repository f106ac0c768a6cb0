import { Check, X } from 'lucide-react';
import { Fragment } from 'react';
import type { Evaluation, ExampleView } from '../../engine/protocol/runs.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import './example-list.css';
import { TagStrip } from './tag-strip.tsx';

interface ExampleListProps {
  readonly examples: readonly ExampleView[];
  readonly split: Evaluation['split'];
  /** Numbers are near or far, not right or wrong. */
  readonly numeric: boolean;
  /** Sequences that the model has said by itself: as long as it liked. */
  readonly generated?: boolean;
}

/** Examples of the split that the run is judged on, with what the model says now. */
export function ExampleList({ examples, split, numeric, generated = false }: ExampleListProps) {
  const rows = examples.map((example, place) => ({ place, example }));
  return (
    <ScrollRegion
      label={split === 'train' ? 'Training examples' : split === 'test' ? 'Test examples' : 'Validation examples'}
      className="examples"
    >
      <ul className="examples__list">
        {rows.map(({ place, example }) => (
          <li key={place} className="examples__item">
            <Example example={example} numeric={numeric} generated={generated} />
          </li>
        ))}
      </ul>
    </ScrollRegion>
  );
}

function Example({
  example,
  numeric,
  generated,
}: Omit<Required<ExampleListProps>, 'examples' | 'split'> & { readonly example: ExampleView }) {
  const { tokens, unknown, target, predicted, confidence } = example;
  if (tokens && predicted.length > 1 && !generated) {
    return <TagStrip tokens={tokens} tags={predicted} truth={target} confidence={confidence} {...(unknown ? { unknown } : {})} />;
  }
  const right = target.join() === predicted.join();
  const sure = numeric || generated ? undefined : confidence[0];
  const between = generated ? ' ' : ', ';
  return (
    <>
      {!numeric && (
        <span className={right ? 'examples__right' : 'examples__wrong'}>
          {right ? <Check size={14} aria-hidden /> : <X size={14} aria-hidden />}
          <span className="visually-hidden">{right ? 'right: ' : 'wrong: '}</span>
        </span>
      )}
      <span className="examples__input" title={example.input}>
        {tokens && unknown?.includes(true) ? <Read tokens={tokens} unknown={unknown} input={example.input} /> : example.input}
      </span>
      <span className="examples__labels">
        <b>{predicted.join(between)}</b>
        {sure !== undefined && <span> {Math.round(sure * 100)} %</span>}
        {(numeric || !right) && <span> · true {target.join(between)}</span>}
      </span>
    </>
  );
}

interface ReadProps {
  readonly tokens: readonly string[];
  readonly unknown: readonly boolean[];
  readonly input: string;
}

/** An input in which the tokens are marked that the model cannot tell apart. */
function Read({ tokens, unknown, input }: ReadProps) {
  const words = tokens.map((token, place) => ({ place, token, lost: unknown[place] === true }));
  // Words stand between spaces, characters do not.
  const between = input.startsWith(tokens.slice(0, 2).join(' ')) ? ' ' : '';
  return words.map(({ place, token, lost }) => (
    <Fragment key={place}>
      {place > 0 && between}
      {lost ? (
        <span className="examples__unknown">
          {token}
          <span className="visually-hidden"> (not in the vocabulary)</span>
        </span>
      ) : (
        token
      )}
    </Fragment>
  ));
}
