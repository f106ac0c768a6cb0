/** The system's word for what went wrong, e.g. `ENOENT`; empty where there is none. */
export const errorCode = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
