/** Enter or Ctrl Enter: what sends. Kept in this browser. */
import { useSyncExternalStore } from 'react';

export type SendKey = 'enter' | 'ctrl-enter';

const STORAGE_KEY = 'hansa.sendKey';
const listeners = new Set<() => void>();

function current(): SendKey {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'ctrl-enter' ? 'ctrl-enter' : 'enter';
  } catch {
    return 'enter';
  }
}

export function chooseSendKey(key: SendKey): void {
  try {
    localStorage.setItem(STORAGE_KEY, key);
  } catch {
    // Without storage the usual key stays.
  }
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSendKey(): SendKey {
  return useSyncExternalStore(subscribe, current);
}

interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  /** True while an input method composes: Enter then chooses a candidate. */
  composing: boolean;
}

export function sends(choice: SendKey, press: KeyPress): boolean {
  if (press.key !== 'Enter' || press.composing || press.altKey) return false;
  const command = press.ctrlKey || press.metaKey;
  return choice === 'enter' ? !press.shiftKey && !command : command && !press.shiftKey;
}
