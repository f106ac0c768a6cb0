/**
 * A WAV file of 16-bit samples.
 *
 * @param channels samples between -1 and 1, all channels equally long
 */
export function encodeWav(channels: readonly Float32Array[], sampleRate: number): Uint8Array {
  const width = 2 * channels.length;
  const frames = channels[0]?.length ?? 0;
  const bytes = new Uint8Array(44 + frames * width);
  const view = new DataView(bytes.buffer);
  const text = (at: number, letters: string): void => bytes.set(new TextEncoder().encode(letters), at);
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * width, true);
  view.setUint16(32, width, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, frames * width, true);
  channels.forEach((samples, channel) => {
    samples.forEach((value, i) => {
      view.setInt16(44 + i * width + 2 * channel, Math.round(32_767 * Math.max(-1, Math.min(1, value))), true);
    });
  });
  return bytes;
}
