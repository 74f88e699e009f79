/** A table that pages on the server: its rows, its empty state, and a pager below. */
import LeftOutlined from '@ant-design/icons-svg/es/asn/LeftOutlined';
import RightOutlined from '@ant-design/icons-svg/es/asn/RightOutlined';
import { Button, Select, Table, type TableColumnsType } from 'antd';
import type { ReactElement, ReactNode, TdHTMLAttributes } from 'react';
import { useWords } from '../../i18n/react.ts';
import { Icon } from '../Icon.tsx';
import { ErrorState, Skeleton } from '../States.tsx';
import styles from './desk.module.css';
import { PAGE_SIZES, type PagedAddress } from './paging.ts';

interface Connection<Node> {
  edges: readonly { node: Node }[];
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

export interface PagedTableProps<Node> {
  label: string;
  columns: TableColumnsType<Node>;
  data: Connection<Node> | undefined;
  loading: boolean;
  error: unknown;
  onRetry: () => void;
  address: PagedAddress;
  empty: ReactNode;
}

function labelled(title: unknown): TdHTMLAttributes<HTMLElement> & { 'data-label': string } {
  return { 'data-label': typeof title === 'string' ? title : '' };
}

export function PagedTable<Node extends { id: string }>(props: PagedTableProps<Node>): ReactElement {
  const { label, columns, data, loading, error, onRetry, address, empty } = props;
  if (error) return <ErrorState error={error} onRetry={onRetry} />;
  if (!data) return <Skeleton rows={8} avatars={false} wide />;
  const rows = data.edges.map(({ node }) => node);
  // On a narrow screen a row is a card, and each cell says what it is.
  const told = columns.map((column) => ({
    ...column, onCell: () => labelled(column.title),
  }));
  return (
    <div>
      <div className={styles['tableWrap']} role="region" aria-label={label} tabIndex={0}>
        <Table<Node>
          rowKey="id" columns={told} dataSource={rows} pagination={false} size="middle"
          loading={{ spinning: loading, delay: 150 }} locale={{ emptyText: empty }}
        />
      </div>
      {data.totalCount > 0 ? <Pager data={data} address={address} /> : null}
    </div>
  );
}

interface PagerProps {
  data: Connection<unknown>;
  address: PagedAddress;
}

function Pager({ data, address }: PagerProps): ReactElement {
  const { t } = useWords();
  const from = address.before * address.size + 1;
  const { endCursor, hasNextPage } = data.pageInfo;
  return (
    <div className={styles['pager']}>
      <span>{t('desk.range', { from, to: from + data.edges.length - 1, total: data.totalCount })}</span>
      <Select<number>
        aria-label={t('desk.pageSize')} value={address.size} onChange={address.resize} popupMatchSelectWidth={false}
        options={PAGE_SIZES.map((value) => ({ value, label: t('desk.perPage', { count: value }) }))}
      />
      <Button
        icon={<Icon of={LeftOutlined} size={13} />} aria-label={t('desk.previous')} disabled={address.before === 0}
        onClick={address.previous}
      />
      <Button
        icon={<Icon of={RightOutlined} size={13} />} aria-label={t('desk.next')}
        disabled={!hasNextPage || endCursor === null} onClick={() => endCursor && address.next(endCursor)}
      />
    </div>
  );
}
