/** Rail, list, conversation and details; one pane at a time where the window is narrow. */
import type { ReactElement } from 'react';
import { useState } from 'react';
import { useRoute } from 'wouter';
import { useWords } from '../i18n/react.ts';
import { Announcer } from './Announcer.tsx';
import { ChatKeys } from './ChatKeys.tsx';
import { CompanyDialog } from './CompanyDialog.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { useLive } from './context.ts';
import { ConversationList } from './conversations/ConversationList.tsx';
import { EndedNotice } from './EndedNotice.tsx';
import { PeopleMain } from './people/PeopleMain.tsx';
import { PeopleTree } from './people/PeopleTree.tsx';
import { Rail } from './Rail.tsx';
import { ReplacedNotice } from './ReplacedNotice.tsx';
import { SettingsPage } from './settings/SettingsPage.tsx';
import styles from './chat.module.css';
import { QuickSwitcher } from './switcher/QuickSwitcher.tsx';
import { ConversationPane } from './timeline/ConversationPane.tsx';
import { useOwnPicture } from './files/useMemberPicture.ts';
import { useAttention } from './useAttention.ts';
import { useDirectoryChanges } from './useDirectoryChanges.ts';
import { useKeys } from './useKeys.ts';

type Overlay = 'switcher' | 'keys' | 'companies' | null;

export function ChatShell(): ReactElement {
  const { t } = useWords();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const [inConversation, conversation] = useRoute('/c/:id');
  const [inPeople] = useRoute('/people/*?');
  const [inPeopleMain] = useRoute('/people/:kind/:id');
  const [inSettings] = useRoute('/settings');
  const ended = useLive((state) => state.ended);
  const conversationId = inConversation ? conversation.id : null;
  useAttention();
  useDirectoryChanges();
  useOwnPicture();
  useKeys({ conversationId, onOverlay: setOverlay, overlaid: overlay !== null });
  const main = inConversation || inPeopleMain || inSettings;
  return (
    <div className={styles['shell']} data-pane={main ? 'main' : 'list'}>
      <Rail
        onCompanies={() => setOverlay('companies')} onSwitcher={() => setOverlay('switcher')}
        onKeys={() => setOverlay('keys')}
      />
      <div className={styles['body']}>
        <ConnectionBanner />
        <ReplacedNotice />
        <main className={styles['panes']}>
          <h1 className="visually-hidden">{t('brand')}</h1>
          <nav className={styles['list']} aria-label={t(inPeople ? 'people.title' : 'chats.title')}>
            {inPeople ? <PeopleTree /> : (
              <ConversationList selectedId={conversationId} onSwitcher={() => setOverlay('switcher')} />
            )}
          </nav>
          <div className={styles['main']}>
            {inSettings ? <SettingsPage /> : inPeople ? <PeopleMain /> : (
              <ConversationPane key={conversationId ?? ''} conversationId={conversationId} />
            )}
          </div>
        </main>
      </div>
      <Announcer conversationId={conversationId} />
      {overlay === 'switcher' ? <QuickSwitcher onClose={() => setOverlay(null)} /> : null}
      {overlay === 'keys' ? <ChatKeys onClose={() => setOverlay(null)} /> : null}
      {overlay === 'companies' ? <CompanyDialog onClose={() => setOverlay(null)} /> : null}
      {ended ? <EndedNotice end={ended} /> : null}
    </div>
  );
}
