/** The mock's files: uploads in one request or in parts, a short check, and bytes that come back. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusalBySize } from '../files/upload/rules.ts';

const PART_BYTES = 8 * 1024 * 1024;
const GRANT_MS = 10 * 60_000;
const CHECK_MS = 700;
const GIB = 1024 ** 3;

export interface MockFile {
  id: string;
  name: string;
  kind: 'IMAGE' | 'VIDEO' | 'AUDIO' | 'FILE' | 'FOLDER';
  sizeBytes: number;
  contentType: string | null;
  width: number | null;
  height: number | null;
  blur: string | null;
  durationMs: number | null;
  state: 'AVAILABLE' | 'EXPIRED' | 'REMOVED';
  fileCount: number | null;
  bytes: Buffer;
}

interface MockUpload {
  id: string;
  memberId: string;
  nonce: string;
  name: string;
  sizeBytes: number;
  parts: Map<number, Buffer>;
  state: 'RECEIVING' | 'CHECKING' | 'READY' | 'REFUSED' | 'CANCELLED';
  problem: Record<string, unknown> | null;
  file: MockFile | null;
}

interface NewUpload {
  nonce: string;
  name: string;
  sizeBytes: number;
}

const SEEDED: Partial<MockFile>[][] = [
  [{ name: '厂房航拍.jpg', kind: 'IMAGE', width: 1600, height: 1000, blur: '1QcSHQRnh493V4dIh4eXh1h4kJUI' }],
  [
    { name: 'IMG_0412.jpg', kind: 'IMAGE', width: 1200, height: 1600 }, { name: 'IMG_0413.jpg', kind: 'IMAGE', width: 1600, height: 1200 },
    { name: 'IMG_0414.jpg', kind: 'IMAGE', width: 1600, height: 900 },
  ],
  [
    { name: '2026年度框架采购合同（盖章版）-汉萨数字科技与北岸物流-最终修订稿v12.pdf', sizeBytes: 3_482_113 },
    { name: '报价明细.xlsx', sizeBytes: 84_220 },
  ],
  [{ name: '联调录屏.mp4', kind: 'VIDEO', width: 1920, height: 1080, durationMs: 83_000, sizeBytes: 18_400_000, contentType: 'video/mp4' }],
  [{ name: '投标资料', kind: 'FOLDER', fileCount: 42, sizeBytes: 61_200_000 }],
  [{ name: '会议纪要-三月.docx', sizeBytes: 41_000, state: 'EXPIRED' }],
];

function picture(hue: number, width: number, height: number): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="g" x2="1" y2="1">
<stop stop-color="hsl(${hue} 60% 62%)"/><stop offset="1" stop-color="hsl(${hue + 60} 55% 32%)"/></linearGradient></defs>
<rect width="100%" height="100%" fill="url(#g)"/><circle cx="72%" cy="30%" r="12%" fill="#fff" opacity=".75"/></svg>`);
}

function problem(code: string, limit: number | null = null, used: number | null = null) {
  return { code, field: null, limit: limit ?? null, used: used ?? null, retryAfterS: null, message: code };
}

/** Width and height of a PNG; nothing of other kinds is needed here. */
function pngSize(bytes: Buffer): [number, number] | null {
  return bytes.subarray(1, 4).toString() === 'PNG' ? [bytes.readUInt32BE(16), bytes.readUInt32BE(20)] : null;
}

function contentTypeOf(name: string): string {
  const known: Record<string, string> = {
    png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', mp4: 'video/mp4', webm: 'video/webm',
  };
  return known[name.split('.').pop()?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

export class MockFiles {
  readonly policy = {
    fileBytesMax: 100 * 1024 * 1024, largeFiles: false, largeFileBytesMax: 2 * GIB, partnerFileBytesMax: 50 * 1024 * 1024,
    retentionDays: { image: null as number | null, video: 180 as number | null, file: null as number | null },
    previewOnly: false,
  };
  readonly files = new Map<string, MockFile>();
  readonly #uploads = new Map<string, MockUpload>();
  readonly #id: (prefix: string) => string;
  /** Told when the check of an upload ended. */
  onChecked: (memberId: string, uploadId: string, state: string) => void = () => undefined;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(id: (prefix: string) => string) {
    this.#id = id;
  }

  /** Files as a conversation may have them, one list a message. */
  seeded(): MockFile[][] {
    return SEEDED.map((list, group) => list.map((seed, index) => {
      const bytes = seed.kind === 'IMAGE' ? picture(group * 70 + index * 45 + 190, seed.width ?? 0, seed.height ?? 0) : Buffer.from(seed.name ?? '');
      return this.#keep({ name: '', kind: 'FILE', sizeBytes: bytes.length, contentType: seed.kind === 'IMAGE' ? 'image/svg+xml' : null, bytes, ...seed });
    }));
  }

  #keep(made: Partial<MockFile> & { name: string; bytes: Buffer }): MockFile {
    const file: MockFile = {
      id: this.#id('fil'), kind: 'FILE', sizeBytes: made.bytes.length, contentType: null, width: null, height: null, blur: null,
      durationMs: null, state: 'AVAILABLE', fileCount: null, ...made,
    };
    this.files.set(file.id, file);
    return file;
  }

  folder(name: string, located: readonly { fileId: string; path: string }[]): MockFile {
    const files = located.flatMap(({ fileId }) => this.files.get(fileId) ?? []);
    const sizeBytes = files.reduce((total, file) => total + file.sizeBytes, 0);
    return this.#keep({ name, kind: 'FOLDER', sizeBytes, fileCount: files.length, bytes: Buffer.from(`PK\x03\x04${located.map(({ path }) => path).join()}`) });
  }

  usage() {
    const all = [...this.files.values()];
    const usedBytes = all.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
    return { usedBytes, limitBytes: 10 * GIB, fileCount: all.length };
  }

  start(memberId: string, { nonce, name, sizeBytes }: NewUpload) {
    const known = [...this.#uploads.values()].find((one) => one.memberId === memberId && one.nonce === nonce);
    if (known) return { problem: null, upload: this.wire(known.id) };
    const refusal = refusalBySize(this.policy, sizeBytes);
    if (refusal) return { problem: problem(refusal.code, refusal.limit, refusal.used), upload: null };
    const id = this.#id('upl');
    this.#uploads.set(id, { id, memberId, nonce, name, sizeBytes, parts: new Map(), state: 'RECEIVING', problem: null, file: null });
    return { problem: null, upload: this.wire(id) };
  }

  wire(id: string) {
    const upload = this.#uploads.get(id);
    if (!upload) return null;
    const { name, sizeBytes, state, parts, file } = upload;
    return {
      __typename: 'Upload', id, name, sizeBytes, state, file, problem: upload.problem, partSizeBytes: PART_BYTES,
      partCount: Math.ceil(sizeBytes / PART_BYTES), receivedParts: [...parts.keys()],
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    };
  }

  parts(id: string, numbers: readonly number[]) {
    return { problem: null, parts: numbers.map((number) => ({ number, url: `/mock-s3/${id}?partNumber=${number}`, sizeBytes: PART_BYTES, headers: [] })) };
  }

  cancel(id: string) {
    const upload = this.#uploads.get(id);
    if (upload) upload.state = 'CANCELLED';
    return { problem: null, upload: this.wire(id) };
  }

  complete(id: string) {
    const upload = this.#uploads.get(id);
    if (!upload) return { problem: problem('NOT_FOUND'), upload: null };
    if (upload.state === 'RECEIVING') {
      upload.state = 'CHECKING';
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#check(upload);
      }, CHECK_MS);
      this.#timers.add(timer);
    }
    return { problem: null, upload: this.wire(id) };
  }

  #check(upload: MockUpload): void {
    const bytes = Buffer.concat([...upload.parts].sort(([left], [right]) => left - right).map(([, part]) => part));
    upload.parts.clear();
    if (upload.name.includes('virus')) {
      upload.state = 'REFUSED';
      upload.problem = problem('INFECTED');
    } else {
      const contentType = contentTypeOf(upload.name);
      const size = pngSize(bytes);
      const kind = contentType.startsWith('image/') ? 'IMAGE' : contentType.startsWith('video/') ? 'VIDEO' : 'FILE';
      upload.file = this.#keep({ name: upload.name, bytes, contentType, kind, width: size?.[0] ?? null, height: size?.[1] ?? null });
      upload.state = 'READY';
    }
    this.onChecked(upload.memberId, upload.id, upload.state);
  }

  grants(fileIds: readonly string[], disposition: string) {
    if (this.policy.previewOnly && disposition === 'ATTACHMENT') return { problem: problem('DOWNLOAD_OFF'), grants: [] };
    const there = fileIds.flatMap((id) => this.files.get(id) ?? []).filter(({ state }) => state === 'AVAILABLE');
    const expiresAt = new Date(Date.now() + GRANT_MS).toISOString();
    return {
      problem: null,
      grants: there.map(({ id, name }) => ({ fileId: id, url: `/files/mock/${id}/${encodeURIComponent(name)}`, expiresAt })),
    };
  }

  /** True when the request was one for bytes. */
  handle(request: IncomingMessage, response: ServerResponse, memberId: string | null): boolean {
    const url = new URL(request.url ?? '', 'http://mock');
    const [, area, second = '', third = ''] = url.pathname.split('/');
    if (area === 'mock-s3' && request.method === 'PUT') {
      void bodyOf(request).then((bytes) => {
        this.#uploads.get(second)?.parts.set(Number(url.searchParams.get('partNumber')), bytes);
        response.end();
      });
      return true;
    }
    if (area !== 'files') return false;
    if (third === 'small' && request.method === 'POST') void this.#small(request, response, url.searchParams, memberId ?? '');
    else this.#serve(response, third === 'avatar' || third === 'logo' ? (url.pathname.split('/')[4] ?? '') : third);
    return true;
  }

  async #small(request: IncomingMessage, response: ServerResponse, query: URLSearchParams, memberId: string): Promise<void> {
    const bytes = await bodyOf(request);
    const started = this.start(memberId, { nonce: query.get('nonce') ?? '', name: query.get('name') ?? '', sizeBytes: bytes.length });
    const upload = started.upload ? this.#uploads.get(started.upload.id) : undefined;
    response.setHeader('content-type', 'application/json');
    if (!upload) {
      response.end(JSON.stringify(started));
      return;
    }
    upload.parts.set(1, bytes);
    response.end(JSON.stringify(this.complete(upload.id)));
  }

  #serve(response: ServerResponse, id: string): void {
    const file = this.files.get(id);
    response.statusCode = file ? 200 : 404;
    if (file?.contentType) response.setHeader('content-type', file.contentType);
    response.end(file?.bytes);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
