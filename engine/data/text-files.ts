import { findTemplate } from '../../templates/registry.ts';
import type { DataBinding } from '../document/data-binding.ts';
import type { MethodResult } from '../protocol/contract.ts';

/** Files that the binding's template makes of a text, e.g. a tune's sound; none for a user's own data. */
export function textFiles({ source }: DataBinding, text: string): MethodResult<'data.files'>['files'] {
  const files = source.kind === 'template' ? (findTemplate(source.name).filesOf?.(text) ?? []) : [];
  return files.map(({ name, type, bytes }) => ({ name, type, base64: Buffer.from(bytes).toString('base64') }));
}
