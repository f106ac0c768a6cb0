import { Wrench } from 'lucide-react';
import type { Remedy } from '../../engine/lint/finding.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { Button } from '../ui/button.tsx';

interface FixButtonProps {
  readonly remedy: Remedy;
  /** Says what it does; otherwise that stands beside it. */
  readonly spelled?: boolean;
}

/** With what it mended a button goes; who took it with keys goes on with the next one there, or the one before. */
const passFocusOn = (button: HTMLButtonElement) => () => {
  if (document.activeElement !== button) return;
  const around = [...(button.closest('section, [role="dialog"]')?.querySelectorAll('button') ?? [])];
  const at = around.indexOf(button);
  (around[at + 1] ?? around[at - 1])?.focus();
};

/** Takes a remedy, as one step to undo. */
export function FixButton({ remedy, spelled = false }: FixButtonProps) {
  const fix = (): void => {
    useDocumentStore.getState().editWhole((document) => remedy.apply(document));
    announce(`${remedy.label}: done.`);
  };
  return (
    <Button
      ref={passFocusOn}
      size="small"
      className="fix-button"
      aria-label={`Fix: ${remedy.label}`}
      title={remedy.label}
      onClick={fix}
    >
      <Wrench size={12} aria-hidden /> {spelled ? remedy.label : 'Fix'}
    </Button>
  );
}
