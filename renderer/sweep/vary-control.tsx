import { Shuffle } from 'lucide-react';
import type { ReactNode } from 'react';
import { firstRange, stopVarying, variedAt, varySetting } from '../../engine/graph/sweep/edit-sweep.ts';
import { type SettingPlace, variedField } from '../../engine/graph/sweep/varied-field.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { blocksAlong } from '../store/levels.ts';
import { IconButton } from '../ui/button.tsx';
import { RangeEditor } from './range-editor.tsx';
import './vary-control.css';

/** The place of a node's setting in the whole document, from where it is looked at. */
export function usePlaceOf(node: string | null): Omit<SettingPlace, 'field'> {
  const block = useDocumentStore((s) => (node === null ? undefined : blocksAlong(s.whole, s.level).at(-1)?.id));
  return block === undefined ? { node } : { node, block };
}

interface VaryProps {
  readonly place: SettingPlace;
  /** Of the setting, as its field says it. */
  readonly label: string;
  /** The setting's own field. */
  readonly children: ReactNode;
}

/** A setting with a button that has a sweep vary it, and the range where one does. */
export function Vary({ place, label, children }: VaryProps) {
  const whole = useDocumentStore((s) => s.whole);
  const editWhole = useDocumentStore((s) => s.editWhole);
  const setting = variedAt(whole, place);
  const possible = setting !== undefined || variedField(whole, place).ok;
  if (!possible) return children;
  const toggle = (): void =>
    editWhole((document) =>
      variedAt(document, place) ? stopVarying(document, place) : varySetting(document, place, firstRange(document, place)),
    );
  return (
    <div className="vary" data-varied={setting !== undefined}>
      <div className="vary__field">{children}</div>
      <IconButton
        label={setting === undefined ? `Vary ${label} in a sweep` : `Do not vary ${label}`}
        size="small"
        aria-pressed={setting !== undefined}
        className="vary__toggle"
        onClick={toggle}
      >
        <Shuffle size={13} aria-hidden />
      </IconButton>
      {setting && <RangeEditor setting={setting} label={label} />}
    </div>
  );
}
