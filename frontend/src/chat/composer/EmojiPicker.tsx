/** A small grid of emoji (MSG-05). Escape closes it; arrow keys walk through it. */
import { useEffect, useRef, type KeyboardEvent, type ReactElement } from 'react';
import { useWords } from '../../i18n/react.ts';
import styles from './composer.module.css';

const COLUMNS = 8;
const EMOJI = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(
  '😀😄😁😅😂🙂😉😊😍😘😋😜🤔🤨😐🙄😏😴😷🤒😎🥳😕😟😮😳🥺😢😭😤😡👍👎👌✌️🤝🙏👏💪👋✅❌❗❓⭐🔥🎉🎂🌹☕🍚🍺📎📌📅📞💡💰📈📉🚀🚗✈️🏠❤️💔',
)].map(({ segment }) => segment);

interface EmojiPickerProps {
  onPick: (emoji: string) => void;
  onClose: () => void;
}

export function EmojiPicker({ onPick, onClose }: EmojiPickerProps): ReactElement {
  const { t } = useWords();
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => {
    grid.current?.querySelector('button')?.focus();
    const outside = (event: PointerEvent): void => {
      if (!grid.current?.contains(event.target as Node)) onClose();
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [onClose]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      return onClose();
    }
    const steps: Record<string, number> = {
      ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS,
    };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const buttons = [...(grid.current?.querySelectorAll('button') ?? [])];
    const index = buttons.findIndex((button) => button === document.activeElement);
    buttons[index + by]?.focus();
  };
  return (
    <div ref={grid} className={styles['emoji']} role="group" aria-label={t('composer.emoji')} onKeyDown={onKeyDown}>
      {EMOJI.map((emoji) => (
        <button key={emoji} type="button" onClick={() => onPick(emoji)}>{emoji}</button>
      ))}
    </div>
  );
}
