/** The last part of a path of the engine's machine. */
export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
