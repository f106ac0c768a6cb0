import { create } from 'zustand';
import { failureOf } from '../bridge/engine.ts';

interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'good' | 'bad';
  readonly title: string;
  readonly text?: string | undefined;
  readonly action?: { readonly label: string; run(): void } | undefined;
}

export const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }));

let next = 1;

/** Shows a message for a few seconds; assistive technology hears it. */
export function toast(content: Omit<Toast, 'id'>): void {
  const id = next++;
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts.filter((t) => t.title !== content.title || t.text !== content.text).slice(-3), { ...content, id }],
  }));
}

/** Tells the user about an expected failure, with its hint. */
export function toastFailure(error: unknown, doing?: string): void {
  const failure = failureOf(error);
  toast({
    tone: 'bad',
    title: doing === undefined ? failure.message : `${doing}: ${failure.message}`,
    text: failure.hint,
  });
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((t) => t.id !== id) }));
}
