import { FolderOpen } from 'lucide-react';
import { type FormEvent, useId } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { MediaSettings } from '../../engine/document/media-settings.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { chooseDirectory, chooseFile } from '../documents/choose-path.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/text-field.tsx';
import { InputLook } from './input-look.tsx';
import { keptForRuns } from './kept-for-runs.ts';
import { PredictionView } from './prediction-view.tsx';
import type { PickedRow } from './row-picker.tsx';
import { decodeOf, defaultSearch, type SearchChoice } from './search-choice.ts';
import { SearchSettings } from './search-settings.tsx';
import { TrialFrame } from './trial-frame.tsx';
import { type Question, usePrediction } from './use-prediction.ts';

interface TrialProps {
  readonly run: RunSummary;
  readonly binding: DataBinding;
}

interface Choice {
  readonly label: string;
  readonly title: string;
  /** None means a folder. */
  readonly endings: readonly string[];
}

/** What may be chosen, by what the data is made of; data without files offers its own rows only. */
const choices: Readonly<Record<MediaSettings['kind'], Choice | null>> = {
  none: null,
  audio: { label: 'Path of a recording', title: 'Choose a recording', endings: ['wav'] },
  image: { label: 'Path of a picture', title: 'Choose a picture', endings: ['png', 'jpg', 'jpeg'] },
  frames: { label: 'Folder of a video’s pictures', title: 'Choose a folder of pictures', endings: [] },
};

interface Choices {
  /** In the field. */
  readonly path: string;
  /** The path or the row that is asked about. */
  readonly asked: PickedRow | string | null;
  readonly search: SearchChoice;
}

const useChoices = keptForRuns<Choices>();

/** A recording, a picture or a video in, prediction out. */
export function FileTrial({ run, binding }: TrialProps) {
  const id = useId();
  const [{ path, asked, search }, choose] = useChoices(run.id, { path: '', asked: null, search: defaultSearch });
  const sequence = binding.task === 'sequence-to-sequence';
  const decode = sequence ? decodeOf(search) : undefined;
  const question: Question | null =
    asked === null
      ? null
      : typeof asked === 'string'
        ? { kind: 'file', path: asked, decode }
        : { kind: 'example', split: asked.split, index: asked.index, decode };
  const { prediction, failure, busy } = usePrediction(run.id, question);
  const choice = choices[binding.media.kind];
  const ask = (chosen: string): void => {
    const trimmed = chosen.trim();
    if (trimmed !== '') choose({ path: trimmed, asked: trimmed });
  };
  const browse = async ({ title, endings }: Choice): Promise<void> => {
    const chosen = await (endings.length > 0 ? chooseFile({ title, endings }) : chooseDirectory({ title }));
    if (chosen !== null) ask(chosen);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    ask(path);
  };
  return (
    <TrialFrame
      binding={binding}
      busy={busy}
      waiting={asked !== null && !prediction && !failure}
      failure={failure}
      row={typeof asked === 'string' ? null : asked}
      onPick={(picked) => choose({ path: '', asked: picked })}
      question={
        <>
          {choice ? (
            <form className="playground__file" onSubmit={submit}>
              <label htmlFor={id}>{choice.label}</label>
              <div>
                <TextField id={id} value={path} onChange={(event) => choose({ path: event.target.value })} />
                <Button type="submit" disabled={path.trim() === ''}>
                  Try it
                </Button>
                <Button variant="primary" onClick={() => void browse(choice)}>
                  <FolderOpen size={14} aria-hidden /> Choose…
                </Button>
              </div>
            </form>
          ) : (
            <p className="playground__hint">The pictures are made by the template: pick one of its rows below.</p>
          )}
          {sequence && <SearchSettings value={search} onChange={(next) => choose({ search: next })} />}
        </>
      }
    >
      {asked !== null && (
        <>
          <p className="playground__asked">{nameOf(asked)}</p>
          <InputLook
            binding={binding}
            of={typeof asked === 'string' ? { path: asked } : { split: asked.split, index: asked.index }}
            name={nameOf(asked)}
          />
        </>
      )}
      {prediction && !failure && (
        <div aria-live="polite">
          <PredictionView prediction={prediction} />
        </div>
      )}
      {asked === null && <p className="playground__hint">The prediction appears here.</p>}
    </TrialFrame>
  );
}

const nameOf = (asked: PickedRow | string): string =>
  typeof asked === 'string' ? asked : `Row ${asked.index + 1} of the ${asked.split} split`;
