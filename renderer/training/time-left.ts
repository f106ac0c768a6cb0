/** `0:48`, `12:05`, `1:02:03`, `3 d 4 h`: two clock digits at most below the largest unit that matters. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds > 0 && seconds < 0.95) return `${Math.max(0.1, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  const pad = (n: number): string => String(n).padStart(2, '0');
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours}:${pad(minutes)}:${pad(whole % 60)}`;
  return `${minutes}:${pad(whole % 60)}`;
}

/** `0:48 left`; nothing while the engine has not measured a step yet. */
export function formatTimeLeft(seconds: number | null): string | null {
  return seconds === null || !Number.isFinite(seconds) ? null : `${formatDuration(Math.round(seconds))} left`;
}

/** A moment in the reader's own calendar: the clock today, the date otherwise. */
export function formatMoment(time: number, now: number = Date.now()): string {
  const date = new Date(time);
  const today = new Date(now).toDateString() === date.toDateString();
  return today
    ? `today ${date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })}`
    : date.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
}
