/** Build, dev server and unit tests. `vite --mode mock` answers from src/testing instead of a server. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { mockServer } from './src/testing/vitePlugin.ts';


const SERVER = process.env['HANSA_DEV_SERVER'] ?? 'http://127.0.0.1:8080';
const PROXIED = ['/graphql', '/platform/graphql'];

export default defineConfig(({ mode }) => ({
  plugins: [react(), ...(mode === 'mock' ? [mockServer()] : [])],
  build: {
    target: 'es2022',
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
  server: {
    proxy: Object.fromEntries(
      (mode === 'mock' ? [] : PROXIED).map((path) => [path, { target: SERVER, ws: true }]),
    ),
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    environment: 'node',
    restoreMocks: true,
  },
}));
