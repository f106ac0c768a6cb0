import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { fileName } from './file-name.ts';
import './own-splits.css';
import { bindChosenFiles, changeRole, joinedFiles, type NamedFile, roleProblem, useOwnSplits } from './own-splits.ts';

const roles = [
  { value: 'train', label: 'Training' },
  { value: 'validation', label: 'Validation' },
  { value: 'test', label: 'Test' },
  { value: 'none', label: 'Not used' },
] as const;

/** Which of several files is for training, validation and test. */
export function OwnSplitsDialog() {
  const files = useOwnSplits((s) => s.files);
  return files ? <Roles files={files} /> : null;
}

function Roles({ files }: { readonly files: readonly NamedFile[] }) {
  const problem = roleProblem(files);
  const close = (): void => useOwnSplits.setState({ files: null });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title="Which file is for what?"
      description="Guessed from the files’ names. A split without a file is cut from the training file."
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button variant="primary" disabled={problem !== null} onClick={bindChosenFiles}>
            Use these files
          </Button>
        </>
      }
    >
      <div className="own-splits">
        {files.map(({ path, role }) => (
          <Field key={path} label={fileName(path)}>
            {(control) => (
              <Select
                control={control}
                value={role ?? ''}
                placeholder="Choose…"
                options={roles}
                onChange={(next) => next !== '' && changeRole(path, next)}
              />
            )}
          </Field>
        ))}
      </div>
      <p className="own-splits__problem" role="status">
        {problem ?? joinedFiles(files).join(' ')}
      </p>
    </Dialog>
  );
}
