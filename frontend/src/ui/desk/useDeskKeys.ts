/** The keys that work on every page of a console. */
import { useEffect } from 'react';

export type DeskOverlay = 'palette' | 'keys';

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** Below a dialog or a menu they rest. */
function isCovered(): boolean {
  return document.querySelector('dialog[open], .ant-modal-wrap, .ant-drawer-open, .ant-dropdown-open') !== null;
}

export function useDeskKeys(onOverlay: (overlay: DeskOverlay) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.isComposing || event.defaultPrevented || isCovered()) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        onOverlay('palette');
      } else if (event.key === '?' && !isTyping(event.target)) {
        onOverlay('keys');
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onOverlay]);
}
