import type { ColumnNames, RawExample } from '../engine/data/raw-example.ts';
import type { UnrollDocument } from '../engine/document/schema.ts';
import type { TemplateInfo } from '../engine/protocol/documents.ts';

/** What a text of the data is besides a text, e.g. a tune's sound. */
export interface TextFile {
  /** With its ending. */
  readonly name: string;
  readonly type: 'audio/midi' | 'audio/wav';
  readonly bytes: Uint8Array;
}

/** A ready document with real data from an installed package. */
export interface Template {
  readonly info: TemplateInfo;
  /** A fresh copy, checked against the document's schema. */
  document(): UnrollDocument;
  /** README.md of the template. */
  readonly readme: string;
  /** Names of the numbers in numeric data; of text and class otherwise. */
  readonly columns: ColumnNames;
  /** All examples, always in the same order. */
  rows(): AsyncIterable<RawExample>;
  /** Files that a text of this data, e.g. one that a model wrote, can be turned into. */
  readonly filesOf?: (text: string) => readonly TextFile[];
}
