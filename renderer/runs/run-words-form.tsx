import { useId, useState } from 'react';
import type { RunSummary, RunWords } from '../../engine/protocol/runs.ts';
import { describeRun } from '../training/store.ts';
import { TextField } from '../ui/text-field.tsx';
import { toastFailure } from '../ui/toast-store.ts';

/** Tags and a note on a run, kept with it when the field is left. */
export function RunWordsForm({ run }: { readonly run: RunSummary }) {
  const tags = (run.tags ?? []).join(', ');
  return (
    <div className="run-words">
      <Line
        label="Tags"
        hint="baseline, paper"
        value={tags}
        onChange={(text) =>
          keep(run, { tags: [...new Set(text.split(',').map((tag) => tag.trim().slice(0, 40)))].filter(Boolean).slice(0, 20) })
        }
      />
      <Line label="Note" hint="What this run is for" value={run.note ?? ''} onChange={(note) => keep(run, { note })} />
    </div>
  );
}

interface LineProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  onChange(value: string): void;
}

function Line({ label, hint, value, onChange }: LineProps) {
  const id = useId();
  const [text, setText] = useState<string | null>(null);
  const leave = (): void => {
    if (text !== null && text !== value) onChange(text);
    setText(null);
  };
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <TextField
        id={id}
        placeholder={hint}
        maxLength={4000}
        value={text ?? value}
        onChange={(event) => setText(event.target.value)}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key === 'Enter') leave();
          if (event.key === 'Escape') setText(null);
        }}
      />
    </>
  );
}

const keep = (run: RunSummary, words: RunWords): void => {
  describeRun(run.id, words).catch((error: unknown) => toastFailure(error, 'Not kept'));
};
