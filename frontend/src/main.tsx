/** The entry: loads the common texts, then the area of the address. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { texts } from './i18n/index.ts';
import { Routes } from './Routes.tsx';
import { followSystemTheme } from './ui/theme.ts';
import './ui/tokens.css';
import './ui/base.css';

async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no root element');
  followSystemTheme();
  await texts.load('core');
  createRoot(root).render(<StrictMode><Routes /></StrictMode>);
}

void start();
