/** A new password that is typed twice: its rule, and what is wrong with it. */
import { useEffect, useState } from 'react';
import { PasswordRuleDocument, type PasswordRuleQuery } from '../gql/tenant/session.ts';
import { useWords } from '../i18n/react.ts';
import { surfaceClient } from './client.ts';
import type { SurfaceName } from './remembered.ts';

type Rule = PasswordRuleQuery['passwordRule'];

export interface NewPasswordModel {
  password: string;
  repeat: string;
  rule: string;
  passwordError: string | null;
  repeatError: string | null;
  changePassword: (value: string) => void;
  changeRepeat: (value: string) => void;
  /** Shows what is wrong; true when nothing is. */
  check: () => boolean;
  refuse: (reason: string) => void;
}

/** The rule as the tenant set it; without a session the usual one is shown. */
function useRule(surface: SurfaceName | null): Rule | null {
  const [rule, setRule] = useState<Rule | null>(null);
  useEffect(() => {
    if (!surface) return;
    const abort = new AbortController();
    surfaceClient(surface).request(PasswordRuleDocument, {}, abort.signal)
      .then(({ passwordRule }) => setRule(passwordRule))
      .catch(() => undefined);
    return () => abort.abort();
  }, [surface]);
  return rule;
}

export function useNewPassword(surface: SurfaceName | null): NewPasswordModel {
  const { t } = useWords();
  const rule = useRule(surface);
  const [password, setPassword] = useState('');
  const [repeat, setRepeat] = useState('');
  const [passwordError, setPasswordError] = useState<string | null>(null);
  const [repeatError, setRepeatError] = useState<string | null>(null);
  const text = rule
    ? t(rule.strong ? 'password.ruleStrong' : 'password.rule', { min: rule.minLength, max: rule.maxLength })
    : '';
  return {
    password, repeat, passwordError, repeatError, rule: text,
    changePassword: (value) => { setPassword(value); setPasswordError(null); },
    changeRepeat: (value) => { setRepeat(value); setRepeatError(null); },
    check: () => {
      const tooShort = password.length < (rule?.minLength ?? 1);
      setPasswordError(password === '' ? t('error.REQUIRED') : tooShort ? t('error.PASSWORD_WEAK') : null);
      setRepeatError(repeat === password ? null : t('password.differs'));
      return password !== '' && !tooShort && repeat === password;
    },
    refuse: setPasswordError,
  };
}
