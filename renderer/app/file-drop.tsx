import { useEffect, useState } from 'react';
import { shell } from '../bridge/shell-link.ts';
import { isModelPath, openPath, openText } from '../documents/document-actions.ts';
import { inspectImport } from '../import/import-store.ts';
import { toast } from '../ui/toast-store.ts';
import './file-drop.css';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** A document dragged onto the window is opened. */
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
      const file = event.dataTransfer?.files[0];
      if (!file || event.defaultPrevented) return;
      event.preventDefault();
      if (isModelPath(file.name)) {
        if (shell) void inspectImport(shell.pathOfFile(file));
        else
          toast({
            tone: 'info',
            title: `${file.name} is a model`,
            text: 'A browser does not tell where a dropped file lies: choose it with “Import a PyTorch model…” in the file menu.',
          });
        return;
      }
      if (!file.name.toLowerCase().endsWith('.json')) {
        toast({
          tone: 'info',
          title: `${file.name} is not a document`,
          text: 'Documents end in .unroll.json. To train on a data file, choose it in the Data panel.',
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
  return over ? <div className="file-drop">Drop to open the document</div> : null;
}
