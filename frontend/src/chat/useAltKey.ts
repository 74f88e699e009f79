/** A key of the open conversation: Alt and a letter, wherever the focus is, but not below a dialog. */
import { useEffect } from 'react';

type Letter = 'KeyI' | 'KeyJ' | 'KeyR' | 'KeyU';

export function useAltKey(code: Letter, run: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // By its place: with Alt a Mac keyboard types another letter.
      if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== code || event.isComposing) return;
      if (document.querySelector('dialog[open]')) return;
      event.preventDefault();
      run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [code, run]);
}
