/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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