import { Check, Copy, Sparkles, Square } from 'lucide-react';
import { useId, useState } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { Generation } from '../../engine/protocol/predict.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { ScaleLegend } from '../insight/scale-legend.tsx';
import { formatNumber, withMinus } from '../training/metric-format.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { DrawFields } from './draw-fields.tsx';
import './generation-trial.css';
import { keptForRuns } from './kept-for-runs.ts';
import { type PinnedUnit, unitColours, usePinnedUnit } from './pinned-unit.ts';
import { PredictionFailure } from './prediction-view.tsx';
import { ProbabilityBars } from './probability-bars.tsx';
import { type DrawSettings, defaultDraw } from './search-choice.ts';
import { TextFiles } from './text-files.tsx';
import { UnknownTokens } from './unknown-tokens.tsx';
import { type Said, useGeneration } from './use-generation.ts';
import { usePrediction } from './use-prediction.ts';
import { surpriseOf, type WrittenColours, WrittenText, writtenText } from './written-text.tsx';

interface TrialProps {
  readonly run: RunSummary;
  readonly binding: DataBinding;
}

interface Asked {
  readonly prompt: string;
  readonly draw: DrawSettings;
  readonly maxTokens: number;
  readonly untilEnd: boolean;
  readonly by: ColourBy;
}

const useAsked = keptForRuns<Asked>();

/** A language model goes on from a prompt, token by token (row L20). */
export function GenerationTrial({ run, binding }: TrialProps) {
  const id = useId();
  const [{ prompt, draw, maxTokens, untilEnd, by }, ask] = useAsked(run.id, {
    prompt: '',
    draw: defaultDraw,
    maxTokens: 200,
    // A row of lines is a whole; in a running text its end is a line's end, and the next line follows.
    untilEnd: binding.languageModel.unit === 'line',
    by: 'plain',
  });
  const { said, busy, failure, generate, stop } = useGeneration(run.id);
  const next = usePrediction(run.id, busy ? null : { kind: 'text', text: prompt });
  const pinned = usePinnedUnit(run.id);
  const colours = coloursOf(by, said, pinned);
  const text = said === null ? '' : writtenText(said.prompt, said.pieces, binding);
  const nextTokens = next.prediction?.kind === 'class' ? next.prediction : null;

  return (
    <>
      <form
        className="playground__question"
        onSubmit={(event) => {
          event.preventDefault();
          void generate({ prompt, ...draw, maxTokens, untilEnd }, pinned?.watch ?? null);
        }}
      >
        <label htmlFor={id}>Prompt</label>
        <TextArea
          id={id}
          rows={3}
          value={prompt}
          placeholder="How the text begins; empty lets the model begin by itself"
          onChange={(event) => ask({ prompt: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
        <fieldset className="search-settings">
          <legend className="visually-hidden">Sampling</legend>
          <div className="search-settings__fields">
            <DrawFields value={draw} onChange={(patch) => ask({ draw: { ...draw, ...patch } })} />
            <NumberField
              label="Token limit"
              value={maxTokens}
              min={1}
              max={100_000}
              integer
              onChange={(value) => value !== null && ask({ maxTokens: value })}
            />
            <Field label="Stop at the end" help="<eos> ends the text; otherwise it is a line end.">
              {(control) => <Switch control={control} checked={untilEnd} onChange={(next) => ask({ untilEnd: next })} />}
            </Field>
          </div>
        </fieldset>
        <div className="generation__buttons">
          <Button variant="primary" type="submit" disabled={busy}>
            <Sparkles size={14} aria-hidden /> Generate
          </Button>
          <Button disabled={!busy} onClick={stop}>
            <Square size={12} aria-hidden /> Stop
          </Button>
          <p className="playground__hint" role="status">
            {said && (busy ? 'Writing …' : said.result && ending(said.result))}
          </p>
        </div>
      </form>
      <section className="playground__answer" aria-label="Generated text" aria-busy={busy}>
        {failure && <PredictionFailure failure={failure} />}
        {said ? (
          <>
            <WrittenText prompt={said.prompt} pieces={said.pieces} binding={binding} busy={busy} colours={colours} />
            <div className="generation__buttons">
              <CopyText text={text} disabled={said.pieces.length === 0} />
              {said.result && <TextFiles binding={binding} text={text} />}
              <Segmented<ColourBy>
                label="Colour the text by"
                value={by}
                onChange={(next) => ask({ by: next })}
                options={[
                  { value: 'plain', label: 'Plain' },
                  { value: 'surprise', label: 'Surprise' },
                  { value: 'unit', label: 'Unit' },
                ]}
              />
              {colours && (
                <span className="generation__legend">
                  {by === 'unit' ? `${colours.label}, after each token was read` : '−log₂ p of each token, in bits'}{' '}
                  <ScaleLegend scale={colours.scale} />
                </span>
              )}
              {by === 'unit' && !colours && (
                <span className="generation__legend">
                  {pinned
                    ? `Generate again to see ${pinned.label}.`
                    : 'Look inside this run on the canvas and click a row of the Step map: the unit that is pinned colours the text.'}
                </span>
              )}
            </div>
          </>
        ) : (
          <p className="playground__hint">The text appears here while it is written.</p>
        )}
      </section>
      <section className="playground__answer" aria-label="What comes next" aria-busy={next.busy}>
        <h3 className="generation__next">What may come after the prompt</h3>
        {next.failure && <PredictionFailure failure={next.failure} />}
        {nextTokens && (
          <>
            <ProbabilityBars ranked={nextTokens.ranked.map(spelled)} limit={8} rest={false} />
            {nextTokens.tokens.length > 0 && <UnknownTokens tokens={nextTokens.tokens} unknown={nextTokens.unknown} />}
          </>
        )}
      </section>
    </>
  );
}

type ColourBy = 'plain' | 'surprise' | 'unit';

/** `null`: plain, or there are no numbers of the unit that is pinned. */
function coloursOf(by: ColourBy, said: Said | null, pinned: PinnedUnit | null): WrittenColours | null {
  if (said === null || by === 'plain') return null;
  if (by === 'surprise') return surpriseOf(said.pieces);
  const same = pinned !== null && JSON.stringify(pinned.watch) === JSON.stringify(said.watch);
  return same ? unitColours(pinned, said.values) : null;
}

const names: Readonly<Record<string, string>> = { ' ': '␣ space', '\n': '⏎ line end', '<eos>': '<eos> the end' };
const spelled = ({ label, probability }: { label: string; probability: number }) => ({
  label: names[label] ?? label,
  probability,
});

const endings: Readonly<Record<Generation['ended'], string>> = {
  end: 'ended by itself',
  limit: 'cut at the limit',
  cancelled: 'stopped',
};

function ending({ tokens, logProbability, ended }: Generation): string {
  const count = `${tokens.length.toLocaleString('en')} ${tokens.length === 1 ? 'token' : 'tokens'}`;
  const perplexity = tokens.length > 0 ? `, perplexity ${formatNumber(Math.exp(-logProbability / tokens.length), 2)}` : '';
  return `${count}, ${endings[ended]}; log-probability ${withMinus(logProbability.toFixed(1))}${perplexity}`;
}

function CopyText({ text, disabled }: { readonly text: string; readonly disabled: boolean }) {
  const [copied, setCopied] = useState<string | null>(null);
  const done = copied === text;
  return (
    <Button
      size="small"
      disabled={disabled}
      onClick={() =>
        void navigator.clipboard.writeText(text).then(
          () => setCopied(text),
          () => setCopied(null),
        )
      }
    >
      {done ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />} {done ? 'Copied' : 'Copy'}
    </Button>
  );
}
