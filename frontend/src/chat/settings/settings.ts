/** The blocks of the settings page: its order, and where the quick switcher leads. */
import type { MessageKey } from '../../i18n/index.ts';

export const SETTINGS = [
  { id: 'look', title: 'settings.look' },
  { id: 'password', title: 'settings.password' },
  { id: 'devices', title: 'settings.devices' },
  { id: 'companies', title: 'companies.title' },
  { id: 'leave', title: 'settings.leave' },
] as const satisfies readonly { id: string; title: MessageKey }[];

export type SettingId = (typeof SETTINGS)[number]['id'];
