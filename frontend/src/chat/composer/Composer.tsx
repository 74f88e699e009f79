/** Writing: several lines, emoji, a draft that is kept. Typing never waits for the network. */
import SendOutlined from '@ant-design/icons-svg/es/asn/SendOutlined';
import SmileOutlined from '@ant-design/icons-svg/es/asn/SmileOutlined';
import { useCallback, useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactElement } from 'react';
import { useWords } from '../../i18n/react.ts';
import { IconButton } from '../../ui/Button.tsx';
import { useChat } from '../context.ts';
import { gatherPasted } from '../files/gather.ts';
import type { Tray } from '../files/useTray.ts';
import { useAltKey } from '../useAltKey.ts';
import { AttachButtons } from './AttachButtons.tsx';
import { AttachTray } from './AttachTray.tsx';
import styles from './composer.module.css';
import { EmojiPicker } from './EmojiPicker.tsx';
import { sends, useSendKey } from './sendKey.ts';

const DRAFT_AFTER_MS = 400;
/** The server's bound (MESSAGE_TOO_LONG) in characters; the browser stops there. */
const TEXT_MAX = 10_000;

interface ComposerModel {
  text: string;
  change: (text: string) => void;
  /** False while there is nothing to send, or a file is not ready. */
  sendable: boolean;
  send: () => void;
}

function useComposer(conversationId: string, tray: Tray): ComposerModel {
  const { live } = useChat();
  const [text, setText] = useState(() => live.store.state.drafts.get(conversationId) ?? '');
  const latest = useRef(text);
  useEffect(() => {
    const timer = setTimeout(() => {
      const kept = live.store.state.drafts.get(conversationId) ?? '';
      if (kept !== text) live.setDraft(conversationId, text);
    }, DRAFT_AFTER_MS);
    return () => clearTimeout(timer);
  }, [live, conversationId, text]);
  useEffect(() => () => {
    const kept = live.store.state.drafts.get(conversationId) ?? '';
    if (kept !== latest.current) live.setDraft(conversationId, latest.current);
  }, [live, conversationId]);
  const change = (next: string): void => {
    latest.current = next;
    setText(next);
  };
  const trimmed = text.trim();
  const sendable = tray.ready && (trimmed !== '' || tray.items.length > 0);
  const send = (): void => {
    if (!sendable) return;
    change('');
    live.setDraft(conversationId, '');
    if (tray.items.length === 0) return live.queue.send(conversationId, trimmed);
    for (const message of tray.take(trimmed)) live.queue.send(conversationId, message.text, message.files);
  };
  return { text, change, sendable, send };
}

interface ComposerProps {
  conversationId: string;
  label: string;
  tray: Tray;
}

export function Composer({ conversationId, label, tray }: ComposerProps): ReactElement {
  const { t } = useWords();
  const { text, change, sendable, send } = useComposer(conversationId, tray);
  const sendKey = useSendKey();
  const input = useRef<HTMLTextAreaElement>(null);
  const [picking, setPicking] = useState(false);
  useEffect(() => {
    // On a touch screen the keyboard would cover half of what one came to read.
    if (matchMedia('(hover: hover)').matches) input.current?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const composing = event.nativeEvent.isComposing;
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (sends(sendKey, { key, ctrlKey, metaKey, shiftKey, altKey, composing })) {
      event.preventDefault();
      send();
    } else if (key === 'Escape') {
      input.current?.blur();
    }
  };
  const onPaste = (event: ClipboardEvent): void => {
    const files = gatherPasted(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    tray.add({ files, folders: [], troubles: [] });
  };
  useAltKey('KeyJ', useCallback(() => setPicking((open) => !open), []));
  const insert = (emoji: string): void => {
    const at = input.current?.selectionStart ?? text.length;
    const end = input.current?.selectionEnd ?? at;
    change(text.slice(0, at) + emoji + text.slice(end));
    setPicking(false);
    input.current?.focus();
  };
  return (
    <div className={styles['composer']}>
      <div className={styles['box']}>
        <AttachTray tray={tray} />
        <textarea
          ref={input} className={styles['input']} rows={1} value={text} aria-label={label}
          placeholder={label} maxLength={TEXT_MAX} onKeyDown={onKeyDown} onPaste={onPaste}
          onChange={(event) => change(event.target.value)}
        />
        <div className={styles['tools']}>
          <IconButton
            icon={SmileOutlined} label={t('composer.emoji')} aria-expanded={picking}
            onClick={() => setPicking(!picking)}
          />
          <AttachButtons onGathered={(gathered) => { tray.add(gathered); input.current?.focus(); }} />
          <span className={styles['hint']}>
            {t(!tray.ready ? 'composer.hintFiles' : sendKey === 'enter' ? 'composer.hintEnter' : 'composer.hintCtrlEnter')}
          </span>
          <IconButton
            icon={SendOutlined} label={t('composer.send')} className={styles['send'] ?? ''}
            disabled={!sendable} onClick={() => { send(); input.current?.focus(); }}
          />
        </div>
        {picking ? <EmojiPicker onPick={insert} onClose={() => setPicking(false)} /> : null}
      </div>
    </div>
  );
}
