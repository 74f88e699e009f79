/**
 * Texts in both languages. An area's messages are loaded when the area is entered; the keys are
 * typed by the zh-CN files, and a test holds en against them. Messages are ICU.
 */
import { IntlMessageFormat } from 'intl-messageformat';
import type chat from './messages/zh-CN/chat.json';
import type consoleArea from './messages/zh-CN/console.json';
import type core from './messages/zh-CN/core.json';
import type desk from './messages/zh-CN/desk.json';
import type help from './messages/zh-CN/help.json';
import type platform from './messages/zh-CN/platform.json';

export type Language = 'zh-CN' | 'en';
export type Area = 'core' | 'chat' | 'desk' | 'console' | 'platform' | 'help';
export type MessageKey =
  | keyof typeof core | keyof typeof chat | keyof typeof desk | keyof typeof consoleArea
  | keyof typeof platform | keyof typeof help;
export type MessageValues = Record<string, string | number | Date>;
export type Translate = (key: MessageKey, values?: MessageValues) => string;

type Messages = Record<string, string>;

export const LANGUAGES: readonly Language[] = ['zh-CN', 'en'];
const STORAGE_KEY = 'hansa.language';
const FILES = import.meta.glob<Messages>('./messages/*/*.json', { import: 'default' });

/** The language that a browser asks for. */
export function preferredLanguage(stored: string | null, browser: string): Language {
  if (stored === 'zh-CN' || stored === 'en') return stored;
  return /^zh/i.test(browser) ? 'zh-CN' : 'en';
}

export class Texts {
  #language: Language;
  readonly #areas = new Set<Area>();
  #messages = new Map<string, string>();
  #formats = new Map<string, IntlMessageFormat>();
  readonly #listeners = new Set<() => void>();
  #version = 0;

  constructor(language: Language) {
    this.#language = language;
  }

  get language(): Language {
    return this.#language;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;

  async load(area: Area): Promise<void> {
    if (this.#areas.has(area)) return;
    const messages = await readArea(this.#language, area);
    this.#areas.add(area);
    for (const [key, text] of Object.entries(messages)) this.#messages.set(key, text);
    this.#publish();
  }

  async setLanguage(language: Language): Promise<void> {
    if (language === this.#language) return;
    const areas = await Promise.all([...this.#areas].map((area) => readArea(language, area)));
    this.#language = language;
    this.#messages = new Map(areas.flatMap((messages) => Object.entries(messages)));
    this.#formats = new Map();
    this.#publish();
  }

  /** The text of a key. A plain text is returned as it is; only patterns are parsed. */
  readonly translate: Translate = (key, values) => {
    const text = this.#messages.get(key) ?? key;
    if (!text.includes('{')) return text;
    let format = this.#formats.get(key);
    if (!format) {
      format = new IntlMessageFormat(text, this.#language);
      this.#formats.set(key, format);
    }
    return String(format.format(values));
  };

  #publish(): void {
    this.#version += 1;
    for (const listener of [...this.#listeners]) listener();
  }
}

async function readArea(language: Language, area: Area): Promise<Messages> {
  const load = FILES[`./messages/${language}/${area}.json`];
  if (!load) throw new Error(`no messages for ${language}/${area}`);
  return load();
}

function storedLanguage(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

/** The one instance of the running page. */
export const texts = new Texts(
  preferredLanguage(storedLanguage(), typeof navigator === 'undefined' ? 'en' : navigator.language),
);

/** Switches, and remembers the choice in this browser. */
export async function chooseLanguage(language: Language): Promise<void> {
  await texts.setLanguage(language);
  document.documentElement.lang = language;
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** True where somebody chose a language in this browser. */
export function languageChosen(): boolean {
  return storedLanguage() !== null;
}
