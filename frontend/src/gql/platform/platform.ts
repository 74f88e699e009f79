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

/** The language of screens, mails and messages. */
export type Language =
  | 'EN'
  | 'ZH_CN';

/** What became of a mail. */
export type MailState =
  | 'FAILED'
  | 'HELD'
  | 'QUEUED'
  | 'SENT';

/** The one-time link, and the first operator. */
export type OperatorClaimInput = {
  email: string;
  name: string;
  password: string;
  token: string;
};

/** What an operator signs in with. */
export type OperatorSignInInput = {
  email: string;
  password: string;
};

/** Which sign-up, and the code out of the mail. */
export type SignupConfirmInput = {
  code: string;
  signupId: string;
};

/** Which sign-up. */
export type SignupResendInput = {
  signupId: string;
};

/** The form of the sign-up. */
export type SignupStartInput = {
  contactName: string;
  email: string;
  fullName: string;
  hostName: string;
  industry: string;
  language: Language;
  password: string;
  /** The version that was shown and accepted; empty: not accepted. */
  termsVersion: string;
};

/** Which tenant. */
export type TenantMigrateInput = {
  id: string;
};

/** Which tenant. */
export type TenantResumeInput = {
  id: string;
};

/** The life cycle of a tenant, in order. */
export type TenantStatus =
  | 'ACTIVE'
  | 'CLOSING'
  | 'ERASED'
  | 'PROVISIONING'
  | 'SUSPENDED';

/** Which tenant, and why. */
export type TenantSuspendInput = {
  id: string;
  reason: string;
};

/** Which tenant. */
export type TenantVerifyInput = {
  id: string;
};

export type ProblemFieldsFragment = { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string };

export type PlatformViewerFieldsFragment = { accountId: string, name: string, email: string, sessionId: string, language: Language | null };

export type PlatformViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type PlatformViewerQuery = { viewer: { accountId: string, name: string, email: string, sessionId: string, language: Language | null } | null };

export type OperatorClaimMutationVariables = Exact<{
  input: OperatorClaimInput;
}>;


export type OperatorClaimMutation = { operatorClaim: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, viewer: { accountId: string, name: string, email: string, sessionId: string, language: Language | null } | null } };

export type OperatorSignInMutationVariables = Exact<{
  input: OperatorSignInInput;
}>;


export type OperatorSignInMutation = { operatorSignIn: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, viewer: { accountId: string, name: string, email: string, sessionId: string, language: Language | null } | null } };

export type OperatorSignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type OperatorSignOutMutation = { signOut: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null } };

export type TenantRowFragment = { id: string, enterpriseNumber: string, hostName: string, fullName: string, status: TenantStatus, verified: boolean, trial: boolean, seatsLimit: number, seatsUsed: number | null, expiresAt: string | null, createdAt: string, migrationError: string | null };

export type TenantFieldsFragment = { shortName: string | null, industry: string, email: string, contactName: string, memberCount: number | null, shard: string, schemaVersion: string, id: string, enterpriseNumber: string, hostName: string, fullName: string, status: TenantStatus, verified: boolean, trial: boolean, seatsLimit: number, seatsUsed: number | null, expiresAt: string | null, createdAt: string, migrationError: string | null };

export type OperatorHomeQueryVariables = Exact<{ [key: string]: never; }>;


export type OperatorHomeQuery = { summary: { tenantsActive: number, tenantsTrial: number, mailsFailed: number, signupsToday: number, expiringSoon: Array<{ id: string, enterpriseNumber: string, hostName: string, fullName: string, status: TenantStatus, verified: boolean, trial: boolean, seatsLimit: number, seatsUsed: number | null, expiresAt: string | null, createdAt: string, migrationError: string | null }>, migrationsFailed: Array<{ id: string, enterpriseNumber: string, hostName: string, fullName: string, status: TenantStatus, verified: boolean, trial: boolean, seatsLimit: number, seatsUsed: number | null, expiresAt: string | null, createdAt: string, migrationError: string | null }> }, shards: Array<{ name: string, open: boolean, tenants: number, tenantsMax: number, healthy: boolean }> };

export type TenantsQueryVariables = Exact<{
  search?: string | null | undefined;
  status?: TenantStatus | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type TenantsQuery = { tenants: { totalCount: number, edges: Array<{ cursor: string, node: { id: string, enterpriseNumber: string, hostName: string, fullName: string, status: TenantStatus, verified: boolean, trial: boolean, seatsLimit: number, seatsUsed: number | null, expiresAt: string | null, createdAt: string, migrationError: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type TenantQueryVariables = Exact<{
  id: string;
}>;


export type TenantQuery = { tenant: { shortName: string | null, industry: string, email: string, contactName: string, memberCount: number | null, shard: string, schemaVersion: string, id: string, enterpriseNumber: string, hostName: string, fullName: string, status: TenantStatus, verified: boolean, trial: boolean, seatsLimit: number, seatsUsed: number | null, expiresAt: string | null, createdAt: string, migrationError: string | null } | null };

export type TenantSuspendMutationVariables = Exact<{
  input: TenantSuspendInput;
}>;


export type TenantSuspendMutation = { tenantSuspend: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, tenant: { shortName: string | null, industry: string, email: string, contactName: string, memberCount: number | null, shard: string, schemaVersion: string, id: string, enterpriseNumber: string, hostName: string, fullName: string, status: TenantStatus, verified: boolean, trial: boolean, seatsLimit: number, seatsUsed: number | null, expiresAt: string | null, createdAt: string, migrationError: string | null } | null } };

export type TenantResumeMutationVariables = Exact<{
  input: TenantResumeInput;
}>;


export type TenantResumeMutation = { tenantResume: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, tenant: { shortName: string | null, industry: string, email: string, contactName: string, memberCount: number | null, shard: string, schemaVersion: string, id: string, enterpriseNumber: string, hostName: string, fullName: string, status: TenantStatus, verified: boolean, trial: boolean, seatsLimit: number, seatsUsed: number | null, expiresAt: string | null, createdAt: string, migrationError: string | null } | null } };

export type TenantVerifyMutationVariables = Exact<{
  input: TenantVerifyInput;
}>;


export type TenantVerifyMutation = { tenantVerify: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, tenant: { shortName: string | null, industry: string, email: string, contactName: string, memberCount: number | null, shard: string, schemaVersion: string, id: string, enterpriseNumber: string, hostName: string, fullName: string, status: TenantStatus, verified: boolean, trial: boolean, seatsLimit: number, seatsUsed: number | null, expiresAt: string | null, createdAt: string, migrationError: string | null } | null } };

export type TenantMigrateMutationVariables = Exact<{
  input: TenantMigrateInput;
}>;


export type TenantMigrateMutation = { tenantMigrate: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, tenant: { shortName: string | null, industry: string, email: string, contactName: string, memberCount: number | null, shard: string, schemaVersion: string, id: string, enterpriseNumber: string, hostName: string, fullName: string, status: TenantStatus, verified: boolean, trial: boolean, seatsLimit: number, seatsUsed: number | null, expiresAt: string | null, createdAt: string, migrationError: string | null } | null } };

export type PlatformMailsQueryVariables = Exact<{
  search?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type PlatformMailsQuery = { mails: { totalCount: number, edges: Array<{ node: { id: string, recipient: string, kind: string, state: MailState, createdAt: string, sentAt: string | null, error: string | null, subject: string | null, tenant: { id: string, fullName: string } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type PlatformMailQueryVariables = Exact<{
  id: string;
}>;


export type PlatformMailQuery = { mail: { id: string, recipient: string, kind: string, state: MailState, createdAt: string, sentAt: string | null, error: string | null, subject: string | null, body: string | null, tenant: { id: string, fullName: string, hostName: string } | null } | null };

export type DeploymentQueryVariables = Exact<{ [key: string]: never; }>;


export type DeploymentQuery = { deployment: { name: string, localMailbox: boolean, termsVersion: string, termsText: string, industries: Array<string>, trialSeats: number, trialDays: number, version: string, demonstration: Array<{ company: string, hostName: string, account: string, password: string, note: string }> } };

export type HostNameCheckQueryVariables = Exact<{
  hostName: string;
}>;


export type HostNameCheckQuery = { hostNameCheck: { hostName: string, available: boolean, suggestion: string | null, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null } };

export type SignupStartMutationVariables = Exact<{
  input: SignupStartInput;
}>;


export type SignupStartMutation = { signupStart: { signupId: string | null, expiresAt: string | null, resendAfterS: number | null, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null } };

export type SignupResendMutationVariables = Exact<{
  input: SignupResendInput;
}>;


export type SignupResendMutation = { signupResend: { resendAfterS: number | null, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null } };

export type SignupConfirmMutationVariables = Exact<{
  input: SignupConfirmInput;
}>;


export type SignupConfirmMutation = { signupConfirm: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, tenant: { tenantId: string, enterpriseNumber: string, hostName: string, fullName: string, account: string, seatsLimit: number, expiresAt: string | null } | null } };

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
export const PlatformViewerFieldsFragmentDoc = new TypedDocumentString(`
    fragment PlatformViewerFields on PlatformViewer {
  accountId
  name
  email
  sessionId
  language
}
    `, {"fragmentName":"PlatformViewerFields"}) as unknown as TypedDocumentString<PlatformViewerFieldsFragment, unknown>;
export const TenantRowFragmentDoc = new TypedDocumentString(`
    fragment TenantRow on Tenant {
  id
  enterpriseNumber
  hostName
  fullName
  status
  verified
  trial
  seatsLimit
  seatsUsed
  expiresAt
  createdAt
  migrationError
}
    `, {"fragmentName":"TenantRow"}) as unknown as TypedDocumentString<TenantRowFragment, unknown>;
export const TenantFieldsFragmentDoc = new TypedDocumentString(`
    fragment TenantFields on Tenant {
  ...TenantRow
  shortName
  industry
  email
  contactName
  memberCount
  shard
  schemaVersion
}
    fragment TenantRow on Tenant {
  id
  enterpriseNumber
  hostName
  fullName
  status
  verified
  trial
  seatsLimit
  seatsUsed
  expiresAt
  createdAt
  migrationError
}`, {"fragmentName":"TenantFields"}) as unknown as TypedDocumentString<TenantFieldsFragment, unknown>;
export const PlatformViewerDocument = new TypedDocumentString(`
    query PlatformViewer {
  viewer {
    ...PlatformViewerFields
  }
}
    fragment PlatformViewerFields on PlatformViewer {
  accountId
  name
  email
  sessionId
  language
}`) as unknown as TypedDocumentString<PlatformViewerQuery, PlatformViewerQueryVariables>;
export const OperatorClaimDocument = new TypedDocumentString(`
    mutation OperatorClaim($input: OperatorClaimInput!) {
  operatorClaim(input: $input) {
    problem {
      ...ProblemFields
    }
    viewer {
      ...PlatformViewerFields
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
}
fragment PlatformViewerFields on PlatformViewer {
  accountId
  name
  email
  sessionId
  language
}`) as unknown as TypedDocumentString<OperatorClaimMutation, OperatorClaimMutationVariables>;
export const OperatorSignInDocument = new TypedDocumentString(`
    mutation OperatorSignIn($input: OperatorSignInInput!) {
  operatorSignIn(input: $input) {
    problem {
      ...ProblemFields
    }
    viewer {
      ...PlatformViewerFields
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
}
fragment PlatformViewerFields on PlatformViewer {
  accountId
  name
  email
  sessionId
  language
}`) as unknown as TypedDocumentString<OperatorSignInMutation, OperatorSignInMutationVariables>;
export const OperatorSignOutDocument = new TypedDocumentString(`
    mutation OperatorSignOut {
  signOut {
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
}`) as unknown as TypedDocumentString<OperatorSignOutMutation, OperatorSignOutMutationVariables>;
export const OperatorHomeDocument = new TypedDocumentString(`
    query OperatorHome {
  summary {
    tenantsActive
    tenantsTrial
    expiringSoon {
      ...TenantRow
    }
    migrationsFailed {
      ...TenantRow
    }
    mailsFailed
    signupsToday
  }
  shards {
    name
    open
    tenants
    tenantsMax
    healthy
  }
}
    fragment TenantRow on Tenant {
  id
  enterpriseNumber
  hostName
  fullName
  status
  verified
  trial
  seatsLimit
  seatsUsed
  expiresAt
  createdAt
  migrationError
}`) as unknown as TypedDocumentString<OperatorHomeQuery, OperatorHomeQueryVariables>;
export const TenantsDocument = new TypedDocumentString(`
    query Tenants($search: String, $status: TenantStatus, $first: Int, $after: String) {
  tenants(search: $search, status: $status, first: $first, after: $after) {
    edges {
      cursor
      node {
        ...TenantRow
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment TenantRow on Tenant {
  id
  enterpriseNumber
  hostName
  fullName
  status
  verified
  trial
  seatsLimit
  seatsUsed
  expiresAt
  createdAt
  migrationError
}`) as unknown as TypedDocumentString<TenantsQuery, TenantsQueryVariables>;
export const TenantDocument = new TypedDocumentString(`
    query Tenant($id: ID!) {
  tenant(id: $id) {
    ...TenantFields
  }
}
    fragment TenantRow on Tenant {
  id
  enterpriseNumber
  hostName
  fullName
  status
  verified
  trial
  seatsLimit
  seatsUsed
  expiresAt
  createdAt
  migrationError
}
fragment TenantFields on Tenant {
  ...TenantRow
  shortName
  industry
  email
  contactName
  memberCount
  shard
  schemaVersion
}`) as unknown as TypedDocumentString<TenantQuery, TenantQueryVariables>;
export const TenantSuspendDocument = new TypedDocumentString(`
    mutation TenantSuspend($input: TenantSuspendInput!) {
  tenantSuspend(input: $input) {
    problem {
      ...ProblemFields
    }
    tenant {
      ...TenantFields
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
}
fragment TenantRow on Tenant {
  id
  enterpriseNumber
  hostName
  fullName
  status
  verified
  trial
  seatsLimit
  seatsUsed
  expiresAt
  createdAt
  migrationError
}
fragment TenantFields on Tenant {
  ...TenantRow
  shortName
  industry
  email
  contactName
  memberCount
  shard
  schemaVersion
}`) as unknown as TypedDocumentString<TenantSuspendMutation, TenantSuspendMutationVariables>;
export const TenantResumeDocument = new TypedDocumentString(`
    mutation TenantResume($input: TenantResumeInput!) {
  tenantResume(input: $input) {
    problem {
      ...ProblemFields
    }
    tenant {
      ...TenantFields
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
}
fragment TenantRow on Tenant {
  id
  enterpriseNumber
  hostName
  fullName
  status
  verified
  trial
  seatsLimit
  seatsUsed
  expiresAt
  createdAt
  migrationError
}
fragment TenantFields on Tenant {
  ...TenantRow
  shortName
  industry
  email
  contactName
  memberCount
  shard
  schemaVersion
}`) as unknown as TypedDocumentString<TenantResumeMutation, TenantResumeMutationVariables>;
export const TenantVerifyDocument = new TypedDocumentString(`
    mutation TenantVerify($input: TenantVerifyInput!) {
  tenantVerify(input: $input) {
    problem {
      ...ProblemFields
    }
    tenant {
      ...TenantFields
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
}
fragment TenantRow on Tenant {
  id
  enterpriseNumber
  hostName
  fullName
  status
  verified
  trial
  seatsLimit
  seatsUsed
  expiresAt
  createdAt
  migrationError
}
fragment TenantFields on Tenant {
  ...TenantRow
  shortName
  industry
  email
  contactName
  memberCount
  shard
  schemaVersion
}`) as unknown as TypedDocumentString<TenantVerifyMutation, TenantVerifyMutationVariables>;
export const TenantMigrateDocument = new TypedDocumentString(`
    mutation TenantMigrate($input: TenantMigrateInput!) {
  tenantMigrate(input: $input) {
    problem {
      ...ProblemFields
    }
    tenant {
      ...TenantFields
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
}
fragment TenantRow on Tenant {
  id
  enterpriseNumber
  hostName
  fullName
  status
  verified
  trial
  seatsLimit
  seatsUsed
  expiresAt
  createdAt
  migrationError
}
fragment TenantFields on Tenant {
  ...TenantRow
  shortName
  industry
  email
  contactName
  memberCount
  shard
  schemaVersion
}`) as unknown as TypedDocumentString<TenantMigrateMutation, TenantMigrateMutationVariables>;
export const PlatformMailsDocument = new TypedDocumentString(`
    query PlatformMails($search: String, $first: Int, $after: String) {
  mails(search: $search, first: $first, after: $after) {
    edges {
      node {
        id
        recipient
        kind
        state
        createdAt
        sentAt
        error
        subject
        tenant {
          id
          fullName
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    `) as unknown as TypedDocumentString<PlatformMailsQuery, PlatformMailsQueryVariables>;
export const PlatformMailDocument = new TypedDocumentString(`
    query PlatformMail($id: ID!) {
  mail(id: $id) {
    id
    recipient
    kind
    state
    createdAt
    sentAt
    error
    subject
    body
    tenant {
      id
      fullName
      hostName
    }
  }
}
    `) as unknown as TypedDocumentString<PlatformMailQuery, PlatformMailQueryVariables>;
export const DeploymentDocument = new TypedDocumentString(`
    query Deployment {
  deployment {
    name
    localMailbox
    demonstration {
      company
      hostName
      account
      password
      note
    }
    termsVersion
    termsText
    industries
    trialSeats
    trialDays
    version
  }
}
    `) as unknown as TypedDocumentString<DeploymentQuery, DeploymentQueryVariables>;
export const HostNameCheckDocument = new TypedDocumentString(`
    query HostNameCheck($hostName: String!) {
  hostNameCheck(hostName: $hostName) {
    hostName
    available
    problem {
      ...ProblemFields
    }
    suggestion
  }
}
    fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<HostNameCheckQuery, HostNameCheckQueryVariables>;
export const SignupStartDocument = new TypedDocumentString(`
    mutation SignupStart($input: SignupStartInput!) {
  signupStart(input: $input) {
    problem {
      ...ProblemFields
    }
    signupId
    expiresAt
    resendAfterS
  }
}
    fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<SignupStartMutation, SignupStartMutationVariables>;
export const SignupResendDocument = new TypedDocumentString(`
    mutation SignupResend($input: SignupResendInput!) {
  signupResend(input: $input) {
    problem {
      ...ProblemFields
    }
    resendAfterS
  }
}
    fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<SignupResendMutation, SignupResendMutationVariables>;
export const SignupConfirmDocument = new TypedDocumentString(`
    mutation SignupConfirm($input: SignupConfirmInput!) {
  signupConfirm(input: $input) {
    problem {
      ...ProblemFields
    }
    tenant {
      tenantId
      enterpriseNumber
      hostName
      fullName
      account
      seatsLimit
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
}`) as unknown as TypedDocumentString<SignupConfirmMutation, SignupConfirmMutationVariables>;