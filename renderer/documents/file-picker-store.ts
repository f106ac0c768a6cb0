import { create } from 'zustand';

export interface PickerRequest {
  readonly purpose: 'open' | 'save' | 'directory';
  readonly title: string;
  /** Endings without the first dot that can be chosen; none means every file. */
  readonly endings?: readonly string[];
  /** File name offered when saving. */
  readonly suggested?: string;
}

/** A path, and whether the person said that what is there may be replaced. */
interface Picked {
  readonly path: string;
  readonly replace: boolean;
}

interface Pending extends PickerRequest {
  answer(path: string | null, replace?: boolean): void;
}

export const useFilePicker = create<{ readonly pending: Pending | null }>(() => ({ pending: null }));

/** Lets the user choose a path on the engine's machine, in the window itself. `null` when cancelled. */
export function pickFile(request: PickerRequest): Promise<Picked | null> {
  useFilePicker.getState().pending?.answer(null);
  return new Promise((resolve) => {
    useFilePicker.setState({
      pending: {
        ...request,
        answer(path, replace = false) {
          useFilePicker.setState({ pending: null });
          resolve(path === null ? null : { path, replace });
        },
      },
    });
  });
}
