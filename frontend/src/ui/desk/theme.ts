/** Ant Design's theme out of the token file: the values are read from the page, not repeated. */
import { theme as antd, type ThemeConfig } from 'antd';
import { useMemo } from 'react';
import { useTheme } from '../theme.ts';

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function useDeskTheme(): ThemeConfig {
  const shown = useTheme();
  return useMemo(() => ({
    algorithm: shown === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: token('--brand'),
      colorLink: token('--brand-text'),
      colorInfo: token('--brand-text'),
      colorError: token('--danger'),
      colorWarning: token('--warn'),
      colorSuccess: token('--ok'),
      colorErrorBg: token('--danger-soft'),
      colorWarningBg: token('--warn-soft'),
      colorSuccessBg: token('--ok-soft'),
      colorInfoBg: token('--brand-soft'),
      colorPrimaryBg: token('--brand-soft'),
      colorText: token('--text'),
      colorTextSecondary: token('--text-2'),
      colorTextTertiary: token('--text-3'),
      colorTextDescription: token('--text-3'),
      colorTextPlaceholder: token('--text-3'),
      colorBgBase: token('--bg'),
      colorBgContainer: token('--bg'),
      colorBgElevated: token('--bg-raised'),
      colorBorder: token('--border-strong'),
      colorBorderSecondary: token('--border'),
      borderRadius: 8,
      fontFamily: token('--font'),
      fontSize: 14,
      motionDurationMid: '0.14s',
      motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    },
    components: {
      Checkbox: { borderRadiusSM: 3 },
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
      Table: { headerBg: token('--bg-side'), headerColor: token('--text-2'), headerSplitColor: 'transparent' },
    },
  }), [shown]);
}
