/** Suspending a tenant: with a reason, and its name typed. */
import { App, Input } from 'antd';
import { useState, type ReactElement } from 'react';
import { TenantSuspendDocument, type TenantFieldsFragment } from '../../gql/platform/platform.ts';
import { useWords } from '../../i18n/react.ts';
import { platformClient } from '../../session/client.ts';
import { useVerb } from '../../ui/desk/requests.ts';
import { TypedNameModal } from '../../ui/desk/TypedNameModal.tsx';
import { TENANT_REFRESHES } from './TenantPage.tsx';

interface SuspendModalProps {
  tenant: Pick<TenantFieldsFragment, 'id' | 'fullName'>;
  onClose: () => void;
}

export function SuspendModal({ tenant, onClose }: SuspendModalProps): ReactElement {
  const { t } = useWords();
  const { message } = App.useApp();
  const [reason, setReason] = useState('');
  const suspend = useVerb({
    client: platformClient, document: TenantSuspendDocument, refreshes: TENANT_REFRESHES,
    payload: ({ tenantSuspend }) => tenantSuspend,
  });
  const { id, fullName: name } = tenant;
  const confirm = (): void => suspend.mutate({ input: { id, reason: reason.trim() } }, {
    onSuccess: () => {
      void message.success(t('desk.saved'));
      onClose();
    },
  });
  return (
    <TypedNameModal
      title={t('tenants.askSuspend', { name })} effect={t('tenants.suspendEffect')} name={name}
      verb={t('tenants.suspend')} error={suspend.error} busy={suspend.isPending} ready={reason.trim() !== ''}
      onConfirm={confirm} onClose={onClose}
    >
      <label>
        {t('tenants.reason')}
        <Input.TextArea value={reason} rows={2} maxLength={200} onChange={(event) => setReason(event.target.value)} />
      </label>
    </TypedNameModal>
  );
}
