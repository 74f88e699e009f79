/** A new password, twice, with its rule beside it. */
import type { ReactElement } from 'react';
import { useWords } from '../i18n/react.ts';
import { PasswordField } from '../ui/Field.tsx';
import type { NewPasswordModel } from './useNewPassword.ts';

export function NewPasswordFields({ model }: { model: NewPasswordModel }): ReactElement {
  const { t } = useWords();
  return (
    <>
      <PasswordField
        label={t('password.new')} autoComplete="new-password" name="new-password" required
        hint={model.rule} value={model.password} error={model.passwordError}
        onValue={model.changePassword}
      />
      <PasswordField
        label={t('password.repeat')} autoComplete="new-password" name="repeat-password" required
        value={model.repeat} error={model.repeatError} onValue={model.changeRepeat}
      />
    </>
  );
}
