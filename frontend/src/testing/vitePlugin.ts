/** Puts the mock server into Vite's development server: `npm run dev:mock`. */
import type { Plugin, PreviewServer, ViteDevServer } from 'vite';
import { createMockServer } from './mockServer.ts';

function answer({ middlewares, httpServer }: Pick<ViteDevServer | PreviewServer, 'middlewares' | 'httpServer'>): void {
  const mock = createMockServer();
  middlewares.use((request, response, next) => {
    if (!mock.handle(request, response)) next();
  });
  httpServer?.on('upgrade', (request, socket, head) => mock.upgrade(request, socket, head));
}

/** Answers in development and in the preview of a build. */
export function mockServer(): Plugin {
  return { name: 'hansa-mock-server', configureServer: answer, configurePreviewServer: answer };
}
