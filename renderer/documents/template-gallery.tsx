import { useState } from 'react';
import type { TemplateEntry } from '../../engine/protocol/documents.ts';
import { engine } from '../bridge/engine.ts';
import { useAnswer } from '../bridge/use-answer.ts';
import { LessonList } from '../lessons/lesson-list.tsx';
import { useUiStore } from '../store/ui-store.ts';
import '../ui/choice-card.css';
import { Dialog } from '../ui/dialog.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { TextField } from '../ui/text-field.tsx';
import { openTemplate } from './document-actions.ts';
import { findTemplates, groupTemplates } from './find-templates.ts';
import { GraphPicture } from './graph-picture.tsx';
import { StructurePicture } from './structure-picture.tsx';
import './template-gallery.css';

const words: Readonly<Record<TemplateEntry['structure'], { readonly title: string; readonly text: string }>> = {
  'one-to-one': { title: 'One to one', text: 'a single step in, a single answer out' },
  'one-to-many': { title: 'One to many', text: 'one thing in, a sequence out' },
  'many-to-one': { title: 'Many to one', text: 'a sequence in, one answer at its end' },
  'many-to-many-in-step': { title: 'Many to many, in step', text: 'an answer at every step of the sequence' },
  'many-to-many-out-of-step': {
    title: 'Many to many, out of step',
    text: 'the whole sequence is read, then another one is said',
  },
};

/** What to start from: networks with real data that train at once, and lessons. */
export function TemplateGallery() {
  const page = useUiStore((s) => (s.dialog === 'templates' || s.dialog === 'lessons' ? s.dialog : null));
  const openDialog = useUiStore((s) => s.openDialog);
  const learn = page === 'lessons';
  const pages = [
    { value: 'templates', label: 'Templates' },
    { value: 'lessons', label: 'Learn' },
  ] as const;
  return (
    <Dialog
      open={page !== null}
      onOpenChange={(next) => openDialog(next ? 'templates' : null)}
      title={learn ? 'Learn' : 'New from template'}
      description={
        learn
          ? 'Short lessons in the window itself, in the order in which they build on each other; each ends with a question that you answer by trying.'
          : 'Each has a network, data and a baseline to beat.'
      }
      wide
    >
      <Segmented label="What to start from" value={page ?? 'templates'} onChange={(value) => openDialog(value)} options={pages} />
      {learn ? <LessonList /> : <Templates />}
    </Dialog>
  );
}

/** Networks by how their input and output lie in time. */
function Templates() {
  const { result, failure } = useAnswer('templates', () => engine.call('template.list', {}));
  const [search, setSearch] = useState('');
  const found = findTemplates(result?.templates ?? [], search);
  return (
    <>
      {failure !== null && <p role="alert">{failure.message}</p>}
      {result === null && failure === null && <Spinner label="Reading the templates…" />}
      <TextField
        type="search"
        data-first-focus
        aria-label="Find a template"
        placeholder="Find by task, layer or what it teaches"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {result !== null && found.length === 0 && <p>No template has these words.</p>}
      <div className="gallery__groups">
        {groupTemplates(found).map(({ structure, members }) => (
          <section key={structure} className="gallery__group" aria-labelledby={`gallery-${structure}`}>
            <header className="gallery__head">
              <StructurePicture structure={structure} />
              <div>
                <h3 id={`gallery-${structure}`}>{words[structure].title}</h3>
                <p>{words[structure].text}</p>
              </div>
            </header>
            <ul className="gallery">
              {members.map((template) => (
                <li key={template.name}>
                  <TemplateCard template={template} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

function TemplateCard({ template }: { readonly template: TemplateEntry }) {
  return (
    <button
      type="button"
      className="choice-card gallery__card"
      aria-label={`Open template ${template.title}`}
      aria-describedby={`template-${template.name}`}
      onClick={() => {
        useUiStore.getState().openDialog(null);
        void openTemplate(template.name);
      }}
    >
      <GraphPicture graph={template.graph} />
      <span className="choice-card__title">{template.title}</span>
      <span id={`template-${template.name}`} className="gallery__text">
        <span>{template.summary}</span>
        <span className="gallery__teaches">{template.teaches}</span>
        <span className="gallery__expected">{template.expected}</span>
        <span>
          {template.model} · about {template.seconds} s of processor time
        </span>
      </span>
    </button>
  );
}
