/** The company's tree of departments with head counts (DIR-01), and a search over everybody. */
import ApartmentOutlined from '@ant-design/icons-svg/es/asn/ApartmentOutlined';
import DownOutlined from '@ant-design/icons-svg/es/asn/DownOutlined';
import RightOutlined from '@ant-design/icons-svg/es/asn/RightOutlined';
import { useDeferredValue, useRef, useState, type ReactElement } from 'react';
import { Link, useRoute } from 'wouter';
import { useWords } from '../../i18n/react.ts';
import { Icon } from '../../ui/Icon.tsx';
import { ErrorState, Skeleton } from '../../ui/States.tsx';
import chat from '../chat.module.css';
import { walkList } from '../listKeys.ts';
import { useCompany } from '../useCompany.ts';
import styles from './people.module.css';
import { PeopleList } from './PeopleList.tsx';
import { useDepartments, type Department } from './usePeople.ts';

export function PeopleTree(): ReactElement {
  const { t } = useWords();
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim());
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <>
      <header className={chat['listHead']}>
        <h2>{t('people.title')}</h2>
        <input
          type="search" className={chat['searchInput']} value={search} placeholder={t('people.search')}
          aria-label={t('people.search')} onChange={(event) => setSearch(event.target.value)}
        />
      </header>
      <div ref={scroller} className={chat['scroller']} onKeyDown={walkList}>
        {wanted === ''
          ? <Tree />
          : <PeopleList filter={{ search: wanted, departmentId: null }} scroller={scroller} />}
      </div>
    </>
  );
}

function Tree(): ReactElement {
  const { t } = useWords();
  const data = useCompany();
  const [inRoot] = useRoute('/people');
  const [inAll] = useRoute('/people/d/all');
  return (
    <div className={styles['tree']}>
      <Link
        href="/people/d/all" className={styles['node'] ?? ''} data-walk=""
        aria-current={inRoot || inAll ? 'page' : undefined}
      >
        <Icon of={ApartmentOutlined} size={16} />
        <span className={styles['nodeName']}>{data?.shortName ?? data?.fullName ?? t('people.everybody')}</span>
      </Link>
      <Branch parentId={null} depth={1} />
    </div>
  );
}

function Branch({ parentId, depth }: { parentId: string | null; depth: number }): ReactElement | null {
  const { data, error, refetch } = useDepartments(parentId);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return depth === 1 ? <Skeleton rows={5} avatars={false} /> : null;
  return (
    <ul>
      {data.map((department) => <Node key={department.id} department={department} depth={depth} />)}
    </ul>
  );
}

function Node({ department, depth }: { department: Department; depth: number }): ReactElement {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const [current] = useRoute(`/people/d/${department.id}`);
  const { id, name, memberCount, childCount } = department;
  return (
    <li>
      <div className={styles['nodeRow']} style={{ paddingLeft: depth * 16 }}>
        {childCount > 0 ? (
          <button
            type="button" className={styles['toggle']} aria-expanded={open}
            aria-label={t(open ? 'people.fold' : 'people.unfold', { name })} onClick={() => setOpen(!open)}
          >
            <Icon of={open ? DownOutlined : RightOutlined} size={11} />
          </button>
        ) : <span className={styles['toggle']} />}
        <Link
          href={`/people/d/${id}`} className={styles['node'] ?? ''} data-walk="" title={name}
          aria-current={current ? 'page' : undefined}
        >
          <span className={styles['nodeName']}>{name}</span>
          <span className={styles['count']}>{memberCount}</span>
        </Link>
      </div>
      {open ? <Branch parentId={id} depth={depth + 1} /> : null}
    </li>
  );
}
