/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The kinds of conversations. */
export type ConversationKind =
  | 'ALL_STAFF'
  | 'APP'
  | 'DEPARTMENT'
  | 'DIRECT'
  | 'DISCUSSION'
  | 'FILE_ASSISTANT'
  | 'FIXED'
  | 'SYSTEM';

/** Whom to talk to. */
export type ConversationOpenDirectInput = {
  memberId: string;
};

/** What counts as one device beside another. */
export type DeviceType =
  | 'API'
  | 'CONSOLE'
  | 'DESKTOP'
  | 'MOBILE';

/** What an entry of a log is. */
export type EntryKind =
  | 'CREATED'
  | 'MESSAGE';

/** Every error that a client can cause or be told of. */
export type ErrorCode =
  | 'ACCOUNT_DISABLED'
  | 'ACCOUNT_LOCKED'
  | 'ACCOUNT_TAKEN'
  | 'ACCOUNT_UNKNOWN'
  | 'BAD_REQUEST'
  | 'CODE_EXPIRED'
  | 'CODE_USED'
  | 'CODE_WRONG'
  | 'CONTACT_REQUIRED'
  | 'CONVERSATION_CLOSED'
  | 'CREDENTIALS_WRONG'
  | 'DEPARTMENT_CYCLE'
  | 'DEPARTMENT_NOT_EMPTY'
  | 'DOWNLOAD_OFF'
  | 'EMAIL_TAKEN'
  | 'FILE_ATTACHED'
  | 'FILE_EMPTY'
  | 'FILE_NOT_READY'
  | 'FILE_TOO_LARGE'
  | 'FORBIDDEN'
  | 'HOST_NAME_RESERVED'
  | 'HOST_NAME_TAKEN'
  | 'INFECTED'
  | 'INTERNAL'
  | 'INVALID_ACCOUNT'
  | 'INVALID_EMAIL'
  | 'INVALID_HOST_NAME'
  | 'INVALID_INPUT'
  | 'INVALID_MOBILE'
  | 'LARGE_FILES_OFF'
  | 'LAST_OWNER'
  | 'LICENSE_EXPIRED'
  | 'LINK_EXPIRED'
  | 'LINK_INVALID'
  | 'MESSAGE_EMPTY'
  | 'MESSAGE_TOO_LONG'
  | 'MOBILE_TAKEN'
  | 'NONCE_REUSED'
  | 'NOT_AUTHORIZED_TO_SIGN_IN'
  | 'NOT_FOUND'
  | 'PASSWORD_CHANGE_REQUIRED'
  | 'PASSWORD_SAME'
  | 'PASSWORD_WEAK'
  | 'PASSWORD_WRONG'
  | 'PICTURE_BROKEN'
  | 'PICTURE_REQUIRED'
  | 'PICTURE_TOO_LARGE'
  | 'QUERY_TOO_COMPLEX'
  | 'QUERY_TOO_DEEP'
  | 'RATE_LIMITED'
  | 'REQUIRED'
  | 'SEATS_EXHAUSTED'
  | 'SELF_NOT_ALLOWED'
  | 'SIZE_MISMATCH'
  | 'STORAGE_FULL'
  | 'TENANT_CLOSED'
  | 'TENANT_SUSPENDED'
  | 'TENANT_UNKNOWN'
  | 'TERMS_NOT_ACCEPTED'
  | 'TERMS_OUTDATED'
  | 'TOO_DEEP'
  | 'TOO_LARGE'
  | 'TOO_LONG'
  | 'TOO_MANY'
  | 'TOO_MANY_TRIALS'
  | 'TOO_SHORT'
  | 'UNAUTHENTICATED'
  | 'UNAVAILABLE'
  | 'UPLOAD_ENDED'
  | 'UPLOAD_INCOMPLETE'
  | 'UPLOAD_RATE'
  | 'VERSION_CONFLICT';

/** What a browser does with it; what it could run is saved, whatever was asked. */
export type FileDisposition =
  | 'ATTACHMENT'
  | 'INLINE';

/** Which files, and how. */
export type FileGrantsInput = {
  disposition?: FileDisposition;
  /** At most 100; what is missing, gone or not the caller's to read is left out of the answer. */
  fileIds: Array<string>;
  /** A file without such an object is left out of the answer. */
  variant?: FileVariant;
};

/** What a file is, by its content; a folder is a directory that was uploaded. */
export type FileKind =
  | 'AUDIO'
  | 'FILE'
  | 'FOLDER'
  | 'IMAGE'
  | 'VIDEO';

/** What a file is uploaded for. */
export type FilePurpose =
  | 'AVATAR'
  | 'COMPANY_LOGO'
  | 'MESSAGE';

/** Whether a file can still be read. */
export type FileState =
  | 'AVAILABLE'
  | 'EXPIRED'
  | 'REMOVED';

/**
 * Which of a file's objects: itself, the small picture of a picture or video, the still of a
 * video, or a folder as one file.
 */
export type FileVariant =
  | 'ORIGINAL'
  | 'POSTER'
  | 'THUMBNAIL'
  | 'ZIP';

/** One's own picture; without `fileId` there is none from now on. */
export type MemberAvatarSetInput = {
  crop?: PictureCropInput | null | undefined;
  /** An upload of purpose AVATAR that is READY. */
  fileId?: string | null | undefined;
};

/** Whether a member may come in, and is shown in the directory. */
export type MemberState =
  | 'ACTIVE'
  | 'DISABLED'
  | 'RESIGNED';

/** A file of a folder: own, READY, part of no message. */
export type MessageFolderFileInput = {
  fileId: string;
  /** Below the folder, with its own name: `reports/2026/may.pdf`; at most 16 levels. */
  path: string;
};

/** Files that are sent as one folder. */
export type MessageFolderInput = {
  /** 1 to 1,000. */
  files: Array<MessageFolderFileInput>;
  name: string;
};

/**
 * `nonce` is the client's own id of this message, 8 to 64 characters; the same nonce again answers
 * the first entry.
 */
export type MessageSendInput = {
  /** Own files that are READY and part of no message; at most 9 with the folder. */
  attachmentIds?: Array<string>;
  conversationId: string;
  folder?: MessageFolderInput | null | undefined;
  nonce: string;
  /** May be absent where files are sent. */
  text?: string | null | undefined;
};

/** A square of a picture, in its pixels, from the left and from the top. */
export type PictureCropInput = {
  size: number;
  x: number;
  y: number;
};

/** How far one has read. */
export type ReadMarkMoveInput = {
  conversationId: string;
  seq: number;
};

/** Why a session ended. */
export type SessionEndReason =
  | 'EXPIRED'
  | 'MEMBER_CLOSED'
  | 'PASSWORD_CHANGED'
  | 'REPLACED'
  | 'REVOKED'
  | 'SIGNED_OUT'
  | 'TENANT_CLOSED';

/** Which session ends. */
export type SessionRevokeInput = {
  id: string;
};

/** Which door a session came through; API sessions have a bearer token and are no device. */
export type Surface =
  | 'API'
  | 'CONSOLE'
  | 'MEMBER';

/** It is not wanted any more. */
export type UploadCancelInput = {
  id: string;
};

/** All parts have been sent. */
export type UploadCompleteInput = {
  id: string;
};

/**
 * What will come. `nonce` is the client's own id of this upload, 8 to 64 characters; the same
 * nonce again answers the first upload, so that a client can go on where it stopped.
 */
export type UploadStartInput = {
  /** The name the file will have, one line. */
  name: string;
  nonce: string;
  purpose?: FilePurpose;
  sizeBytes: number;
};

/** Where an upload stands. */
export type UploadState =
  | 'CANCELLED'
  | 'CHECKING'
  | 'READY'
  | 'RECEIVING'
  | 'REFUSED';

export type EntryFieldsFragment = { id: string, conversationId: string, seq: number, kind: EntryKind, nonce: string | null, text: string | null, countTo: number, createdAt: string, author: { id: string, name: string } | null, attachments: Array<{ id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null }> };

export type ConversationFieldsFragment = { id: string, kind: ConversationKind, title: string, headSeq: number, readSeq: number, peerReadSeq: number | null, unread: number, changedAt: string, peer: { id: string, name: string, online: boolean, avatarId: string | null } | null, lastEntry: { id: string, conversationId: string, seq: number, kind: EntryKind, nonce: string | null, text: string | null, countTo: number, createdAt: string, author: { id: string, name: string } | null, attachments: Array<{ id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null }> } | null };

export type SyncQueryVariables = Exact<{
  position?: string | null | undefined;
  first?: number | null | undefined;
}>;


export type SyncQuery = { sync: { position: string, more: boolean, conversations: Array<{ id: string, kind: ConversationKind, title: string, headSeq: number, readSeq: number, peerReadSeq: number | null, unread: number, changedAt: string, peer: { id: string, name: string, online: boolean, avatarId: string | null } | null, lastEntry: { id: string, conversationId: string, seq: number, kind: EntryKind, nonce: string | null, text: string | null, countTo: number, createdAt: string, author: { id: string, name: string } | null, attachments: Array<{ id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null }> } | null }> } };

export type ConversationStateQueryVariables = Exact<{
  id: string;
}>;


export type ConversationStateQuery = { conversation: { id: string, kind: ConversationKind, title: string, headSeq: number, readSeq: number, peerReadSeq: number | null, unread: number, changedAt: string, peer: { id: string, name: string, online: boolean, avatarId: string | null } | null, lastEntry: { id: string, conversationId: string, seq: number, kind: EntryKind, nonce: string | null, text: string | null, countTo: number, createdAt: string, author: { id: string, name: string } | null, attachments: Array<{ id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null }> } | null } | null };

export type EntriesAfterQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
}>;


export type EntriesAfterQuery = { conversation: { entries: { edges: Array<{ node: { id: string, conversationId: string, seq: number, kind: EntryKind, nonce: string | null, text: string | null, countTo: number, createdAt: string, author: { id: string, name: string } | null, attachments: Array<{ id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null }> } }>, pageInfo: { hasNextPage: boolean } } } | null };

export type EntriesBeforeQueryVariables = Exact<{
  id: string;
  last: number;
  before?: string | null | undefined;
}>;


export type EntriesBeforeQuery = { conversation: { entries: { edges: Array<{ node: { id: string, conversationId: string, seq: number, kind: EntryKind, nonce: string | null, text: string | null, countTo: number, createdAt: string, author: { id: string, name: string } | null, attachments: Array<{ id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null }> } }>, pageInfo: { hasPreviousPage: boolean } } } | null };

export type MessageSendMutationVariables = Exact<{
  input: MessageSendInput;
}>;


export type MessageSendMutation = { messageSend: { duplicate: boolean, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, entry: { id: string, conversationId: string, seq: number, kind: EntryKind, nonce: string | null, text: string | null, countTo: number, createdAt: string, author: { id: string, name: string } | null, attachments: Array<{ id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null }> } | null } };

export type ReadMarkMoveMutationVariables = Exact<{
  input: ReadMarkMoveInput;
}>;


export type ReadMarkMoveMutation = { readMarkMove: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, conversation: { id: string, readSeq: number, unread: number, headSeq: number } | null } };

export type ConversationOpenDirectMutationVariables = Exact<{
  input: ConversationOpenDirectInput;
}>;


export type ConversationOpenDirectMutation = { conversationOpenDirect: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, conversation: { id: string, kind: ConversationKind, title: string, headSeq: number, readSeq: number, peerReadSeq: number | null, unread: number, changedAt: string, peer: { id: string, name: string, online: boolean, avatarId: string | null } | null, lastEntry: { id: string, conversationId: string, seq: number, kind: EntryKind, nonce: string | null, text: string | null, countTo: number, createdAt: string, author: { id: string, name: string } | null, attachments: Array<{ id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null }> } | null } | null } };

export type EventsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type EventsSubscription = { events:
    | { __typename: 'ConversationEvent', conversationId: string }
    | { __typename: 'DirectoryEvent', version: string }
    | { __typename: 'MessageEvent', conversationId: string, id: string, seq: number, kind: EntryKind, authorId: string | null, authorName: string | null, nonce: string | null, text: string | null, countTo: number, createdAt: string, attachments: Array<{ id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null }> }
    | { __typename: 'PresenceEvent', memberId: string, online: boolean }
    | { __typename: 'ReadMarkEvent', conversationId: string, memberId: string, seq: number }
    | { __typename: 'SessionEndedEvent', reason: SessionEndReason, by: string | null }
    | { __typename: 'UploadEvent', uploadId: string, state: UploadState }
   };

export type PersonFieldsFragment = { id: string, name: string, nickname: string | null, account: string, position: string | null, signature: string | null, state: MemberState, email: string | null, mobile: string | null, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> };

export type PeopleQueryVariables = Exact<{
  search?: string | null | undefined;
  departmentId?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type PeopleQuery = { members: { totalCount: number, edges: Array<{ node: { id: string, name: string, nickname: string | null, account: string, position: string | null, signature: string | null, state: MemberState, email: string | null, mobile: string | null, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type PersonQueryVariables = Exact<{
  id: string;
}>;


export type PersonQuery = { member: { id: string, name: string, nickname: string | null, account: string, position: string | null, signature: string | null, state: MemberState, email: string | null, mobile: string | null, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> } | null };

export type DepartmentChildrenQueryVariables = Exact<{
  parentId?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type DepartmentChildrenQuery = { departments: { edges: Array<{ node: { id: string, name: string, parentId: string | null, orderNumber: number, memberCount: number, childCount: number, depth: number } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DepartmentNameQueryVariables = Exact<{
  id: string;
}>;


export type DepartmentNameQuery = { department: { id: string, name: string, memberCount: number } | null };

export type ChatCompanyQueryVariables = Exact<{ [key: string]: never; }>;


export type ChatCompanyQuery = { company: { id: string, fullName: string, shortName: string | null, hostName: string, enterpriseNumber: string, logoId: string | null } };

export type OwnSessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type OwnSessionsQuery = { sessions: { edges: Array<{ node: { id: string, surface: Surface, deviceType: DeviceType, device: string, ip: string, createdAt: string, lastSeenAt: string, current: boolean } }> } };

export type OwnSessionRevokeMutationVariables = Exact<{
  input: SessionRevokeInput;
}>;


export type OwnSessionRevokeMutation = { sessionRevoke: { sessionId: string | null, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null } };

export type OwnPictureQueryVariables = Exact<{
  id: string;
}>;


export type OwnPictureQuery = { member: { id: string, avatarId: string | null } | null };

export type MemberAvatarSetMutationVariables = Exact<{
  input: MemberAvatarSetInput;
}>;


export type MemberAvatarSetMutation = { memberAvatarSet: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, member: { id: string, avatarId: string | null } | null } };

export type FileFieldsFragment = { id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null };

export type UploadFieldsFragment = { id: string, name: string, sizeBytes: number, partSizeBytes: number, partCount: number, receivedParts: Array<number>, state: UploadState, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, file: { id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null } | null };

export type UploadStartMutationVariables = Exact<{
  input: UploadStartInput;
}>;


export type UploadStartMutation = { uploadStart: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, upload: { id: string, name: string, sizeBytes: number, partSizeBytes: number, partCount: number, receivedParts: Array<number>, state: UploadState, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, file: { id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null } | null } | null } };

export type FileRulesQueryVariables = Exact<{ [key: string]: never; }>;


export type FileRulesQuery = { filePolicy: { fileBytesMax: number, largeFiles: boolean, largeFileBytesMax: number } };

export type UploadQueryVariables = Exact<{
  id: string;
}>;


export type UploadQuery = { upload: { id: string, name: string, sizeBytes: number, partSizeBytes: number, partCount: number, receivedParts: Array<number>, state: UploadState, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, file: { id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null } | null } | null };

export type UploadPartsQueryVariables = Exact<{
  id: string;
  numbers: Array<number> | number;
}>;


export type UploadPartsQuery = { uploadParts: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, parts: Array<{ number: number, url: string, headers: Array<{ name: string, value: string }> }> } };

export type UploadCompleteMutationVariables = Exact<{
  input: UploadCompleteInput;
}>;


export type UploadCompleteMutation = { uploadComplete: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, upload: { id: string, name: string, sizeBytes: number, partSizeBytes: number, partCount: number, receivedParts: Array<number>, state: UploadState, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, file: { id: string, name: string, kind: FileKind, sizeBytes: number, contentType: string | null, width: number | null, height: number | null, blur: string | null, durationMs: number | null, state: FileState, fileCount: number | null } | null } | null } };

export type UploadCancelMutationVariables = Exact<{
  input: UploadCancelInput;
}>;


export type UploadCancelMutation = { uploadCancel: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null } };

export type FileGrantsQueryVariables = Exact<{
  input: FileGrantsInput;
}>;


export type FileGrantsQuery = { fileGrants: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, grants: Array<{ fileId: string, url: string, expiresAt: string }> } };

export type ProblemFieldsFragment = { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const FileFieldsFragmentDoc = new TypedDocumentString(`
    fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}
    `, {"fragmentName":"FileFields"}) as unknown as TypedDocumentString<FileFieldsFragment, unknown>;
export const EntryFieldsFragmentDoc = new TypedDocumentString(`
    fragment EntryFields on Entry {
  id
  conversationId
  seq
  kind
  author {
    id
    name
  }
  nonce
  text
  attachments {
    ...FileFields
  }
  countTo
  createdAt
}
    fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}`, {"fragmentName":"EntryFields"}) as unknown as TypedDocumentString<EntryFieldsFragment, unknown>;
export const ConversationFieldsFragmentDoc = new TypedDocumentString(`
    fragment ConversationFields on Conversation {
  id
  kind
  title
  peer {
    id
    name
    online
    avatarId
  }
  headSeq
  readSeq
  peerReadSeq
  unread
  lastEntry {
    ...EntryFields
  }
  changedAt
}
    fragment EntryFields on Entry {
  id
  conversationId
  seq
  kind
  author {
    id
    name
  }
  nonce
  text
  attachments {
    ...FileFields
  }
  countTo
  createdAt
}
fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}`, {"fragmentName":"ConversationFields"}) as unknown as TypedDocumentString<ConversationFieldsFragment, unknown>;
export const PersonFieldsFragmentDoc = new TypedDocumentString(`
    fragment PersonFields on Member {
  id
  name
  nickname
  account
  position
  signature
  departments {
    id
    name
  }
  state
  email
  mobile
  online
  avatarId
}
    `, {"fragmentName":"PersonFields"}) as unknown as TypedDocumentString<PersonFieldsFragment, unknown>;
export const ProblemFieldsFragmentDoc = new TypedDocumentString(`
    fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}
    `, {"fragmentName":"ProblemFields"}) as unknown as TypedDocumentString<ProblemFieldsFragment, unknown>;
export const UploadFieldsFragmentDoc = new TypedDocumentString(`
    fragment UploadFields on Upload {
  id
  name
  sizeBytes
  partSizeBytes
  partCount
  receivedParts
  state
  problem {
    ...ProblemFields
  }
  file {
    ...FileFields
  }
}
    fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`, {"fragmentName":"UploadFields"}) as unknown as TypedDocumentString<UploadFieldsFragment, unknown>;
export const SyncDocument = new TypedDocumentString(`
    query Sync($position: String, $first: Int) {
  sync(position: $position, first: $first) {
    conversations {
      ...ConversationFields
    }
    position
    more
  }
}
    fragment EntryFields on Entry {
  id
  conversationId
  seq
  kind
  author {
    id
    name
  }
  nonce
  text
  attachments {
    ...FileFields
  }
  countTo
  createdAt
}
fragment ConversationFields on Conversation {
  id
  kind
  title
  peer {
    id
    name
    online
    avatarId
  }
  headSeq
  readSeq
  peerReadSeq
  unread
  lastEntry {
    ...EntryFields
  }
  changedAt
}
fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}`) as unknown as TypedDocumentString<SyncQuery, SyncQueryVariables>;
export const ConversationStateDocument = new TypedDocumentString(`
    query ConversationState($id: ID!) {
  conversation(id: $id) {
    ...ConversationFields
  }
}
    fragment EntryFields on Entry {
  id
  conversationId
  seq
  kind
  author {
    id
    name
  }
  nonce
  text
  attachments {
    ...FileFields
  }
  countTo
  createdAt
}
fragment ConversationFields on Conversation {
  id
  kind
  title
  peer {
    id
    name
    online
    avatarId
  }
  headSeq
  readSeq
  peerReadSeq
  unread
  lastEntry {
    ...EntryFields
  }
  changedAt
}
fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}`) as unknown as TypedDocumentString<ConversationStateQuery, ConversationStateQueryVariables>;
export const EntriesAfterDocument = new TypedDocumentString(`
    query EntriesAfter($id: ID!, $first: Int!, $after: String) {
  conversation(id: $id) {
    entries(first: $first, after: $after) {
      edges {
        node {
          ...EntryFields
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
}
    fragment EntryFields on Entry {
  id
  conversationId
  seq
  kind
  author {
    id
    name
  }
  nonce
  text
  attachments {
    ...FileFields
  }
  countTo
  createdAt
}
fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}`) as unknown as TypedDocumentString<EntriesAfterQuery, EntriesAfterQueryVariables>;
export const EntriesBeforeDocument = new TypedDocumentString(`
    query EntriesBefore($id: ID!, $last: Int!, $before: String) {
  conversation(id: $id) {
    entries(last: $last, before: $before) {
      edges {
        node {
          ...EntryFields
        }
      }
      pageInfo {
        hasPreviousPage
      }
    }
  }
}
    fragment EntryFields on Entry {
  id
  conversationId
  seq
  kind
  author {
    id
    name
  }
  nonce
  text
  attachments {
    ...FileFields
  }
  countTo
  createdAt
}
fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}`) as unknown as TypedDocumentString<EntriesBeforeQuery, EntriesBeforeQueryVariables>;
export const MessageSendDocument = new TypedDocumentString(`
    mutation MessageSend($input: MessageSendInput!) {
  messageSend(input: $input) {
    problem {
      ...ProblemFields
    }
    entry {
      ...EntryFields
    }
    duplicate
  }
}
    fragment EntryFields on Entry {
  id
  conversationId
  seq
  kind
  author {
    id
    name
  }
  nonce
  text
  attachments {
    ...FileFields
  }
  countTo
  createdAt
}
fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<MessageSendMutation, MessageSendMutationVariables>;
export const ReadMarkMoveDocument = new TypedDocumentString(`
    mutation ReadMarkMove($input: ReadMarkMoveInput!) {
  readMarkMove(input: $input) {
    problem {
      ...ProblemFields
    }
    conversation {
      id
      readSeq
      unread
      headSeq
    }
  }
}
    fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<ReadMarkMoveMutation, ReadMarkMoveMutationVariables>;
export const ConversationOpenDirectDocument = new TypedDocumentString(`
    mutation ConversationOpenDirect($input: ConversationOpenDirectInput!) {
  conversationOpenDirect(input: $input) {
    problem {
      ...ProblemFields
    }
    conversation {
      ...ConversationFields
    }
  }
}
    fragment EntryFields on Entry {
  id
  conversationId
  seq
  kind
  author {
    id
    name
  }
  nonce
  text
  attachments {
    ...FileFields
  }
  countTo
  createdAt
}
fragment ConversationFields on Conversation {
  id
  kind
  title
  peer {
    id
    name
    online
    avatarId
  }
  headSeq
  readSeq
  peerReadSeq
  unread
  lastEntry {
    ...EntryFields
  }
  changedAt
}
fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<ConversationOpenDirectMutation, ConversationOpenDirectMutationVariables>;
export const EventsDocument = new TypedDocumentString(`
    subscription Events {
  events {
    __typename
    ... on MessageEvent {
      conversationId
      id
      seq
      kind
      authorId
      authorName
      nonce
      text
      countTo
      createdAt
      attachments {
        ...FileFields
      }
    }
    ... on ReadMarkEvent {
      conversationId
      memberId
      seq
    }
    ... on ConversationEvent {
      conversationId
    }
    ... on DirectoryEvent {
      version
    }
    ... on PresenceEvent {
      memberId
      online
    }
    ... on UploadEvent {
      uploadId
      state
    }
    ... on SessionEndedEvent {
      reason
      by
    }
  }
}
    fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}`) as unknown as TypedDocumentString<EventsSubscription, EventsSubscriptionVariables>;
export const PeopleDocument = new TypedDocumentString(`
    query People($search: String, $departmentId: ID, $first: Int, $after: String) {
  members(
    search: $search
    departmentId: $departmentId
    first: $first
    after: $after
  ) {
    edges {
      node {
        ...PersonFields
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment PersonFields on Member {
  id
  name
  nickname
  account
  position
  signature
  departments {
    id
    name
  }
  state
  email
  mobile
  online
  avatarId
}`) as unknown as TypedDocumentString<PeopleQuery, PeopleQueryVariables>;
export const PersonDocument = new TypedDocumentString(`
    query Person($id: ID!) {
  member(id: $id) {
    ...PersonFields
  }
}
    fragment PersonFields on Member {
  id
  name
  nickname
  account
  position
  signature
  departments {
    id
    name
  }
  state
  email
  mobile
  online
  avatarId
}`) as unknown as TypedDocumentString<PersonQuery, PersonQueryVariables>;
export const DepartmentChildrenDocument = new TypedDocumentString(`
    query DepartmentChildren($parentId: ID, $first: Int, $after: String) {
  departments(parentId: $parentId, first: $first, after: $after) {
    edges {
      node {
        id
        name
        parentId
        orderNumber
        memberCount
        childCount
        depth
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<DepartmentChildrenQuery, DepartmentChildrenQueryVariables>;
export const DepartmentNameDocument = new TypedDocumentString(`
    query DepartmentName($id: ID!) {
  department(id: $id) {
    id
    name
    memberCount
  }
}
    `) as unknown as TypedDocumentString<DepartmentNameQuery, DepartmentNameQueryVariables>;
export const ChatCompanyDocument = new TypedDocumentString(`
    query ChatCompany {
  company {
    id
    fullName
    shortName
    hostName
    enterpriseNumber
    logoId
  }
}
    `) as unknown as TypedDocumentString<ChatCompanyQuery, ChatCompanyQueryVariables>;
export const OwnSessionsDocument = new TypedDocumentString(`
    query OwnSessions {
  sessions(first: 50) {
    edges {
      node {
        id
        surface
        deviceType
        device
        ip
        createdAt
        lastSeenAt
        current
      }
    }
  }
}
    `) as unknown as TypedDocumentString<OwnSessionsQuery, OwnSessionsQueryVariables>;
export const OwnSessionRevokeDocument = new TypedDocumentString(`
    mutation OwnSessionRevoke($input: SessionRevokeInput!) {
  sessionRevoke(input: $input) {
    problem {
      ...ProblemFields
    }
    sessionId
  }
}
    fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<OwnSessionRevokeMutation, OwnSessionRevokeMutationVariables>;
export const OwnPictureDocument = new TypedDocumentString(`
    query OwnPicture($id: ID!) {
  member(id: $id) {
    id
    avatarId
  }
}
    `) as unknown as TypedDocumentString<OwnPictureQuery, OwnPictureQueryVariables>;
export const MemberAvatarSetDocument = new TypedDocumentString(`
    mutation MemberAvatarSet($input: MemberAvatarSetInput!) {
  memberAvatarSet(input: $input) {
    problem {
      ...ProblemFields
    }
    member {
      id
      avatarId
    }
  }
}
    fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<MemberAvatarSetMutation, MemberAvatarSetMutationVariables>;
export const UploadStartDocument = new TypedDocumentString(`
    mutation UploadStart($input: UploadStartInput!) {
  uploadStart(input: $input) {
    problem {
      ...ProblemFields
    }
    upload {
      ...UploadFields
    }
  }
}
    fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}
fragment UploadFields on Upload {
  id
  name
  sizeBytes
  partSizeBytes
  partCount
  receivedParts
  state
  problem {
    ...ProblemFields
  }
  file {
    ...FileFields
  }
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<UploadStartMutation, UploadStartMutationVariables>;
export const FileRulesDocument = new TypedDocumentString(`
    query FileRules {
  filePolicy {
    fileBytesMax
    largeFiles
    largeFileBytesMax
  }
}
    `) as unknown as TypedDocumentString<FileRulesQuery, FileRulesQueryVariables>;
export const UploadDocument = new TypedDocumentString(`
    query Upload($id: ID!) {
  upload(id: $id) {
    ...UploadFields
  }
}
    fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}
fragment UploadFields on Upload {
  id
  name
  sizeBytes
  partSizeBytes
  partCount
  receivedParts
  state
  problem {
    ...ProblemFields
  }
  file {
    ...FileFields
  }
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<UploadQuery, UploadQueryVariables>;
export const UploadPartsDocument = new TypedDocumentString(`
    query UploadParts($id: ID!, $numbers: [Int!]!) {
  uploadParts(id: $id, numbers: $numbers) {
    problem {
      ...ProblemFields
    }
    parts {
      number
      url
      headers {
        name
        value
      }
    }
  }
}
    fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<UploadPartsQuery, UploadPartsQueryVariables>;
export const UploadCompleteDocument = new TypedDocumentString(`
    mutation UploadComplete($input: UploadCompleteInput!) {
  uploadComplete(input: $input) {
    problem {
      ...ProblemFields
    }
    upload {
      ...UploadFields
    }
  }
}
    fragment FileFields on File {
  id
  name
  kind
  sizeBytes
  contentType
  width
  height
  blur
  durationMs
  state
  fileCount
}
fragment UploadFields on Upload {
  id
  name
  sizeBytes
  partSizeBytes
  partCount
  receivedParts
  state
  problem {
    ...ProblemFields
  }
  file {
    ...FileFields
  }
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<UploadCompleteMutation, UploadCompleteMutationVariables>;
export const UploadCancelDocument = new TypedDocumentString(`
    mutation UploadCancel($input: UploadCancelInput!) {
  uploadCancel(input: $input) {
    problem {
      ...ProblemFields
    }
  }
}
    fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<UploadCancelMutation, UploadCancelMutationVariables>;
export const FileGrantsDocument = new TypedDocumentString(`
    query FileGrants($input: FileGrantsInput!) {
  fileGrants(input: $input) {
    problem {
      ...ProblemFields
    }
    grants {
      fileId
      url
      expiresAt
    }
  }
}
    fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<FileGrantsQuery, FileGrantsQueryVariables>;