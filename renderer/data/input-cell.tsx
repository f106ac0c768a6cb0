import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import './input-cell.css';
import { InputPicture } from './input-picture.tsx';

interface InputCellProps {
  readonly example: MethodResult<'data.examples'>['examples'][number];
  readonly binding: DataBinding;
}

/** An example's input in a list: its text, or what its numbers look like with the name of their file. */
export function InputCell({ example: { input, view }, binding }: InputCellProps) {
  // The numbers of a picture or a spectrogram say nothing to a reader; those of a series do, and so does a file's name.
  const told = view === undefined || view.kind === 'lines' || (binding.source.kind === 'file' && binding.media.kind !== 'none');
  return (
    <span className="input-cell">
      {view && <InputPicture view={view} />}
      {told && (
        <span className={view ? 'input-cell__line' : 'input-cell__text'} title={input}>
          {input}
        </span>
      )}
    </span>
  );
}
