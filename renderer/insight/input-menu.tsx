import { PencilLine } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useEffect, useId, useState } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import { dataInGraph } from '../../engine/document/data-in-graph.ts';
import type { InspectedWeights } from '../../engine/protocol/inspect.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { RowPicker } from '../playground/row-picker.tsx';
import { whatIsRead } from '../playground/what-is-read.ts';
import { activeRun, loadRun, useTrainingStore } from '../training/store.ts';
import { Button } from '../ui/button.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { chooseInput, chooseWeights, useInsight } from './store.ts';

/** What the network is looked at with: a sentence that is typed, or a row of the run's data; and with which weights. */
export function InputMenu() {
  const [open, setOpen] = useState(false);
  const run = useTrainingStore(activeRun);
  if (!run) return null;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button size="small">
          <PencilLine size={13} aria-hidden /> Sentence
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="input-menu" align="start" sideOffset={6} collisionPadding={8} aria-label="What is read">
          <Choices run={run} onChosen={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface ChoicesProps {
  readonly run: RunSummary;
  onChosen(): void;
}

function Choices({ run, onChosen }: ChoicesProps) {
  const document = useTrainingStore((s) => s.documents[run.id]);
  const missing = document === undefined;
  useEffect(() => {
    if (missing) void loadRun(run.id);
  }, [missing, run.id]);
  const binding = document ? dataInGraph(document) : null;
  if (!document || binding === null) return <p className="input-menu__hint">Reading the run …</p>;
  return (
    <>
      {whatIsRead(document, binding) === 'text' && <TypedText binding={binding} onChosen={onChosen} />}
      <RowPicker
        binding={binding}
        onPick={({ split, index }) => {
          chooseInput({ kind: 'example', split, index });
          onChosen();
        }}
      />
      <WeightsChoice run={run} />
    </>
  );
}

function TypedText({ binding, onChosen }: { readonly binding: DataBinding; onChosen(): void }) {
  const id = useId();
  const input = useInsight((s) => s.input);
  const [text, setText] = useState(input?.kind === 'text' ? input.text : '');
  const letters = binding.tokenizer.level === 'character';
  const look = (): void => {
    if (text.trim() === '') return;
    chooseInput({ kind: 'text', text });
    onChosen();
  };
  return (
    <div>
      <label htmlFor={id}>{letters ? 'Type a word' : 'Type a sentence'}</label>
      <TextArea
        id={id}
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          look();
        }}
      />
      <div className="input-menu__row">
        <Button size="small" variant="primary" disabled={text.trim() === ''} onClick={look}>
          Look at it
        </Button>
        <span className="input-menu__hint">Enter</span>
      </div>
    </div>
  );
}

type Choice = 'usual' | InspectedWeights;

function WeightsChoice({ run }: { readonly run: RunSummary }) {
  const weights = useInsight((s) => s.weights);
  const live = run.status === 'running' || run.status === 'paused';
  const options: { readonly value: Choice; readonly label: string }[] = live
    ? [
        { value: 'usual', label: 'Live' },
        ...(run.best ? [{ value: 'best' as const, label: 'Best' }] : []),
        { value: 'last', label: 'Last checkpoint' },
      ]
    : [{ value: 'usual', label: run.best ? 'Best' : 'Last' }, ...(run.best ? [{ value: 'last' as const, label: 'Last' }] : [])];
  const value: Choice = options.some((option) => option.value === weights) ? (weights ?? 'usual') : 'usual';
  return (
    <div className="input-menu__row">
      <span>Weights</span>
      <Segmented<Choice>
        label="Weights"
        value={value}
        options={options}
        onChange={(next) => chooseWeights(next === 'usual' ? null : next)}
      />
    </div>
  );
}
