/**
 * The scrolling log. It stands at the end and stays there while one is at the end; older pages come
 * in above without moving what is read; what is visible counts as read.
 */
import ArrowDownOutlined from '@ant-design/icons-svg/es/asn/ArrowDownOutlined';
import { useWords } from '../../i18n/react.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { ReactElement } from 'react';
import { useRef } from 'react';
import type { StoredFile } from '../../files/upload/types.ts';
import styles from './timeline.module.css';
import { TimelineRow } from './TimelineRow.tsx';
import { useScroll } from './useScroll.ts';
import type { TimelineModel } from './useTimeline.ts';

/** Above the rows: room for the line that says that more is coming, so that it moves nothing. */
const TOP_PX = 48;

interface TimelineProps {
  model: TimelineModel;
  title: string;
  onAuthor: (memberId: string) => void;
  onFile: (file: StoredFile) => void;
}

export function Timeline({ model, title, onAuthor, onFile }: TimelineProps): ReactElement {
  const { t } = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const handle = useRef<VirtualizerHandle>(null);
  const { shift, below, fresh, onScroll, onScrollEnd, toEnd } = useScroll(model, scroller, handle);
  // Where the log begins, its first entry says so.
  const top = model.loadingOlder && !model.reachedStart ? t('state.loading') : '';
  return (
    <div className={styles['timeline']}>
      <div
        ref={scroller} className={styles['scroller']} tabIndex={0} role="region"
        aria-label={t('timeline.label', { title })}
      >
        <div className={styles['space']} />
        <div className={styles['top']} style={{ height: TOP_PX }}>{top}</div>
        <Virtualizer
          ref={handle} scrollRef={scroller} data={model.rows} startMargin={TOP_PX} shift={shift}
          onScroll={onScroll} onScrollEnd={onScrollEnd} bufferSize={400}
        >
          {(row) => <TimelineRow key={row.key} row={row} conversation={model.conversation} onAuthor={onAuthor} onFile={onFile} />}
        </Virtualizer>
        <div className={styles['end']} />
      </div>
      {below ? (
        <button type="button" className={styles['newest']} onClick={toEnd}>
          {fresh > 0 ? t('timeline.newMessages', { count: fresh }) : t('timeline.toEnd')}
          <Icon of={ArrowDownOutlined} size={14} />
        </button>
      ) : null}
    </div>
  );
}
