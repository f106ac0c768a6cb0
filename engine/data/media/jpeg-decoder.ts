import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

let compiled: WebAssembly.Module | undefined;

/** libjpeg, compiled: a thread gets it from whoever starts it, for in a package it finds no files. */
export function jpegDecoder(): WebAssembly.Module {
  const file = (): string => createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
  compiled ??= new WebAssembly.Module(readFileSync(file()));
  return compiled;
}

export function setJpegDecoder(decoder: WebAssembly.Module): void {
  compiled = decoder;
}
