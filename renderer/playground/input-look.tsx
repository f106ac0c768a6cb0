import { useEffect, useState } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { MethodParams, MethodResult } from '../../engine/protocol/contract.ts';
import { engine } from '../bridge/engine.ts';
import { InputPicture } from '../data/input-picture.tsx';
import { describeView } from '../data/input-pixels.ts';
import './input-look.css';
import { PlaySound } from './play-sound.tsx';

interface InputLookProps {
  readonly binding: DataBinding;
  /** The file or the example that is asked about. */
  readonly of: MethodParams<'data.view'>['of'];
  readonly name: string;
}

/** The picture or the recording that is asked about, beside what the network gets of it. */
export function InputLook({ binding, of, name }: InputLookProps) {
  const look = useInputLook(binding, of);
  if (!look || (look.view === null && look.file === null)) return null;
  const { file, view } = look;
  const source = file === null ? null : `data:${file.type};base64,${file.base64}`;
  return (
    <div className="input-look">
      {source !== null && (
        <figure>
          {file?.type === 'audio/wav' ? <PlaySound source={source} name={name} /> : <img src={source} alt={name} />}
          <figcaption>The file</figcaption>
        </figure>
      )}
      {view !== null && (
        <figure>
          <InputPicture view={view} large />
          <figcaption>What the network reads: {describeView(view)}</figcaption>
        </figure>
      )}
    </div>
  );
}

/** `null` until known, and where it cannot be read: the prediction says why. */
function useInputLook(binding: DataBinding, of: InputLookProps['of']): MethodResult<'data.view'> | null {
  const [look, setLook] = useState<MethodResult<'data.view'> | null>(null);
  const asked = JSON.stringify(of);
  useEffect(() => {
    let current = true;
    engine.call('data.view', { binding, of: JSON.parse(asked) as InputLookProps['of'] }).then(
      (found) => current && setLook(found),
      () => current && setLook(null),
    );
    return () => {
      current = false;
    };
  }, [binding, asked]);
  return look;
}
