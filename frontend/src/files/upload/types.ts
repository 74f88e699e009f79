/**
 * The words of uploading: what somebody chose, what the server knows of it, what a screen shows of it,
 * and the ports through which time, bytes and requests come in. Nothing here knows React or a browser.
 */
import type { FailureCode } from '../../gql/client.ts';
import type { FileFieldsFragment, UploadFieldsFragment } from '../../gql/tenant/files.ts';

export type StoredFile = FileFieldsFragment;
export type ServerUpload = UploadFieldsFragment;
export type UploadPurpose = 'MESSAGE' | 'AVATAR' | 'COMPANY_LOGO';

/** Why the server takes no file: the limit and what is used of it belong to the words. */
export interface Refusal {
  readonly code: FailureCode;
  readonly limit?: number | null;
  readonly used?: number | null;
  readonly retryAfterS?: number | null;
}

/** The bytes that somebody chose. */
export interface ByteSource {
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAt_ms: number;
  /** A picture of it that can be shown at once, e.g. an object URL; null for other kinds. */
  readonly preview: string | null;
  /** A body for a request. */
  slice(fromByte: number, toByte: number): unknown;
  /** Nobody shows it any longer. */
  release(): void;
}

/** Where a file is going. */
export interface UploadTarget {
  readonly purpose: UploadPurpose;
  /** The conversation whose tray it lies in; null for pictures of persons and companies. */
  readonly conversationId: string | null;
  /** A directory that is sent as one message, and where in it the file lies. */
  readonly folder: { readonly id: string; readonly name: string; readonly path: string } | null;
}

export interface NewUpload {
  /** The client's own id; the same one again is the same upload. */
  readonly nonce: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly purpose: UploadPurpose;
}

export interface UploadAnswer {
  readonly upload: ServerUpload | null;
  readonly problem: Refusal | null;
}

export interface PartAddress {
  readonly number: number;
  readonly url: string;
  /** To be sent as they are. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** The requests of an upload. Every method may throw a `GraphqlFailure`. */
export interface UploadApi {
  /** Why a file of this size would be refused, as far as that is known before it is sent. */
  refusalBySize(sizeBytes: number): Promise<Refusal | null>;
  start(upload: NewUpload): Promise<UploadAnswer>;
  look(id: string): Promise<ServerUpload | null>;
  parts(id: string, numbers: readonly number[]): Promise<readonly PartAddress[]>;
  complete(id: string): Promise<UploadAnswer>;
  cancel(id: string): Promise<void>;
}

/** A request with a body on its way. `done` rejects with a `GraphqlFailure`, also when it was aborted. */
export interface Sending<Result> {
  readonly done: Promise<Result>;
  abort(): void;
}

export interface ByteTransport {
  /** Start, bytes and end in one request. */
  small(upload: NewUpload, source: ByteSource, onSent: (bytes: number) => void): Sending<UploadAnswer>;
  part(address: PartAddress, body: unknown, onSent: (bytes: number) => void): Sending<true>;
}

/**
 * `waiting` for its turn, `sending`, `paused` by somebody, `checking` by the server, `ready` to be sent,
 * `refused` for good, `failed` and worth a retry, `detached`: begun before a reload, the file has to be
 * chosen again.
 */
export type UploadStep =
  | 'waiting' | 'sending' | 'paused' | 'checking' | 'ready' | 'refused' | 'failed' | 'detached';

/** What a screen shows of one upload. Replaced with every change. */
export interface UploadView {
  /** The nonce of its first start. */
  readonly key: string;
  readonly target: UploadTarget;
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAt_ms: number;
  readonly sentBytes: number;
  readonly step: UploadStep;
  /** True while no byte gets through; it goes on by itself. */
  readonly stalled: boolean;
  /** Why it was refused or failed. */
  readonly refusal: Refusal | null;
  readonly file: StoredFile | null;
  readonly preview: string | null;
}

/** Bounds of uploading; smaller in tests. */
export interface UploadLimits {
  /** Up to this size a file goes in one request (SMALL_FILE_BYTES_MAX of the server). */
  readonly smallBytesMax: number;
  readonly filesAtOnce: number;
  readonly partsAtOnce: number;
  /** Addresses asked for at a time; the server signs at most 32. */
  readonly addressesAtOnce: number;
  /** Addresses are signed for 15 minutes; older ones than this are not used. */
  readonly addressAge_ms_max: number;
  /** Tries against a server that answers with an error that should pass. */
  readonly triesMax: number;
  readonly retryWait_ms_min: number;
  readonly retryWait_ms_max: number;
  readonly checkWait_ms_min: number;
  readonly checkWait_ms_max: number;
}

export const UPLOAD_LIMITS: UploadLimits = {
  smallBytesMax: 8 * 1024 * 1024,
  filesAtOnce: 2,
  partsAtOnce: 3,
  addressesAtOnce: 8,
  addressAge_ms_max: 10 * 60_000,
  triesMax: 6,
  retryWait_ms_min: 500,
  retryWait_ms_max: 15_000,
  checkWait_ms_min: 1000,
  checkWait_ms_max: 10_000,
};
