import type { ExportFormat } from '../../engine/protocol/export.ts';

/** `documents/name-pytorch` or `-onnx`, with the separator that the engine's machine uses. */
export function suggestedFolder(documents: string, name: string, format: ExportFormat): string {
  const separator = documents.includes('\\') ? '\\' : '/';
  const folder = name.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-').replaceAll(/^-+|-+$/g, '') || 'model';
  return documents === '' ? '' : `${documents}${separator}${folder}-${format}`;
}

/** A path as the shell of its system takes it: in Windows' double quotes nothing but a quote ends it, which no path there has. */
export function quoted(path: string): string {
  if (/^[\w./\\:-]+$/.test(path)) return path;
  return path.includes('\\') ? `"${path}"` : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
