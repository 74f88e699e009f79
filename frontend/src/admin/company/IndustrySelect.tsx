/** The industry out of the deployment's list (TEN-05); a value of an older list stays choosable. */
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import type { ReactElement } from 'react';
import { DeploymentDocument } from '../../gql/platform/platform.ts';
import { useWords } from '../../i18n/react.ts';
import { platformClient } from '../../session/client.ts';
import { knownText } from '../../ui/knownText.ts';

export interface IndustrySelectProps {
  /** Given by the form. */
  id?: string;
  value?: string;
  onChange?: (industry: string) => void;
}

export function IndustrySelect({ id, value, onChange }: IndustrySelectProps): ReactElement {
  const { t } = useWords();
  const { data, isPending } = useQuery({
    queryKey: ['industries'],
    staleTime: Infinity,
    queryFn: async ({ signal }) => (await platformClient.request(DeploymentDocument, {}, signal)).deployment.industries,
  });
  const known = data ?? [];
  const offered = value && !known.includes(value) ? [value, ...known] : known;
  return (
    <Select<string>
      {...(id ? { id } : {})} {...(value ? { value } : {})} {...(onChange ? { onChange } : {})} loading={isPending}
      showSearch={{ optionFilterProp: 'label' }} aria-label={t('company.industry')}
      options={offered.map((key) => ({ value: key, label: knownText(t, 'industry', key) }))}
    />
  );
}
