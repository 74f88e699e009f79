/** The browser's side of uploading: chosen files, requests with progress, and the server's verbs. */
import { GraphqlFailure, type FailureCode, type GraphqlClient } from '../gql/client.ts';
import {
  FileGrantsDocument, FileRulesDocument, UploadCancelDocument, UploadCompleteDocument, UploadDocument, UploadPartsDocument,
  UploadStartDocument,
} from '../gql/tenant/files.ts';
import type { AskGrants } from './grants/grants.ts';
import { RulesKeeper } from './upload/rules.ts';
import type {
  ByteSource, ByteTransport, NewUpload, Sending, UploadAnswer, UploadApi,
} from './upload/types.ts';

/** Kinds that every browser draws. */
const PREVIEWED = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;

/** A file that somebody chose. */
export class ChosenFile implements ByteSource {
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAt_ms: number;
  readonly preview: string | null;
  readonly #file: File;

  constructor(file: File) {
    this.#file = file;
    // A pasted picture has a name that says nothing about it; the server's rule holds for all.
    this.name = file.name === '' ? 'file' : file.name;
    this.sizeBytes = file.size;
    this.modifiedAt_ms = file.lastModified;
    this.preview = PREVIEWED.test(file.type) ? URL.createObjectURL(file) : null;
  }

  slice(fromByte: number, toByte: number): Blob {
    return this.#file.slice(fromByte, toByte);
  }

  release(): void {
    if (this.preview !== null) URL.revokeObjectURL(this.preview);
  }
}

interface Request {
  method: 'POST' | 'PUT';
  url: string;
  headers: Record<string, string>;
  body: Blob;
  onSent: (bytes: number) => void;
}

/** What the server says went wrong, where it says so by its table; an object store does not. */
function toldCode({ responseText }: XMLHttpRequest): FailureCode | null {
  try {
    const { code } = JSON.parse(responseText) as { code?: FailureCode };
    return code ?? null;
  } catch {
    return null;
  }
}

function statusFailure(request: XMLHttpRequest): GraphqlFailure {
  const { status } = request;
  const retryAfterS = Number(request.getResponseHeader('retry-after') ?? '') || undefined;
  const told = toldCode(request);
  if (told) return new GraphqlFailure(told, `status ${status}`, { retryAfterS });
  if (status === 429) return new GraphqlFailure('RATE_LIMITED', 'rate limited', { retryAfterS });
  if (status === 401) return new GraphqlFailure('UNAUTHENTICATED', 'no session');
  if (status === 413) return new GraphqlFailure('TOO_LARGE', 'too large');
  // An address that is too old is refused with 403: the next try has a new one.
  const passes = status >= 500 || status === 403 || status === 408;
  return new GraphqlFailure(passes ? 'UNAVAILABLE' : 'BAD_REQUEST', `status ${status}`, { retryAfterS });
}

/** XMLHttpRequest, since fetch does not tell how far a body is. */
function send<Result>(
  { method, url, headers, body, onSent }: Request, read: (request: XMLHttpRequest) => Result | null,
): Sending<Result> {
  const request = new XMLHttpRequest();
  const done = new Promise<Result>((resolve, reject) => {
    const lost = (): void => reject(new GraphqlFailure('NETWORK', 'no answer'));
    request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded));
    request.addEventListener('error', lost);
    request.addEventListener('abort', lost);
    request.addEventListener('timeout', lost);
    request.addEventListener('load', () => {
      const answer = read(request);
      if (answer === null) reject(statusFailure(request));
      else resolve(answer);
    });
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(body);
  });
  return { done, abort: () => request.abort() };
}

function isDone(status: number): boolean {
  return status >= 200 && status < 300;
}

/** A refusal has a status of its own; its body says by which limit. */
function readAnswer({ responseText }: XMLHttpRequest): UploadAnswer | null {
  try {
    const { problem, upload } = JSON.parse(responseText) as Partial<UploadAnswer>;
    if (problem) return { problem, upload: null };
    return upload ? { problem: null, upload: { ...BARE, ...upload } } : null;
  } catch {
    return null;
  }
}

/** What a small file's answer leaves out: it has no parts, and its file comes with the check. */
const BARE = { partSizeBytes: 0, partCount: 0, receivedParts: [], problem: null, file: null };

export function createByteTransport(tenantId: string, surface: 'member' | 'console'): ByteTransport {
  return {
    small({ nonce, name, purpose }: NewUpload, source, onSent) {
      const query = new URLSearchParams({ name, nonce, purpose });
      return send<UploadAnswer>({
        method: 'POST', url: `/files/${tenantId}/small?${query.toString()}`, onSent,
        headers: {
          'hansa-tenant': tenantId, 'hansa-surface': surface, 'content-type': 'application/octet-stream',
        },
        body: source.slice(0, source.sizeBytes) as Blob,
      }, readAnswer);
    },
    part({ url, headers: signed }, body, onSent) {
      // The length is signed as well; a browser tells it by itself and by itself alone.
      const told = signed.filter(({ name }) => name.toLowerCase() !== 'content-length');
      const headers = Object.fromEntries(told.map(({ name, value }) => [name, value]));
      return send<true>({ method: 'PUT', url, headers, body: body as Blob, onSent }, ({ status }) => (isDone(status) ? true : null));
    },
  };
}

export function createUploadApi(client: GraphqlClient): UploadApi {
  const rules = new RulesKeeper(async () => (await client.request(FileRulesDocument, {})).filePolicy, () => Date.now());
  return {
    refusalBySize: (sizeBytes) => rules.refusal(sizeBytes),
    async start({ nonce, name, sizeBytes, purpose }) {
      const input = { nonce, name, sizeBytes, purpose };
      return (await client.request(UploadStartDocument, { input })).uploadStart;
    },
    async look(id) {
      return (await client.request(UploadDocument, { id })).upload;
    },
    async parts(id, numbers) {
      const { problem, parts } = (await client.request(UploadPartsDocument, { id, numbers: [...numbers] })).uploadParts;
      if (problem) throw new GraphqlFailure(problem.code, problem.message);
      return parts;
    },
    async complete(id) {
      return (await client.request(UploadCompleteDocument, { input: { id } })).uploadComplete;
    },
    async cancel(id) {
      await client.request(UploadCancelDocument, { input: { id } });
    },
  };
}

export function createAskGrants(client: GraphqlClient): AskGrants {
  return async ({ variant, disposition }, fileIds) => {
    const input = { fileIds: [...fileIds], variant, disposition };
    const { problem, grants } = (await client.request(FileGrantsDocument, { input })).fileGrants;
    if (problem) throw new GraphqlFailure(problem.code, problem.message);
    return grants;
  };
}
