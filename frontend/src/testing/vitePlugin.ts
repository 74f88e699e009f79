/** Puts the mock server into Vite's development server: `npm run dev:mock`. */
import type { Plugin } from 'vite';
import { createMockServer } from './mockServer.ts';

export function mockServer(): Plugin {
  return {
    name: 'hansa-mock-server',
    configureServer(server) {
      const mock = createMockServer();
      server.middlewares.use((request, response, next) => {
        if (!mock.handle(request, response)) next();
      });
      server.httpServer?.on('upgrade', (request, socket, head) => mock.upgrade(request, socket, head));
    },
  };
}
