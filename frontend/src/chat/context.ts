/** The running live session for the components below it, and selectors over its store. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Viewer } from '../session/viewer.ts';
import type { ChatFiles } from './files/chatFiles.ts';
import type { LiveSession } from './live/session.ts';
import type { LiveState } from './live/store.ts';

interface Chat {
  live: LiveSession;
  files: ChatFiles;
  viewer: Viewer | null;
}

export const ChatContext = createContext<Chat | null>(null);

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error('no chat session above this component');
  return chat;
}

/** A part of the live state. The selector must return what the state holds, not a new object. */
export function useLive<Part>(select: (state: LiveState) => Part): Part {
  const { store } = useChat().live;
  return useSyncExternalStore(store.subscribe, () => select(store.snapshot()));
}
