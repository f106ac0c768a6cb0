import { useEffect, useState } from 'react';
import { shell } from '../bridge/shell-link.ts';
import { dataEndings, takeDropped } from '../data/choose-data-file.ts';
import { isModelPath, openPath, openText } from '../documents/document-actions.ts';
import { findDropped } from '../documents/find-dropped.ts';
import { inspectHere } from '../import/import-store.ts';
import { toast } from '../ui/toast-store.ts';
import './file-drop.css';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** A document or a model dragged onto the window is opened, data files are looked at. */
export function FileDrop() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth -= 1;
      if (depth <= 0) setOver(false);
    };
    const allow = (event: DragEvent): void => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      const [file] = files;
      if (!file || event.defaultPrevented) return;
      event.preventDefault();
      if (files.length > 1) {
        const other = files.find(({ name }) => isModelPath(name) || name.toLowerCase().endsWith('.unroll.json'));
        if (other === undefined) void takeDropped(files);
        else
          toast({
            tone: 'info',
            title: `${other.name} is no data file`,
            text: 'Documents and models are dropped alone, one at a time. Nothing was opened.',
          });
        return;
      }
      if (isModelPath(file.name)) {
        void findDropped(files).then(([path]) => {
          if (path !== undefined) void inspectHere(path);
        });
        return;
      }
      const ending = file.name.toLowerCase().split('.').at(-1);
      if (ending !== 'json' && dataEndings.some((known) => known === ending)) {
        void takeDropped(files);
        return;
      }
      if (ending !== 'json') {
        toast({
          tone: 'info',
          title: `${file.name} is neither a document nor a data file`,
          text: 'Documents end in .unroll.json. Where it is data all the same, choose it in the Data panel.',
        });
        return;
      }
      if (shell) void openPath(shell.pathOfFile(file));
      else void file.text().then((text) => openText(text, file.name));
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', allow);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', allow);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return over ? <div className="file-drop">Drop to open: a document, a model, or data files</div> : null;
}
