import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import { announce } from '../store/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import './code-preview.css';

interface CodePreviewProps {
  readonly files: MethodResult<'export.preview'>['files'];
}

/** The generated files, one at a time, to read and copy. */
export function CodePreview({ files }: CodePreviewProps) {
  const [chosen, setChosen] = useState(files.find((file) => file.name.startsWith('model.'))?.name ?? files[0]?.name ?? '');
  const [copied, setCopied] = useState<string | null>(null);
  const file = files.find((f) => f.name === chosen) ?? files[0];
  if (!file) return null;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(file.text);
    setCopied(file.name);
    announce(`${file.name} copied.`);
  };
  return (
    <div className="code-preview">
      <nav className="code-preview__files" aria-label="Files">
        {files.map((f) => (
          <button
            key={f.name}
            type="button"
            aria-current={f.name === file.name}
            className="code-preview__file"
            onClick={() => setChosen(f.name)}
          >
            {f.name}
          </button>
        ))}
      </nav>
      <div className="code-preview__text">
        <Button size="small" className="code-preview__copy" onClick={() => void copy()}>
          {copied === file.name ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
          {copied === file.name ? 'Copied' : 'Copy'}
        </Button>
        <ScrollRegion key={file.name} label={`Text of ${file.name}`} className="code-preview__scroll">
          <pre>{file.text}</pre>
        </ScrollRegion>
      </div>
    </div>
  );
}
