import type { DataBinding } from '../../engine/document/data-binding.ts';
import { Field } from '../ui/field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { LanguageModelForm } from './language-model-form.tsx';
import { MediaForm } from './media-form.tsx';
import { SplitFilesForm } from './split-files-form.tsx';
import { changeBinding, chooseTask } from './store.ts';
import { tasks } from './tasks.ts';
import { TokenizerForm } from './tokenizer-form.tsx';

/** Task, tokenizers, windows and split of the binding. */
export function BindingForm({ binding }: { readonly binding: DataBinding }) {
  const { split, window, task } = binding;
  const forecast = task === 'forecasting';
  const files = binding.source.kind === 'file' ? binding.source.splitFiles : undefined;
  const setSplit = (patch: Partial<DataBinding['split']>): void => changeBinding({ split: { ...split, ...patch } });
  const setWindow = (patch: Partial<DataBinding['window']>): void => changeBinding({ window: { ...window, ...patch } });
  const whole = (use: (value: number) => void) => (value: number | null) => {
    if (value !== null) use(value);
  };
  return (
    <>
      <fieldset className="data__settings">
        <legend className="section-title">Task</legend>
        <Field label="Predict" stacked>
          {(control) => <Select control={control} value={task} options={tasks} onChange={chooseTask} />}
        </Field>
      </fieldset>
      {forecast ? (
        <fieldset className="data__settings">
          <legend className="section-title">Windows</legend>
          <NumberField
            label="Length"
            help="Steps the network sees before it predicts."
            value={window.length}
            min={1}
            max={100_000}
            integer
            onChange={whole((length) => setWindow({ length }))}
          />
          <NumberField
            label="Steps ahead"
            value={window.horizon}
            min={1}
            max={10_000}
            integer
            onChange={whole((horizon) => setWindow({ horizon }))}
          />
          <NumberField
            label="Stride"
            value={window.stride}
            min={1}
            max={10_000}
            integer
            onChange={whole((stride) => setWindow({ stride }))}
          />
          <NumberField
            label="Season"
            help="Steps after which the series repeats itself: the baseline is then the value one season before."
            value={window.season}
            min={2}
            max={10_000}
            integer
            placeholder="none"
            onChange={(season) => setWindow({ season })}
          />
        </fieldset>
      ) : (
        <InputForms binding={binding} />
      )}
      <fieldset className="data__settings">
        <legend className="section-title">Split</legend>
        {binding.source.kind === 'file' && <SplitFilesForm source={binding.source} />}
        {files?.validation === undefined && (
          <NumberField
            label="Validation share"
            value={split.validation}
            min={0}
            max={0.9}
            onChange={whole((validation) => setSplit({ validation }))}
          />
        )}
        {files?.test === undefined && (
          <NumberField label="Test share" value={split.test} min={0} max={0.9} onChange={whole((test) => setSplit({ test }))} />
        )}
        {!forecast && (
          <>
            <NumberField
              label="Seed"
              value={split.seed}
              min={0}
              max={2 ** 31 - 1}
              integer
              onChange={whole((seed) => setSplit({ seed }))}
            />
            {task !== 'sequence-to-sequence' && task !== 'language-model' && (
              <Field label="Same class shares in each">
                {(control) => (
                  <Switch control={control} checked={split.stratify} onChange={(stratify) => setSplit({ stratify })} />
                )}
              </Field>
            )}
          </>
        )}
        <NumberField
          label="Use at most"
          placeholder="all"
          value={binding.limit}
          min={1}
          max={1_000_000_000}
          integer
          nullable
          onChange={(limit) => changeBinding({ limit })}
        />
      </fieldset>
    </>
  );
}

/** What the input is made of, and where it is tokens, how they are found; the same of a target that is a sequence. */
function InputForms({ binding }: { readonly binding: DataBinding }) {
  const { task, source, media, tokenizer, targetTokenizer, languageModel } = binding;
  const said = task === 'sequence-to-sequence';
  const files = source.kind === 'file' && task !== 'language-model' && task !== 'step-tagging';
  return (
    <>
      {files && <MediaForm value={media} onChange={(next) => changeBinding({ media: next })} />}
      {media.kind === 'none' && (
        <TokenizerForm
          title={said ? 'Input tokens' : 'Tokens'}
          tokenizer={tokenizer}
          subwords={task !== 'step-tagging'}
          onChange={(patch) => changeBinding({ tokenizer: { ...tokenizer, ...patch } })}
        />
      )}
      {said && (
        <TokenizerForm
          title="Target tokens"
          tokenizer={targetTokenizer}
          subwords
          onChange={(patch) => changeBinding({ targetTokenizer: { ...targetTokenizer, ...patch } })}
        />
      )}
      {task === 'language-model' && (
        <LanguageModelForm
          settings={languageModel}
          onChange={(patch) => changeBinding({ languageModel: { ...languageModel, ...patch } })}
        />
      )}
    </>
  );
}
