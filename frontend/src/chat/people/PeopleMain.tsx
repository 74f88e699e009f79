/** Beside the tree: the people of a department, or one person's card. */
import ArrowLeftOutlined from '@ant-design/icons-svg/es/asn/ArrowLeftOutlined';
import { useQuery } from '@tanstack/react-query';
import { useRef, type ReactElement } from 'react';
import { useLocation, useRoute } from 'wouter';
import { DepartmentNameDocument } from '../../gql/tenant/chat.ts';
import { useWords } from '../../i18n/react.ts';
import { IconButton } from '../../ui/Button.tsx';
import chat from '../chat.module.css';
import { useChat } from '../context.ts';
import { walkList } from '../listKeys.ts';
import styles from './people.module.css';
import { PeopleList } from './PeopleList.tsx';
import { PersonDetails } from './PersonDetails.tsx';

const EVERYBODY = 'all';

export function PeopleMain(): ReactElement {
  const [inPerson, person] = useRoute('/people/p/:id');
  const [inDepartment, department] = useRoute('/people/d/:id');
  const { t } = useWords();
  const [, navigate] = useLocation();
  // Back to the list one came from; an address that was opened by itself has none.
  const goBack = (): void => (history.length > 1 ? history.back() : navigate('/people'));
  if (inPerson) {
    return (
      <section className={chat['conversationMain']}>
        <header className={chat['head']}>
          <IconButton icon={ArrowLeftOutlined} label={t('action.back')} onClick={goBack} />
          <div className={chat['headText']}><h2>{t('person.card')}</h2></div>
        </header>
        <div className={styles['person']}>
          <PersonDetails key={person.id} memberId={person.id} onClose={goBack} />
        </div>
      </section>
    );
  }
  const id = inDepartment ? department.id : EVERYBODY;
  return <DepartmentPeople key={id} departmentId={id === EVERYBODY ? null : id} />;
}

function DepartmentPeople({ departmentId }: { departmentId: string | null }): ReactElement {
  const { t } = useWords();
  const { client } = useChat().live;
  const [, navigate] = useLocation();
  const scroller = useRef<HTMLDivElement>(null);
  const { data } = useQuery({
    queryKey: ['directory', 'department', departmentId],
    enabled: departmentId !== null,
    queryFn: async ({ signal }) => (
      await client.request(DepartmentNameDocument, { id: departmentId ?? '' }, signal)
    ).department,
  });
  return (
    <section className={chat['conversationMain']}>
      <header className={chat['head']}>
        <IconButton
          icon={ArrowLeftOutlined} label={t('action.back')} className={chat['back'] ?? ''}
          onClick={() => navigate('/people')}
        />
        <div className={chat['headText']}>
          <h2>{departmentId === null ? t('people.everybody') : (data?.name ?? '')}</h2>
          {data ? <span className={chat['presence']}>{t('people.count', { count: data.memberCount })}</span> : null}
        </div>
      </header>
      <div ref={scroller} className={`${chat['scroller']} ${styles['wide']}`} onKeyDown={walkList}>
        <PeopleList filter={{ search: null, departmentId }} scroller={scroller} />
      </div>
    </section>
  );
}
