import type { DataBinding, ReaderSettings, TaskKind } from '../../engine/document/data-binding.ts';
import { Field } from '../ui/field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { LanguageModelForm } from './language-model-form.tsx';
import { changeBinding, readAnew } from './store.ts';
import { TokenizerForm } from './tokenizer-form.tsx';

const tasks: readonly { readonly value: TaskKind; readonly label: string }[] = [
  { value: 'sequence-classification', label: 'Class per sequence' },
  { value: 'step-tagging', label: 'Tag per step' },
  { value: 'sequence-regression', label: 'Number per sequence' },
  { value: 'forecasting', label: 'Forecast a series' },
  { value: 'sequence-to-sequence', label: 'Sequence to sequence' },
  { value: 'language-model', label: 'Language model' },
];

/** The task in words. */
export const taskTitle = (task: TaskKind): string => tasks.find((t) => t.value === task)?.label ?? task;

const formats: readonly { readonly value: ReaderSettings['format']; readonly label: string }[] = [
  { value: 'delimited', label: 'CSV or TSV' },
  { value: 'jsonl', label: 'JSON lines' },
  { value: 'conll', label: 'CoNLL columns' },
  { value: 'text', label: 'Plain text' },
  { value: 'series', label: 'Numeric series' },
];
const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1', 'shift_jis', 'gb18030', 'big5', 'euc-kr'];
const delimiters: readonly { readonly value: string; readonly label: string }[] = [
  { value: ',', label: 'Comma' },
  { value: '\t', label: 'Tab' },
  { value: ';', label: 'Semicolon' },
  { value: '|', label: 'Bar' },
  { value: ' ', label: 'Space' },
];

/** How the file is read. */
export function ReaderForm({ reader }: { readonly reader: ReaderSettings }) {
  const encoding = reader.encoding?.toLowerCase() ?? 'utf-8';
  const delimiter = reader.delimiter ?? ',';
  const table = reader.format === 'delimited' || reader.format === 'series';
  return (
    <fieldset className="data__settings">
      <legend className="section-title">Reading</legend>
      <Field label="Format">
        {(control) => (
          <Select control={control} value={reader.format} options={formats} onChange={(format) => void readAnew({ format })} />
        )}
      </Field>
      <Field label="Encoding">
        {(control) => (
          <Select
            control={control}
            value={encoding}
            options={[...new Set([...encodings, encoding])].map((value) => ({ value, label: value.toUpperCase() }))}
            onChange={(next) => void readAnew({ encoding: next })}
          />
        )}
      </Field>
      {table && (
        <>
          <Field label="Delimiter">
            {(control) => (
              <Select
                control={control}
                value={delimiter}
                options={
                  delimiters.some((d) => d.value === delimiter)
                    ? delimiters
                    : [...delimiters, { value: delimiter, label: delimiter }]
                }
                onChange={(next) => void readAnew({ delimiter: next })}
              />
            )}
          </Field>
          <Field label="First row is a header">
            {(control) => (
              <Switch control={control} checked={reader.header ?? true} onChange={(header) => void readAnew({ header })} />
            )}
          </Field>
        </>
      )}
    </fieldset>
  );
}

/** Task, tokenizers, windows and split of the binding. */
export function BindingForm({ binding }: { readonly binding: DataBinding }) {
  const { tokenizer, targetTokenizer, languageModel, split, window, task } = binding;
  const forecast = task === 'forecasting';
  const said = task === 'sequence-to-sequence';
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
          {(control) => (
            <Select control={control} value={task} options={tasks} onChange={(next) => changeBinding({ task: next })} />
          )}
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
        </fieldset>
      ) : (
        <TokenizerForm
          title={said ? 'Input tokens' : 'Tokens'}
          tokenizer={tokenizer}
          onChange={(patch) => changeBinding({ tokenizer: { ...tokenizer, ...patch } })}
        />
      )}
      {said && (
        <TokenizerForm
          title="Target tokens"
          tokenizer={targetTokenizer}
          onChange={(patch) => changeBinding({ targetTokenizer: { ...targetTokenizer, ...patch } })}
        />
      )}
      {task === 'language-model' && (
        <LanguageModelForm
          settings={languageModel}
          onChange={(patch) => changeBinding({ languageModel: { ...languageModel, ...patch } })}
        />
      )}
      <fieldset className="data__settings">
        <legend className="section-title">Split</legend>
        <NumberField
          label="Validation share"
          value={split.validation}
          min={0}
          max={0.9}
          onChange={whole((validation) => setSplit({ validation }))}
        />
        <NumberField label="Test share" value={split.test} min={0} max={0.9} onChange={whole((test) => setSplit({ test }))} />
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
            <Field label="Same class shares in each">
              {(control) => <Switch control={control} checked={split.stratify} onChange={(stratify) => setSplit({ stratify })} />}
            </Field>
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
