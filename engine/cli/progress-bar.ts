/** One line of a terminal that is written over and over. On anything else nothing is drawn. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #active: boolean;
  #drawn = false;

  constructor(enabled: boolean, stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
    this.#active = enabled && stream.isTTY === true;
  }

  /** `fraction` in 0–1, or `null` when unknown. */
  draw(fraction: number | null, text: string): void {
    if (!this.#active) return;
    const line = `${fraction === null ? '' : `${bar(fraction)} `}${text}`;
    this.#stream.write(`\r\x1b[2K${line.slice(0, (this.#stream.columns ?? 80) - 1)}`);
    this.#drawn = true;
  }

  /** Leaves the terminal clean for the next line. */
  clear(): void {
    if (this.#drawn) this.#stream.write('\r\x1b[2K');
    this.#drawn = false;
  }
}

export function bar(fraction: number, width = 24): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${String(Math.floor(fraction * 100)).padStart(3)} %`;
}

/** `75` → `1 min 15 s` */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 ? seconds.toFixed(1) : whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Metrics for reading: four significant digits. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace('Infinity', '∞');
  return Number.isSafeInteger(value) ? String(value) : value.toPrecision(4);
}
