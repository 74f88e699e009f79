/** Ctrl K in a console: its pages, other areas, and a search in its lists. */
import RightOutlined from '@ant-design/icons-svg/es/asn/RightOutlined';
import SearchOutlined from '@ant-design/icons-svg/es/asn/SearchOutlined';
import { useState, type ReactElement } from 'react';
import { useLocation } from 'wouter';
import type { MessageKey } from '../../i18n/index.ts';
import { useWords } from '../../i18n/react.ts';
import { Palette, type PaletteItem } from '../Palette.tsx';
import type { DeskArea } from './DeskFrame.tsx';

/** A list of the console that can be searched from anywhere: `path?search=…`. */
export interface DeskSearch {
  path: string;
  /** Takes `text`. */
  label: MessageKey;
}

interface DeskPaletteProps {
  areas: readonly DeskArea[];
  /** Ways out, e.g. to the chat. */
  exits: readonly { path: string; label: string }[];
  searches: readonly DeskSearch[];
  onClose: () => void;
}

type DeskItem = PaletteItem & { path: string };

export function DeskPalette({ areas, exits, searches, onClose }: DeskPaletteProps): ReactElement {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState('');
  const text = typed.trim();
  const about = t('palette.page');
  const pages: DeskItem[] = [
    ...areas.map(({ path, label, icon }) => ({ key: path, path, title: label, about, mark: { icon } })),
    ...exits.map(({ path, label }) => ({ key: path, path, title: label, about, mark: { icon: RightOutlined } })),
  ].filter(({ title }) => title.toLocaleLowerCase().includes(text.toLocaleLowerCase()));
  const found: DeskItem[] = text === '' ? [] : searches.map(({ path, label }) => ({
    key: `?${path}`, path: `${path}?${new URLSearchParams({ search: text })}`, title: t(label, { text }),
    about: '', mark: { icon: SearchOutlined },
  }));
  const go = ({ path }: DeskItem): void => {
    onClose();
    navigate(path);
  };
  return (
    <Palette
      placeholder={t('desk.find')} items={[...pages, ...found]} typed={typed} onTyped={setTyped} onChoose={go}
      onClose={onClose}
    />
  );
}
