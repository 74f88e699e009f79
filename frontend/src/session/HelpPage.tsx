/** What to do when signing in is refused, by the words that were shown (FAQ-01 to FAQ-03). */
import { useEffect, useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import type { MessageKey } from '../i18n/index.ts';
import { useWords } from '../i18n/react.ts';
import { Banner } from '../ui/Banner.tsx';
import { Button } from '../ui/Button.tsx';
import styles from './auth.module.css';
import { AuthLayout } from './AuthLayout.tsx';
import { HELP_ENTRIES, type HelpEntry } from './help.ts';

const STEPS = [1, 2, 3];

export default function HelpPage(): ReactElement {
  const { t } = useWords();
  const [wanted] = useState(() => location.hash.slice(1));
  useEffect(() => {
    document.getElementById(wanted)?.scrollIntoView({ block: 'start' });
  }, [wanted]);
  return (
    <AuthLayout
      title={t('help.title')} lead={t('help.lead')} wide
      foot={<Link href="/signin">{t('forgot.back')}</Link>}
    >
      {HELP_ENTRIES.map((entry) => <Entry key={entry} entry={entry} wanted={entry === wanted} />)}
    </AuthLayout>
  );
}

function Entry({ entry, wanted }: { entry: HelpEntry; wanted: boolean }): ReactElement {
  const { t } = useWords();
  return (
    <section id={entry} className={styles['help']} data-wanted={wanted || undefined}>
      <h2>{t(`help.${entry}.title`)}</h2>
      <ol>
        {STEPS.map((step) => <li key={step}>{t(`help.${entry}.${step}` as MessageKey)}</li>)}
      </ol>
      {entry === 'server' ? <ConnectionTest /> : null}
    </section>
  );
}

type Test = { state: 'idle' | 'testing' | 'unreached' } | { state: 'reached'; took_ms: number };

/** Asks the server whether it is there, as the sign-in page would. */
function ConnectionTest(): ReactElement {
  const { t } = useWords();
  const [test, setTest] = useState<Test>({ state: 'idle' });
  const run = async (): Promise<void> => {
    setTest({ state: 'testing' });
    const start = performance.now();
    const reached = await fetch('/healthz', { cache: 'no-store' }).then(({ ok }) => ok, () => false);
    setTest(reached ? { state: 'reached', took_ms: Math.round(performance.now() - start) } : { state: 'unreached' });
  };
  return (
    <>
      <div>
        <Button disabled={test.state === 'testing'} onClick={() => void run()}>
          {t(test.state === 'testing' ? 'help.server.testing' : 'help.server.test')}
        </Button>
      </div>
      {test.state === 'reached' ? <Banner look="ok">{t('help.server.reached', { ms: test.took_ms })}</Banner> : null}
      {test.state === 'unreached' ? <Banner look="error">{t('help.server.unreached')}</Banner> : null}
    </>
  );
}
