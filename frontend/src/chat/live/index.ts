/**
 * The live modules for programs without a browser, e.g. a test under Node. Build them with
 * `npm run build:live`; give `LiveSession` a fetch and a WebSocket that send the session's cookie.
 */
export { createLiveApi } from './api.ts';
export { openIndexedDbCache, openNoCache, type LiveCache } from './cache.ts';
export { headsDigest } from './digest.ts';
export { LiveSession, type LiveSessionConfig } from './session.ts';
export { LiveStore, type LiveState } from './store.ts';
export { DEFAULT_LIMITS, type Identity, type LiveLimits, type Timers } from './types.ts';
