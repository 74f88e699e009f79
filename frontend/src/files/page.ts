/** What a page gives to modules that know no browser: time, chance, names of its own. */
import type { Timers } from '../chat/live/types.ts';

export const pageTimers: Timers = {
  now: () => Date.now(),
  after(delay_ms, run) {
    const timer = setTimeout(run, delay_ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** `crypto.randomUUID` exists in secure contexts only; random values exist everywhere. */
export function freshNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
