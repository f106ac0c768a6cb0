import { create } from 'zustand';

export interface PickerRequest {
  readonly purpose: 'open' | 'save' | 'directory';
  readonly title: string;
  /** Endings without the first dot that can be chosen; none means every file. */
  readonly endings?: readonly string[];
  /** File name offered when saving. */
  readonly suggested?: string;
}

interface Pending extends PickerRequest {
  answer(path: string | null): void;
}

export const useFilePicker = create<{ readonly pending: Pending | null }>(() => ({ pending: null }));

/** Lets the user choose a path on the engine's machine, in the window itself. `null` when cancelled. */
export function pickFile(request: PickerRequest): Promise<string | null> {
  useFilePicker.getState().pending?.answer(null);
  return new Promise((resolve) => {
    useFilePicker.setState({
      pending: {
        ...request,
        answer(path) {
          useFilePicker.setState({ pending: null });
          resolve(path);
        },
      },
    });
  });
}
