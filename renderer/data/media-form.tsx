import { type MediaSettings, mediaSettings } from '../../engine/document/media-settings.ts';
import { Field } from '../ui/field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Select } from '../ui/select.tsx';

const kinds: readonly { readonly value: MediaSettings['kind']; readonly label: string }[] = [
  { value: 'none', label: 'The input itself' },
  { value: 'audio', label: 'Paths of recordings (WAV)' },
  { value: 'image', label: 'Paths of pictures (PNG, JPEG)' },
  { value: 'frames', label: 'Folders of pictures (video)' },
];

interface MediaFormProps {
  readonly value: MediaSettings;
  onChange(next: MediaSettings): void;
}

/** Whether the input column holds the input or names files, and what the files become. */
export function MediaForm({ value, onChange }: MediaFormProps) {
  return (
    <fieldset className="data__settings">
      <legend className="section-title">Input column</legend>
      <Field label="Holds" stacked {...(value.kind === 'none' ? {} : { help: 'Paths are relative to the folder of the table.' })}>
        {(control) => (
          <Select
            control={control}
            value={value.kind}
            options={kinds}
            onChange={(kind) => onChange(mediaSettings.parse({ kind }))}
          />
        )}
      </Field>
      {value.kind === 'audio' && <AudioFields value={value} onChange={onChange} />}
      {(value.kind === 'image' || value.kind === 'frames') && <PictureFields value={value} onChange={onChange} />}
    </fieldset>
  );
}

type Audio = Extract<MediaSettings, { kind: 'audio' }>;

function AudioFields({ value, onChange }: { readonly value: Audio; onChange(next: Audio): void }) {
  const set = (patch: Partial<Audio>): void => onChange({ ...value, ...patch });
  return (
    <>
      <NumberField
        label="Samples per second"
        help="Every recording is brought to this rate."
        value={value.sampleRate}
        min={2000}
        max={96_000}
        integer
        onChange={(sampleRate) => sampleRate !== null && set({ sampleRate })}
      />
      <Field label="Features">
        {(control) => (
          <Select
            control={control}
            value={value.features}
            options={[
              { value: 'log-mel', label: 'Log-mel' },
              { value: 'mfcc', label: 'MFCC' },
            ]}
            onChange={(features) => set({ features })}
          />
        )}
      </Field>
      <NumberField
        label="Mel bands"
        value={value.bands}
        min={4}
        max={256}
        integer
        onChange={(bands) => bands !== null && set({ bands })}
      />
      {value.features === 'mfcc' && (
        <NumberField
          label="Coefficients"
          value={value.coefficients}
          min={2}
          max={256}
          integer
          onChange={(coefficients) => coefficients !== null && set({ coefficients })}
        />
      )}
      <NumberField
        label="Frame in ms"
        value={value.frameMilliseconds}
        min={2}
        max={500}
        onChange={(frameMilliseconds) => frameMilliseconds !== null && set({ frameMilliseconds })}
      />
      <NumberField
        label="Frame every … ms"
        value={value.hopMilliseconds}
        min={1}
        max={500}
        onChange={(hopMilliseconds) => hopMilliseconds !== null && set({ hopMilliseconds })}
      />
    </>
  );
}

type Pictures = Extract<MediaSettings, { kind: 'image' | 'frames' }>;

function PictureFields({ value, onChange }: { readonly value: Pictures; onChange(next: Pictures): void }) {
  return (
    <>
      <NumberField
        label="Height"
        help="Every picture is brought to this size."
        value={value.height}
        min={1}
        max={512}
        integer
        onChange={(height) => height !== null && onChange({ ...value, height })}
      />
      <NumberField
        label="Width"
        value={value.width}
        min={1}
        max={512}
        integer
        onChange={(width) => width !== null && onChange({ ...value, width })}
      />
      <Field label="Colours">
        {(control) => (
          <Select
            control={control}
            value={value.channels === 1 ? 'grey' : 'colour'}
            options={[
              { value: 'colour', label: 'Colour' },
              { value: 'grey', label: 'Grey' },
            ]}
            onChange={(colours) => onChange({ ...value, channels: colours === 'grey' ? 1 : 3 })}
          />
        )}
      </Field>
    </>
  );
}
