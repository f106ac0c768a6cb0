import type { UpdateState } from '../../engine/protocol/updates.ts';

/** A state as a sentence. */
export function updateWords(state: UpdateState, time: (iso: string) => string = localTime): string {
  switch (state.kind) {
    case 'unavailable':
      return state.reason;
    case 'off':
      return 'Nothing is looked for.';
    case 'checking':
      return 'Looking for a newer version …';
    case 'downloading':
      return `Downloading ${state.version} … ${Math.round(state.percent)} %`;
    case 'ready':
      return `${state.version} is downloaded. It is installed when you quit Unroll.`;
    case 'waiting':
      if (state.problem !== null) return `The last look failed: ${state.problem}`;
      return state.checked === null ? 'Not looked yet.' : `No newer version was found at ${time(state.checked)}.`;
  }
}

const localTime = (iso: string): string => new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
