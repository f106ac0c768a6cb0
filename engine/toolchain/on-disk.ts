/** A compiler cannot read inside Electron's archive; what it needs is unpacked beside it. */
export const onDisk = (path: string): string => path.replace(/\bapp\.asar(?=[\\/])/, 'app.asar.unpacked');
