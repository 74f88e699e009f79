/** Writing: several lines, emoji, a draft that is kept. Typing never waits for the network. */
import SendOutlined from '@ant-design/icons-svg/es/asn/SendOutlined';
import SmileOutlined from '@ant-design/icons-svg/es/asn/SmileOutlined';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useWords } from '../../i18n/react.ts';
import { IconButton } from '../../ui/Button.tsx';
import { useChat } from '../context.ts';
import { useAltKey } from '../useAltKey.ts';
import styles from './composer.module.css';
import { EmojiPicker } from './EmojiPicker.tsx';
import { sends, useSendKey } from './sendKey.ts';

const DRAFT_AFTER_MS = 400;
/** The server's bound (MESSAGE_TOO_LONG) in characters; the browser stops there. */
const TEXT_MAX = 10_000;

interface ComposerModel {
  text: string;
  change: (text: string) => void;
  send: () => void;
}

function useComposer(conversationId: string): ComposerModel {
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
  const send = (): void => {
    const trimmed = text.trim();
    if (trimmed === '') return;
    change('');
    live.setDraft(conversationId, '');
    live.queue.send(conversationId, trimmed);
  };
  return { text, change, send };
}

interface ComposerProps {
  conversationId: string;
  label: string;
}

export function Composer({ conversationId, label }: ComposerProps): ReactElement {
  const { t } = useWords();
  const { text, change, send } = useComposer(conversationId);
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
        <textarea
          ref={input} className={styles['input']} rows={1} value={text} aria-label={label}
          placeholder={label} maxLength={TEXT_MAX} onKeyDown={onKeyDown}
          onChange={(event) => change(event.target.value)}
        />
        <div className={styles['tools']}>
          <IconButton
            icon={SmileOutlined} label={t('composer.emoji')} aria-expanded={picking}
            onClick={() => setPicking(!picking)}
          />
          <span className={styles['hint']}>
            {t(sendKey === 'enter' ? 'composer.hintEnter' : 'composer.hintCtrlEnter')}
          </span>
          <IconButton
            icon={SendOutlined} label={t('composer.send')} className={styles['send'] ?? ''}
            disabled={text.trim() === ''} onClick={() => { send(); input.current?.focus(); }}
          />
        </div>
        {picking ? <EmojiPicker onPick={insert} onClose={() => setPicking(false)} /> : null}
      </div>
    </div>
  );
}
