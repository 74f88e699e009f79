/** One file of the live modules for Node: `dist-live/live.js`. */
import { defineConfig } from 'vite';

export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'dist-live',
    target: 'node20',
    minify: false,
    lib: { entry: 'src/chat/live/index.ts', formats: ['es'], fileName: 'live' },
  },
});
