/** A key press as the browser reports it. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  /** The key's place, e.g. `KeyA`. */
  readonly code?: string;
}

export const mac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

/**
 * Whether a press is this combination, e.g. `mod+shift+z`, `delete`, `?`. `mod` is ⌘ on a Mac and Ctrl elsewhere. Shift is not
 * compared for signs that need it on some keyboards.
 */
export function matches(press: KeyPress, combination: string, onMac = mac): boolean {
  const parts = combination.toLowerCase().split('+').filter(Boolean);
  const key = combination.endsWith('+') ? '+' : (parts.at(-1) ?? '');
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name);
  // On a Mac, Option makes another sign of a letter: å, ∂, or one that waits for the next.
  const made = onMac && press.altKey && press.code === `Key${key.toUpperCase()}`;
  if (press.key.toLowerCase() !== key && !made) return false;
  const mod = onMac ? press.metaKey : press.ctrlKey;
  const otherMod = onMac ? press.ctrlKey : press.metaKey;
  if (mod !== wants('mod') || otherMod || press.altKey !== wants('alt')) return false;
  const sign = key.length === 1 && !/[a-z0-9]/.test(key);
  return sign || press.shiftKey === wants('shift');
}

const names: Readonly<Record<string, string>> = {
  delete: 'Del',
  backspace: '⌫',
  escape: 'Esc',
  enter: '↵',
  arrowup: '↑',
  arrowdown: '↓',
};

/** The combination as shown to the user: `⌘⇧Z` or `Ctrl+Shift+Z`. */
export function keyLabel(combination: string, onMac = mac): string {
  const key = combination.endsWith('+') ? '+' : (combination.split('+').at(-1) ?? '');
  const shown = names[key.toLowerCase()] ?? (key.length === 1 ? key.toUpperCase() : key.charAt(0).toUpperCase() + key.slice(1));
  const modifiers = combination.split('+').slice(0, -1).filter(Boolean);
  if (onMac) return modifiers.map((m) => ({ mod: '⌘', shift: '⇧', alt: '⌥' })[m] ?? '').join('') + shown;
  return [...modifiers.map((m) => ({ mod: 'Ctrl', shift: 'Shift', alt: 'Alt' })[m] ?? m), shown].join('+');
}

/** Whether keys typed there are text, so that single-letter commands must keep quiet. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type);
}
