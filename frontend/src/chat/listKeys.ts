/** Up and down in a list of links or buttons that carry `data-walk`. */
import type { KeyboardEvent } from 'react';

export function walkList(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (by === 0) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-walk]')];
  const index = items.findIndex((item) => item === document.activeElement);
  const next = items[index === -1 ? 0 : index + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
