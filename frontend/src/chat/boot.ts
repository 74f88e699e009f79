/**
 * Starts the chat:
 * 1. Who was signed in is remembered: show the cache at once and connect.
 * 2. Ask the server who is signed in; it may be nobody, somebody else, or a changed session.
 * 3. Follow the browser's network and the end of the session.
 */
import { failureCode } from '../gql/client.ts';
import { currentTenant, leaveTenant } from '../session/tenants.ts';
import { fetchViewer, type Viewer } from '../session/viewer.ts';
import { identityOf, openLiveSession, wipeOtherCaches } from './browser.ts';
import { ChatFiles } from './files/chatFiles.ts';
import type { LiveSession } from './live/session.ts';

export type BootState =
  | { step: 'starting' }
  | { step: 'signed-out' }
  | { step: 'must-change-password' }
  | { step: 'failed'; error: unknown }
  | { step: 'running'; session: LiveSession; files: ChatFiles; viewer: Viewer | null };

export class ChatBoot {
  #state: BootState = { step: 'starting' };
  readonly #listeners = new Set<() => void>();
  #session: LiveSession | null = null;
  #files: ChatFiles | null = null;
  #stopped = false;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): BootState => this.#state;

  #set(state: BootState): void {
    if (this.#stopped) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Returns what stops it again. */
  start(): () => void {
    this.#stopped = false;
    void this.#run();
    const online = (): void => this.#session?.networkBack();
    const offline = (): void => this.#session?.networkLost();
    const woken = (): void => {
      if (document.visibilityState === 'visible') this.#session?.networkBack();
    };
    addEventListener('online', online);
    addEventListener('offline', offline);
    document.addEventListener('visibilitychange', woken);
    return () => {
      this.#stopped = true;
      this.#session?.stop();
      this.#files?.stop();
      this.#session = null;
      this.#files = null;
      removeEventListener('online', online);
      removeEventListener('offline', offline);
      document.removeEventListener('visibilitychange', woken);
    };
  }

  readonly retry = (): void => {
    this.#set({ step: 'starting' });
    void this.#run();
  };

  async #run(): Promise<void> {
    const tenant = currentTenant('member');
    if (!tenant) return this.#set({ step: 'signed-out' });
    await this.#open(null);
    try {
      const viewer = await fetchViewer('member');
      if (!this.#stopped) await this.#follow(tenant.tenantId, viewer);
    } catch (error) {
      await this.#onFailure(tenant.tenantId, error);
    }
  }

  /** Opens the remembered identity, unless it is open already. */
  async #open(viewer: Viewer | null): Promise<void> {
    const identity = identityOf(currentTenant('member'));
    if (!identity || this.#stopped) return;
    if (this.#session?.store.identity.sessionId === identity.sessionId) {
      if (this.#files) this.#set({ step: 'running', session: this.#session, files: this.#files, viewer });
      return;
    }
    this.#session?.stop();
    this.#files?.stop();
    const session = openLiveSession(identity);
    this.#session = session;
    await session.restore();
    if (this.#session !== session || this.#stopped) return session.stop();
    session.connect();
    session.store.subscribe(() => this.#onStore(session));
    const files = new ChatFiles(session);
    this.#files = files;
    this.#set({ step: 'running', session, files, viewer });
  }

  #onStore(session: LiveSession): void {
    if (!session.store.state.ended) return;
    if (this.#session === session) this.#files?.close();
    leaveTenant('member', session.store.identity.tenantId);
  }

  async #follow(tenantId: string, viewer: Viewer | null): Promise<void> {
    if (!viewer?.member) {
      const shown = this.#session?.store.state.ended;
      this.#files?.close();
      await this.#session?.close();
      await wipeOtherCaches(tenantId, null);
      // A session that ended under the reader's eyes says why; the notice leads on.
      return shown ? undefined : this.#set({ step: 'signed-out' });
    }
    if (viewer.mustChangePassword) return this.#set({ step: 'must-change-password' });
    await this.#open(viewer);
    await wipeOtherCaches(tenantId, this.#session?.store.identity ?? null);
  }

  async #onFailure(tenantId: string, error: unknown): Promise<void> {
    const code = failureCode(error);
    if (code === 'UNAUTHENTICATED') return this.#follow(tenantId, null);
    if (code === 'PASSWORD_CHANGE_REQUIRED') return this.#set({ step: 'must-change-password' });
    // With a cache on the screen, the banner says it and the link tries again.
    if (this.#state.step !== 'running') this.#set({ step: 'failed', error });
  }
}
