/** The two choices every surface offers: language and theme. */
import type { ReactElement } from 'react';
import { chooseLanguage, type Language } from '../i18n/index.ts';
import { useWords } from '../i18n/react.ts';
import { Segmented } from './Segmented.tsx';
import { chooseTheme, useThemeChoice, type ThemeChoice } from './theme.ts';

const LANGUAGE_OPTIONS = [
  { value: 'zh-CN', label: '中文' },
  { value: 'en', label: 'English' },
] as const;

export interface LanguageChoiceProps {
  /** Told after the switch, e.g. to keep it for the member. */
  onChosen?: (language: Language) => void;
}

export function LanguageChoice({ onChosen }: LanguageChoiceProps): ReactElement {
  const { t, language } = useWords();
  return (
    <Segmented<Language>
      label={t('preferences.language')} value={language} options={LANGUAGE_OPTIONS}
      onValue={(next) => void chooseLanguage(next).then(() => onChosen?.(next))}
    />
  );
}

export function ThemeSwitch(): ReactElement {
  const { t } = useWords();
  const choice = useThemeChoice();
  const options = (['system', 'light', 'dark'] as const).map(
    (value) => ({ value, label: t(`theme.${value}`) }),
  );
  return (
    <Segmented<ThemeChoice>
      label={t('preferences.theme')} value={choice} options={options} onValue={chooseTheme}
    />
  );
}
