import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import { engine } from '../bridge/engine.ts';
import { PlaySound } from './play-sound.tsx';

type Files = MethodResult<'data.files'>['files'];

interface TextFilesProps {
  readonly binding: DataBinding;
  readonly text: string;
}

/** What a text can be turned into besides, where its data knows how: sound is played, every file can be saved. */
export function TextFiles({ binding, text }: TextFilesProps) {
  const [files, setFiles] = useState<Files>([]);
  useEffect(() => {
    let current = true;
    setFiles([]);
    engine.call('data.files', { binding, text }).then(
      (found) => current && setFiles(found.files),
      // Without them there still is the text.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [binding, text]);
  return files
    .map(({ name, type, base64 }) => ({ name, type, address: `data:${type};base64,${base64}` }))
    .map(({ name, type, address }) => (
      <span key={name} className="generation__file">
        {type === 'audio/wav' && <PlaySound source={address} name={name} small />}
        <a className="button button--default button--small" href={address} download={name}>
          <Download size={13} aria-hidden /> Save {name}
        </a>
      </span>
    ));
}
