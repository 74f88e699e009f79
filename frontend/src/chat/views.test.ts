/** The logic behind the views: rows of the timeline and the lists, keys, marks of persons. */
import { describe, expect, it } from 'vitest';
import { Texts, type Translate } from '../i18n/index.ts';
import { entry, ME, OTHER } from '../testing/liveFixture.ts';
import { avatarHue, avatarLetters } from '../ui/avatar.ts';
import { splitLinks } from '../ui/links.ts';
import { sends } from './composer/sendKey.ts';
import { conversationRow, sortedConversations, totalUnread, type RowContext } from './conversations/rows.ts';
import type { Conversation, Entry, Outgoing } from './live/types.ts';
import { switcherItems } from './switcher/useSwitcher.ts';
import { RowBuilder, seqUpTo, type RowsInput } from './timeline/rows.ts';

const NOTHING: RowsInput = {
  entries: [], outgoing: [], memberId: ME.memberId, memberName: ME.name, unreadAfterSeq: null,
};

function at(seq: number, minutes: number, change: Partial<Entry> = {}): Entry {
  const createdAt = new Date(2026, 10, 22, 9, minutes).toISOString();
  return entry('cnv_1', seq, { kind: 'MESSAGE', author: OTHER, createdAt, ...change });
}

function outgoing(nonce: string, text: string): Outgoing {
  return {
    nonce, conversationId: 'cnv_1', text, attachments: [], folder: null,
    createdAt: new Date(2026, 10, 22, 9, 30).toISOString(), state: 'sending', reason: null, tries: 0,
  };
}

function shape(input: Partial<RowsInput>): string[] {
  return new RowBuilder().build({ ...NOTHING, ...input }).map((row) => {
    if (row.type === 'message') return row.head ? `head ${row.seq}` : `${row.seq}`;
    return row.type === 'outgoing' ? `${row.head ? 'head ' : ''}${row.message.text}` : row.type;
  });
}

describe('the timeline', () => {
  it('joins messages of one person within five minutes under one head', () => {
    const entries = [at(1, 0), at(2, 4), at(3, 5), at(4, 6, { author: { id: ME.memberId, name: ME.name } })];
    expect(shape({ entries })).toEqual(['day', 'head 1', '2', 'head 3', 'head 4']);
  });

  it('begins a day with its divider', () => {
    const next = new Date(2026, 10, 23, 0, 1).toISOString();
    expect(shape({ entries: [at(1, 0), at(2, 0, { createdAt: next })] })).toEqual(['day', 'head 1', 'day', 'head 2']);
  });

  it('puts the unread divider before the first message of others behind the mark', () => {
    const own = { author: { id: ME.memberId, name: ME.name } };
    const entries = [at(1, 0), at(2, 1, own), at(3, 2), at(4, 3)];
    expect(shape({ entries, unreadAfterSeq: 1 })).toEqual(['day', 'head 1', 'head 2', 'unread', 'head 3', '4']);
  });

  it('shows unsent messages last, joined to own ones', () => {
    expect(shape({ entries: [at(1, 0)], outgoing: [outgoing('n1', 'a'), outgoing('n2', 'b')] }))
      .toEqual(['day', 'head 1', 'head a', 'b']);
  });

  it('keeps the key of a message that was sent, so that nothing is drawn anew', () => {
    const builder = new RowBuilder();
    const before = builder.build({ ...NOTHING, outgoing: [outgoing('n1', 'a')] }).at(-1);
    const author = { id: ME.memberId, name: ME.name };
    const after = builder.build({ ...NOTHING, entries: [at(1, 30, { author, nonce: 'n1' })] }).at(-1);
    expect(after?.key).toBe(before?.key);
  });

  it('adds to 100,000 rows without building them anew', () => {
    const entries = Array.from({ length: 100_000 }, (_, index) => at(index + 1, index % 60));
    const builder = new RowBuilder();
    const before = builder.build({ ...NOTHING, entries });
    const after = builder.build({ ...NOTHING, entries: [...entries, at(100_001, 59)] });
    expect(after.length).toBe(before.length + 1);
    expect(after[50_000]).toBe(before[50_000]);
    expect(seqUpTo(after, after.length - 1)).toBe(100_001);
  });

  it('puts older messages in front as if all had been there, and keeps the rows behind', () => {
    const authors = [OTHER, { id: ME.memberId, name: ME.name }];
    const entries = Array.from({ length: 400 }, (_, index) => {
      const createdAt = new Date(2026, 10, 20 + Math.floor(index / 150), 8, (index % 150) * 2).toISOString();
      const author = authors[(index * 7) % 5 % 2] ?? OTHER;
      return at(index + 1, 0, { createdAt, author, ...(index === 0 ? { kind: 'CREATED' } : {}) });
    });
    for (const unreadAfterSeq of [null, 30, 250]) {
      const builder = new RowBuilder();
      let shown = builder.build({ ...NOTHING, entries: entries.slice(350), unreadAfterSeq });
      for (let from = 300; from >= 0; from -= 50) {
        const input = { ...NOTHING, entries: entries.slice(from), unreadAfterSeq };
        const before = shown;
        shown = builder.build(input);
        expect(shown).toEqual(new RowBuilder().build(input));
        if (unreadAfterSeq === null) expect(shown.at(-1)).toBe(before.at(-1));
      }
    }
  });
});

const CONVERSATION: Conversation = {
  id: 'cnv_1', kind: 'DIRECT', title: OTHER.name, peer: OTHER, headSeq: 4, readSeq: 2, peerReadSeq: 1, unread: 2,
  lastEntry: at(4, 3, { text: '第一行\n第二行' }), changedAt: new Date(2026, 10, 22, 9, 3).toISOString(),
};

async function context(change: Partial<RowContext> = {}): Promise<RowContext> {
  const texts = new Texts('zh-CN');
  await Promise.all([texts.load('core'), texts.load('chat')]);
  return {
    t: texts.translate, language: 'zh-CN', now: new Date(2026, 10, 22, 12), memberId: ME.memberId, presence: new Map(),
    outgoing: new Map(), drafts: new Map(), lying: new Map(), selectedId: null, ...change,
  };
}

describe('the conversation list', () => {
  it('shows the last message on one line, unread and time', async () => {
    expect(conversationRow(CONVERSATION, await context())).toMatchObject({
      preview: '第一行 第二行', unread: 2, time: '09:03', mark: null, online: true,
    });
  });

  it('says what failed before anything else, then a draft', async () => {
    const drafts = new Map([['cnv_1', '写到一半']]);
    expect(conversationRow(CONVERSATION, await context({ drafts }))).toMatchObject({ mark: 'draft', preview: '写到一半' });
    const lying = new Map([['cnv_1', 2]]);
    expect(conversationRow(CONVERSATION, await context({ drafts, lying }))).toMatchObject({ preview: '2 个文件 写到一半' });
    const failed = { ...outgoing('n1', '没发出去'), state: 'failed' as const };
    const queue = new Map([['cnv_1', [failed]]]);
    expect(conversationRow(CONVERSATION, await context({ outgoing: queue, drafts, selectedId: 'cnv_1' })))
      .toMatchObject({ mark: 'failed', preview: '没发出去' });
  });

  it('is sorted by newest activity and sums what is unread', () => {
    const older = { ...CONVERSATION, id: 'cnv_0', changedAt: '2026-01-01T00:00:00Z', unread: 3 };
    const map = new Map([['cnv_0', older], ['cnv_1', CONVERSATION]]);
    expect(sortedConversations(map).map(({ id }) => id)).toEqual(['cnv_1', 'cnv_0']);
    expect(totalUnread(map)).toBe(5);
  });
});

describe('the quick switcher', () => {
  const t: Translate = (key) => key;
  const EVERYTHING = {
    conversations: [CONVERSATION], people: [], ownId: ME.memberId, permissions: ['MEMBERS_VIEW' as const],
    tenants: [{ tenantId: 'tnt_2', tenant: 'qinghe', company: '青禾精密制造', viewer: null }],
  };
  const person = {
    id: 'mem_3', name: '欧阳若曦', nickname: null, account: 'ouyangrx', position: null, signature: null,
    departments: [], state: 'ACTIVE' as const, email: null, mobile: null, online: false, avatarId: null,
  };

  it('offers conversations, then people without one, never oneself', () => {
    const people = [person, { ...person, id: OTHER.id, name: OTHER.name }, { ...person, id: ME.memberId }];
    const items = switcherItems({ ...EVERYTHING, typed: 'li', people, t });
    expect(items.map(({ key }) => key)).toEqual(['cnv_1', 'mem_3']);
  });

  it('leads to settings, to the console as far as one may, and to other companies', () => {
    const keys = (typed: string): string[] => switcherItems({ ...EVERYTHING, typed, t }).map(({ key }) => key);
    expect(keys('settings.pass')).toEqual(['/settings?at=password']);
    expect(keys('console.')).toEqual(['/console/members', '/console/departments']);
    expect(keys('青禾')).toEqual(['tnt_2']);
  });
});

describe('keys', () => {
  const press = { key: 'Enter', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, composing: false };

  it('send as the member chose, and never while an input method composes', () => {
    expect(sends('enter', press)).toBe(true);
    expect(sends('enter', { ...press, shiftKey: true })).toBe(false);
    expect(sends('enter', { ...press, composing: true })).toBe(false);
    expect(sends('ctrl-enter', press)).toBe(false);
    expect(sends('ctrl-enter', { ...press, ctrlKey: true })).toBe(true);
  });
});

describe('a person without a picture', () => {
  it('has two characters of the Chinese name or initials, and always the same colour', () => {
    expect(avatarLetters('欧阳若曦')).toBe('若曦');
    expect(avatarLetters('李')).toBe('李');
    expect(avatarLetters('Emma van Brandt')).toBe('EB');
    expect(avatarLetters('jonas')).toBe('J');
    expect(avatarLetters(' ')).toBe('?');
    expect(avatarHue('mem_1')).toBe(avatarHue('mem_1'));
    expect(avatarHue('mem_1')).toBeLessThan(12);
  });
});

describe('links', () => {
  it('end before punctuation, Chinese punctuation included', () => {
    expect(splitLinks('见 https://a.example/x?y=1。谢谢')).toEqual([
      { text: '见 ', href: null }, { text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1' },
      { text: '。谢谢', href: null },
    ]);
    expect(splitLinks('javascript:alert(1)')).toEqual([{ text: 'javascript:alert(1)', href: null }]);
  });
});
