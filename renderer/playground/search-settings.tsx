import { NumberField } from '../ui/number-field.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { DrawFields } from './draw-fields.tsx';
import type { SearchChoice } from './search-choice.ts';
import './search-settings.css';

const methods: readonly { readonly value: SearchChoice['method']; readonly label: string }[] = [
  { value: 'greedy', label: 'Greedy' },
  { value: 'beam', label: 'Beam' },
  { value: 'sample', label: 'Sample' },
];

const explained: Readonly<Record<SearchChoice['method'], string>> = {
  greedy: 'The most probable token at each step.',
  beam: 'Several beginnings are followed at once; the most probable whole sequences are kept.',
  sample: 'Each token is drawn with its probability.',
};

interface SearchSettingsProps {
  readonly value: SearchChoice;
  onChange(next: SearchChoice): void;
}

/** How the model's answer is searched for. */
export function SearchSettings({ value, onChange }: SearchSettingsProps) {
  const patch = (part: Partial<SearchChoice>): void => onChange({ ...value, ...part });
  return (
    <fieldset className="search-settings">
      <legend className="visually-hidden">Search</legend>
      <div className="search-settings__method">
        <Segmented label="Search" value={value.method} options={methods} onChange={(method) => patch({ method })} />
        <p>{explained[value.method]}</p>
      </div>
      <div className="search-settings__fields">
        {value.method === 'beam' && (
          <>
            <NumberField
              label="Beam width"
              help="Sequences followed at once."
              value={value.width}
              min={1}
              max={100}
              integer
              onChange={(width) => width !== null && patch({ width })}
            />
            <NumberField
              label="Length penalty"
              help="0 favours short sequences."
              value={value.lengthPenalty}
              min={0}
              max={10}
              onChange={(lengthPenalty) => lengthPenalty !== null && patch({ lengthPenalty })}
            />
          </>
        )}
        {value.method === 'sample' && (
          <>
            <NumberField
              label="Sequences"
              help="How many are drawn."
              value={value.samples}
              min={1}
              max={100}
              integer
              onChange={(samples) => samples !== null && patch({ samples })}
            />
            <DrawFields value={value} onChange={patch} />
          </>
        )}
        <NumberField
          label="Token limit"
          help="Empty: twice the longest target of the training data."
          placeholder="auto"
          value={value.maxTokens}
          min={1}
          max={10_000}
          integer
          nullable
          onChange={(maxTokens) => patch({ maxTokens })}
        />
      </div>
    </fieldset>
  );
}
