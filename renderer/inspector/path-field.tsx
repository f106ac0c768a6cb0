import { FolderOpen } from 'lucide-react';
import { chooseFile } from '../documents/choose-path.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { TextField } from '../ui/text-field.tsx';

interface PathFieldProps {
  readonly label: string;
  readonly help?: string;
  /** Of files that can be chosen, without the first dot; none means every file. */
  readonly endings: readonly string[];
  readonly value: string;
  onChange(value: string): void;
}

/** A file on the engine's machine: its path to type or paste, and a button that looks for it. */
export function PathField({ label, help, endings, value, onChange }: PathFieldProps) {
  const browse = async (): Promise<void> => {
    const path = await chooseFile({ title: label, endings });
    if (path !== null) onChange(path);
  };
  return (
    <Field label={label} stacked {...(help === undefined ? {} : { help })}>
      {(control) => (
        <div className="inspector__path">
          <TextField {...control} value={value} title={value} onChange={(event) => onChange(event.target.value)} />
          <Button onClick={() => void browse()}>
            <FolderOpen size={14} aria-hidden /> Choose…<span className="visually-hidden"> {label}</span>
          </Button>
        </div>
      )}
    </Field>
  );
}
