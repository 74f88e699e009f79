/** The storage that counts: the number that is shown is the one that is enforced. */
import type { ReactElement } from 'react';
import type { FilePolicyQuery } from '../../gql/tenant/console.ts';
import { formatBytes } from '../../i18n/format.ts';
import { useWords } from '../../i18n/react.ts';
import { Banner } from '../../ui/Banner.tsx';
import styles from '../../ui/desk/desk.module.css';

/** From this share on the bar warns. */
const HIGH = 0.9;

export function StorageMeter({ usage }: { usage: FilePolicyQuery['storageUsage'] }): ReactElement {
  const { t, language } = useWords();
  const { usedBytes, limitBytes, fileCount } = usage;
  const share = limitBytes > 0 ? Math.min(usedBytes / limitBytes, 1) : 1;
  const level = usedBytes >= limitBytes ? 'full' : share >= HIGH ? 'high' : 'free';
  const text = `${formatBytes(language, usedBytes)} / ${formatBytes(language, limitBytes)}`;
  const left = formatBytes(language, Math.max(limitBytes - usedBytes, 0));
  return (
    <div className={styles['stack']}>
      <div>
        <div className={styles['meterText']}><span>{t('filePolicy.used')}</span><strong>{text}</strong></div>
        <div
          className={styles['meter']} data-level={level} role="meter" aria-label={t('filePolicy.used')} aria-valuemin={0}
          aria-valuemax={limitBytes} aria-valuenow={usedBytes} aria-valuetext={text}
        >
          <div style={{ width: `${share * 100}%` }} />
        </div>
        <p className={styles['muted']}>
          {fileCount === 0 ? t('filePolicy.empty') : t('filePolicy.count', { count: fileCount, left })}
        </p>
      </div>
      {level === 'free' ? null : <Banner look="warn">{t('filePolicy.nearlyFull')}</Banner>}
    </div>
  );
}
