import { FileSpreadsheet } from 'lucide-react';
import type { DataSource } from '../../engine/document/data-binding.ts';
import type { MethodResult } from '../../engine/protocol/contract.ts';
import { browseForData } from '../data/choose-data-file.ts';
import { fileName } from '../data/file-name.ts';
import { useFirstExample } from '../data/first-example.ts';
import { InputPicture } from '../data/input-picture.tsx';
import { useDataStore } from '../data/store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Button } from '../ui/button.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { visibleToken } from '../ui/visible-token.ts';
import './card-facts.css';
import { factsHeight } from './port-places.ts';

type Example = MethodResult<'data.examples'>['examples'][number];

/** What an input's card tells of its data: the file, and its first example as the model reads it. */
export function InputFacts({ kind }: { readonly kind: string }) {
  const source = useDocumentStore((s) => s.document.data?.source ?? null);
  return (
    <div className="card-facts" style={{ height: factsHeight.input }}>
      {source === null ? (
        <Button size="small" className="nodrag" onClick={() => void browseForData()}>
          Choose data …
        </Button>
      ) : (
        <>
          <SourceName source={source} />
          <Sample kind={kind} />
        </>
      )}
    </div>
  );
}

function SourceName({ source }: { readonly source: DataSource }) {
  const [name, whole] =
    source.kind === 'file' ? [fileName(source.path), source.path] : [`${source.name} template`, 'Data that the template makes'];
  return (
    <p className="card-facts__line" title={whole}>
      <FileSpreadsheet size={13} aria-hidden />
      <span className="card-facts__text">{name}</span>
    </p>
  );
}

function Sample({ kind }: { readonly kind: string }) {
  const example = useFirstExample((s) => s.example);
  const preparing = useDataStore((s) => s.preparing);
  const failure = useDataStore((s) => s.failure);
  if (example === null) {
    const words = failure ? 'cannot be read' : preparing ? 'reading …' : 'not read yet';
    return (
      <p className="card-facts__line card-facts__sample" data-bad={failure !== null} title={failure?.message}>
        {words}
      </p>
    );
  }
  const { text, whole } = readBy(kind, example);
  return (
    <Tooltip side="bottom" content={<span className="card-facts__whole">First example: {whole}</span>}>
      <p className="card-facts__line card-facts__sample">
        {kind !== 'target-input' && example.view && <InputPicture view={example.view} />}
        {text !== '' && <span className="card-facts__text">{text}</span>}
      </p>
    </Tooltip>
  );
}

/** An example as an input of that kind gives it to the model: in short, and as far as it is known. */
function readBy(kind: string, { input, target, tokens, targetTokens, view }: Example) {
  const late = targetTokens && ['<bos>', ...targetTokens.filter((token) => token !== '<eos>')];
  const [read, written] = kind === 'target-input' ? [late, target] : [tokens, input];
  const whole = read ? read.map(visibleToken).join(' ') : written;
  // Beside a picture of them, numbers say nothing; a file's name does.
  const pictured = kind !== 'target-input' && view !== undefined && /^[-+\d.,e\s…]+$/.test(input);
  return { text: pictured ? '' : whole, whole };
}
