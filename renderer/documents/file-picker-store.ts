import { create } from 'zustand';

export interface PickerRequest {
  readonly purpose: 'open' | 'save' | 'directory';
  readonly title: string;
  /** Endings without the first dot that can be chosen; none means every file. */
  readonly endings?: readonly string[];
  /** File name offered when saving. */
  readonly suggested?: string;
  /** Files of these names are looked for. */
  readonly names?: readonly string[];
  /** On the window's own machine, also while the engine's is another. */
  readonly here?: boolean;
}

/** A path, and whether the person said that what is there may be replaced. */
interface Picked {
  readonly path: string;
  readonly replace: boolean;
}

interface Pending extends PickerRequest {
  /** Whether more than one file can be chosen. */
  readonly several: boolean;
  answer(paths: readonly string[] | null, replace?: boolean): void;
}

export const useFilePicker = create<{ readonly pending: Pending | null }>(() => ({ pending: null }));

/** Lets the user choose a path on the engine's machine, in the window itself. `null` when cancelled. */
export async function pickFile(request: PickerRequest): Promise<Picked | null> {
  const { paths, replace } = await ask(request, false);
  return paths?.[0] === undefined ? null : { path: paths[0], replace };
}

/** The same for one file or more. */
export const pickFiles = async (request: PickerRequest): Promise<readonly string[] | null> => (await ask(request, true)).paths;

function ask(
  request: PickerRequest,
  several: boolean,
): Promise<{ readonly paths: readonly string[] | null; readonly replace: boolean }> {
  useFilePicker.getState().pending?.answer(null);
  return new Promise((resolve) => {
    useFilePicker.setState({
      pending: {
        ...request,
        several,
        answer(paths, replace = false) {
          useFilePicker.setState({ pending: null });
          resolve({ paths, replace });
        },
      },
    });
  });
}
