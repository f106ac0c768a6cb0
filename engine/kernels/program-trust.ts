const trusted = new Set<string>();

/** Whether register programs are in use on a backend: once they have given the numbers of the composed form there. */
export const areProgramsTrusted = (backend: string): boolean => trusted.has(backend);

export function trustPrograms(backend: string, trust: boolean): void {
  if (trust) trusted.add(backend);
  else trusted.delete(backend);
}
