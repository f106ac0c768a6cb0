import { useEffect, useState } from 'react';
import type { TemplateInfo } from '../../engine/protocol/documents.ts';
import { engine, failureOf } from '../bridge/engine.ts';
import { useUiStore } from '../store/ui-store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { openTemplate } from './document-actions.ts';
import './template-gallery.css';

const structures: Readonly<
  Record<TemplateInfo['structure'], { readonly label: string; readonly steps: readonly [string, string] }>
> = {
  'one-to-one': { label: 'one to one', steps: ['▪', '▪'] },
  'one-to-many': { label: 'one to many', steps: ['▪', '▪▪▪'] },
  'many-to-one': { label: 'many to one', steps: ['▪▪▪', '▪'] },
  'many-to-many-in-step': { label: 'many to many, in step', steps: ['▪▪▪', '▪▪▪'] },
  'many-to-many-out-of-step': { label: 'many to many, out of step', steps: ['▪▪▪', '▪▪'] },
};

/** Networks with real data that train at once. */
export function TemplateGallery() {
  const open = useUiStore((s) => s.dialog === 'templates');
  const openDialog = useUiStore((s) => s.openDialog);
  const [templates, setTemplates] = useState<readonly TemplateInfo[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    if (!open) return;
    engine.call('template.list', {}).then(
      (result) => setTemplates(result.templates),
      (reason: unknown) => setError(failureOf(reason).message),
    );
  }, [open]);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => openDialog(next ? 'templates' : null)}
      title="New from template"
      description="Each has a network, real data and a baseline to beat."
      wide
    >
      {error !== null && <p role="alert">{error}</p>}
      {templates === null && error === null && <Spinner label="Reading the templates…" />}
      <ul className="gallery">
        {templates?.map((template) => {
          const structure = structures[template.structure];
          return (
            <li key={template.name}>
              <button
                type="button"
                className="gallery__card"
                aria-label={`Open template ${template.title}`}
                aria-describedby={`template-${template.name}`}
                onClick={() => {
                  openDialog(null);
                  void openTemplate(template.name);
                }}
              >
                <span className="gallery__structure" aria-hidden>
                  <i data-side="in">{structure.steps[0]}</i>→<i data-side="out">{structure.steps[1]}</i>
                </span>
                <span className="gallery__title">{template.title}</span>
                <span className="gallery__kind">{structure.label}</span>
                <span id={`template-${template.name}`} className="gallery__text">
                  <span>{template.summary}</span>
                  <span className="gallery__expected">{template.expected}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
