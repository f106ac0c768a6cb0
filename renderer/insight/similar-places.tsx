import { useState } from 'react';

import type { RangeMatch, UnitSample } from '../../engine/protocol/inspect-units.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { escaped } from '../ui/xml-text.ts';
import { FigureTools } from './figure-tools.tsx';
import type { TextSequence } from './sample-texts.ts';
import { svgOf } from './save-figure.ts';
import { shown } from './step-equations.ts';
import type { StepRange } from './store.ts';
import { lineOf } from './token-lines.ts';
import { useSimilar } from './use-sample-values.ts';

interface SimilarPlacesProps {
  readonly sample: string;
  readonly sequences: readonly TextSequence[];
  readonly level: UnitSample['level'];
  /** Row of the split that is looked at: that it is like itself says nothing. */
  readonly here: number | null;
  readonly words: readonly string[];
  readonly range: StepRange | null;
  readonly usual: number;
  readonly unit: number | null;
  onPin(unit: number): void;
  onLook(example: number, range: StepRange): void;
}

/** Units that are on all through the chosen steps, and where in the text the same ones are on (LSTMVis). */
export function SimilarPlaces(props: SimilarPlacesProps) {
  const { sample, sequences, level, here, words, range, usual, unit, onPin, onLook } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const [offBefore, setOffBefore] = useState(false);
  const [offAfter, setOffAfter] = useState(false);
  const threshold = typed === null || !Number.isFinite(Number(typed)) || typed.trim() === '' ? usual : Number(typed);
  const { result, failure } = useSimilar(sample, range, { threshold, offBefore, offAfter });
  if (range === null)
    return (
      <p className="unit-panel__hint">
        Drag across the sentence to choose steps of it: the units that are on all through them stand here, with the places in the
        text where the same units are on.
      </p>
    );
  const text = (of: readonly string[]): string => lineOf(of, level);
  const matches = (result?.matches ?? []).filter(({ sequence }) => sequences[sequence]?.example !== here);
  const name = `Places like “${text(words.slice(range.from, range.to + 1))}”`;
  return (
    <>
      <h3>
        {name}
        {result && (
          <FigureTools
            name={name}
            table={() => ({
              head: ['', 'from step', 'to step', 'text', 'shared units', 'other units'],
              rows: matches.map((match) => {
                const found = sequences[match.sequence];
                const within = text(found?.words.slice(match.from, match.to + 1) ?? []);
                return [`Row ${(found?.example ?? 0) + 1}`, match.from + 1, match.to + 1, within, match.shared, match.others];
              }),
            })}
            svg={() => placesSvg(name, matches, sequences, text)}
          />
        )}
      </h3>
      <div className="similar__rule">
        <label>
          on above{' '}
          <input
            className="input similar__threshold"
            inputMode="decimal"
            aria-label="Threshold"
            value={typed ?? String(usual)}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <label>
          <input type="checkbox" checked={offBefore} onChange={(event) => setOffBefore(event.target.checked)} /> off before
        </label>
        <label>
          <input type="checkbox" checked={offAfter} onChange={(event) => setOffAfter(event.target.checked)} /> off after
        </label>
      </div>
      {failure && <FailureNote failure={failure} />}
      {result && (
        <>
          <div className="unit-panel__alike">
            <h4>
              {result.on.length === 0
                ? `No unit is above ${shown(threshold)} all through these steps: lower the threshold, or choose fewer steps.`
                : `${result.on.length} ${result.on.length === 1 ? 'unit is' : 'units are'} on:`}
            </h4>
            {result.on.slice(0, mostShown).map((one) => (
              <button
                key={one}
                type="button"
                aria-label={`Pin unit ${one}`}
                aria-pressed={one === unit}
                onClick={() => onPin(one)}
              >
                {one}
              </button>
            ))}
            {result.on.length > mostShown && <span>and {result.on.length - mostShown} more</span>}
          </div>
          {result.on.length > 0 && (
            <p className="unit-panel__hint">
              {matches.length === 0
                ? 'Nowhere else in the text are half of them on together.'
                : 'Where at least half of them are on together, most first; a click looks at one.'}
            </p>
          )}
          <ScrollRegion label="Similar places" className="similar__places">
            <ul>
              {matches.map((match) => (
                <li key={`${match.sequence} ${match.from} ${match.to}`}>
                  <Place match={match} sequence={sequences[match.sequence]} on={result.on.length} text={text} onLook={onLook} />
                </li>
              ))}
            </ul>
          </ScrollRegion>
        </>
      )}
    </>
  );
}

/** Units that have a button each; their places matter more. */
const mostShown = 12;

/** Tokens of context on each side. */
const around = 6;

function contextOf(
  { from, to }: StepRange,
  words: readonly string[],
): readonly [before: readonly string[], within: readonly string[], after: readonly string[]] {
  return [words.slice(Math.max(0, from - around), from), words.slice(from, to + 1), words.slice(to + 1, to + 1 + around)];
}

interface PlaceProps {
  readonly match: RangeMatch;
  readonly sequence: TextSequence | undefined;
  readonly on: number;
  text(words: readonly string[]): string;
  onLook(example: number, range: StepRange): void;
}

function Place({ match, sequence, on, text, onLook }: PlaceProps) {
  if (!sequence) return null;
  const [before, within, after] = contextOf(match, sequence.words);
  const long = within.length > 3 * around;
  const inside = long ? `${text(within.slice(0, around))} … ${text(within.slice(-around))}` : text(within);
  return (
    <button type="button" className="similar__place" onClick={() => onLook(sequence.example, { from: match.from, to: match.to })}>
      <span className="similar__text">
        {text(before)} <b>{inside.trim() === '' ? `steps ${match.from + 1} to ${match.to + 1}` : inside}</b> {text(after)}
      </span>
      <span className="similar__shared">
        {match.shared} of {on}
        {match.others > 0 && `, ${match.others} others`} · row {sequence.example + 1}
      </span>
    </button>
  );
}

function placesSvg(
  title: string,
  matches: readonly RangeMatch[],
  sequences: readonly TextSequence[],
  text: (words: readonly string[]) => string,
): string {
  const lines = matches.slice(0, 30).map((match, row) => {
    const [before, within, after] = contextOf(match, sequences[match.sequence]?.words ?? []).map((part) => escaped(text(part)));
    return `<text x="0" y="${16 * row + 12}" fill="var(--dim)" xml:space="preserve">${before} <tspan fill="var(--ink)" font-weight="600">${within}</tspan> ${after}  (${match.shared} shared)</text>`;
  });
  return svgOf(title, 720, 16 * lines.length + 8, lines.join(''));
}
