/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The company's picture; without `fileId` there is none from now on. */
export type CompanyLogoSetInput = {
  crop?: PictureCropInput | null | undefined;
  /** An upload of purpose COMPANY_LOGO that is READY. */
  fileId?: string | null | undefined;
};

/** What to change; what is absent stays, an empty text removes what may be absent. */
export type CompanyUpdateInput = {
  email?: string | null | undefined;
  fullName?: string | null | undefined;
  industry?: string | null | undefined;
  mobile?: string | null | undefined;
  shortName?: string | null | undefined;
};

/** A new department; without a parent it is a root. */
export type DepartmentCreateInput = {
  name: string;
  orderNumber: number;
  parentId?: string | null | undefined;
};

/** Which department goes. */
export type DepartmentDeleteInput = {
  id: string;
};

/** What to change; what is absent stays, a parent of null makes it a root. */
export type DepartmentUpdateInput = {
  id: string;
  name?: string | null | undefined;
  orderNumber?: number | null | undefined;
  parentId?: string | null | undefined;
};

/** What counts as one device beside another. */
export type DeviceType =
  | 'API'
  | 'CONSOLE'
  | 'DESKTOP'
  | 'MOBILE';

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

/** What to change; what is absent stays. */
export type FilePolicyUpdateInput = {
  fileBytesMax?: number | null | undefined;
  largeFileBytesMax?: number | null | undefined;
  largeFiles?: boolean | null | undefined;
  partnerFileBytesMax?: number | null | undefined;
  previewOnly?: boolean | null | undefined;
  /** All three at once. */
  retentionDays?: RetentionDaysInput | null | undefined;
};

/** What became of a mail. */
export type MailState =
  | 'FAILED'
  | 'HELD'
  | 'QUEUED'
  | 'SENT';

/** Who is given a seat. */
export type MemberAuthorizeInput = {
  id: string;
};

/** A new member. At least one of e-mail and mobile (DIR-11) unless `slip` is true. */
export type MemberCreateInput = {
  account: string;
  departmentIds: Array<string>;
  email?: string | null | undefined;
  mobile?: string | null | undefined;
  name: string;
  nickname?: string | null | undefined;
  position?: string | null | undefined;
  slip?: boolean;
};

/** Whose password. */
export type MemberPasswordResetInput = {
  id: string;
  slip?: boolean;
};

/** Who holds exactly which roles. */
export type MemberRolesSetInput = {
  id: string;
  roles: Array<Role>;
};

/** Whether a member may come in, and is shown in the directory. */
export type MemberState =
  | 'ACTIVE'
  | 'DISABLED'
  | 'RESIGNED';

/** Who changes to which state. */
export type MemberStateSetInput = {
  id: string;
  state: MemberState;
};

/** Whose seat is taken back. */
export type MemberUnauthorizeInput = {
  id: string;
};

/** Who is unlocked. */
export type MemberUnlockInput = {
  id: string;
};

/** What to change; what is absent stays, an empty text removes what may be absent. */
export type MemberUpdateInput = {
  departmentIds?: Array<string> | null | undefined;
  email?: string | null | undefined;
  id: string;
  mobile?: string | null | undefined;
  name?: string | null | undefined;
  nickname?: string | null | undefined;
  position?: string | null | undefined;
  weight?: number | null | undefined;
};

/** A square of a picture, in its pixels, from the left and from the top. */
export type PictureCropInput = {
  size: number;
  x: number;
  y: number;
};

/** For how many days files are kept; what is absent is kept for ever. */
export type RetentionDaysInput = {
  file?: number | null | undefined;
  image?: number | null | undefined;
  video?: number | null | undefined;
};

/** A named set of permissions. */
export type Role =
  | 'ADMINISTRATOR'
  | 'DIRECTORY_ADMINISTRATOR'
  | 'MEMBER'
  | 'OWNER';

/** What to change; what is absent stays. */
export type SecuritySettingsUpdateInput = {
  autoAuthorize?: boolean | null | undefined;
  passwordValidityDays?: number | null | undefined;
  severalDevices?: boolean | null | undefined;
  signInByEmail?: boolean | null | undefined;
  signInByMobile?: boolean | null | undefined;
  strongPassword?: boolean | null | undefined;
};

/** Which session ends. */
export type SessionRevokeInput = {
  id: string;
};

/** One's own password proves who asks; the old super password for the founder. */
export type SuperPasswordSetInput = {
  newPassword: string;
  ownPassword: string;
};

/** Which door a session came through; API sessions have a bearer token and are no device. */
export type Surface =
  | 'API'
  | 'CONSOLE'
  | 'MEMBER';

/** The life cycle of a tenant, in order. */
export type TenantStatus =
  | 'ACTIVE'
  | 'CLOSING'
  | 'ERASED'
  | 'PROVISIONING'
  | 'SUSPENDED';

export type CompanyFieldsFragment = { id: string, enterpriseNumber: string, hostName: string, fullName: string, shortName: string | null, industry: string, email: string | null, mobile: string | null, status: TenantStatus, verified: boolean, createdAt: string, seatsUsed: number, seatsLimit: number, expiresAt: string | null, trial: boolean, autoAuthorize: boolean, superPasswordSet: boolean, logoId: string | null };

export type CompanyQueryVariables = Exact<{ [key: string]: never; }>;


export type CompanyQuery = { company: { id: string, enterpriseNumber: string, hostName: string, fullName: string, shortName: string | null, industry: string, email: string | null, mobile: string | null, status: TenantStatus, verified: boolean, createdAt: string, seatsUsed: number, seatsLimit: number, expiresAt: string | null, trial: boolean, autoAuthorize: boolean, superPasswordSet: boolean, logoId: string | null } };

export type CompanyUpdateMutationVariables = Exact<{
  input: CompanyUpdateInput;
}>;


export type CompanyUpdateMutation = { companyUpdate: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, company: { id: string, enterpriseNumber: string, hostName: string, fullName: string, shortName: string | null, industry: string, email: string | null, mobile: string | null, status: TenantStatus, verified: boolean, createdAt: string, seatsUsed: number, seatsLimit: number, expiresAt: string | null, trial: boolean, autoAuthorize: boolean, superPasswordSet: boolean, logoId: string | null } | null } };

export type SuperPasswordSetMutationVariables = Exact<{
  input: SuperPasswordSetInput;
}>;


export type SuperPasswordSetMutation = { superPasswordSet: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, company: { id: string, enterpriseNumber: string, hostName: string, fullName: string, shortName: string | null, industry: string, email: string | null, mobile: string | null, status: TenantStatus, verified: boolean, createdAt: string, seatsUsed: number, seatsLimit: number, expiresAt: string | null, trial: boolean, autoAuthorize: boolean, superPasswordSet: boolean, logoId: string | null } | null } };

export type SecurityFieldsFragment = { strongPassword: boolean, passwordValidityDays: number, signInByEmail: boolean, signInByMobile: boolean, severalDevices: boolean, autoAuthorize: boolean };

export type SecuritySettingsQueryVariables = Exact<{ [key: string]: never; }>;


export type SecuritySettingsQuery = { securitySettings: { strongPassword: boolean, passwordValidityDays: number, signInByEmail: boolean, signInByMobile: boolean, severalDevices: boolean, autoAuthorize: boolean } };

export type SecuritySettingsUpdateMutationVariables = Exact<{
  input: SecuritySettingsUpdateInput;
}>;


export type SecuritySettingsUpdateMutation = { securitySettingsUpdate: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, settings: { strongPassword: boolean, passwordValidityDays: number, signInByEmail: boolean, signInByMobile: boolean, severalDevices: boolean, autoAuthorize: boolean } | null } };

export type SessionsQueryVariables = Exact<{
  memberId?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SessionsQuery = { sessions: { totalCount: number, edges: Array<{ cursor: string, node: { id: string, surface: Surface, deviceType: DeviceType, device: string, ip: string, createdAt: string, lastSeenAt: string, current: boolean, member: { id: string, name: string, account: string } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type SessionRevokeMutationVariables = Exact<{
  input: SessionRevokeInput;
}>;


export type SessionRevokeMutation = { sessionRevoke: { sessionId: string | null, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null } };

export type MailsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MailsQuery = { mails: { totalCount: number, edges: Array<{ node: { id: string, recipient: string, kind: string, state: MailState, createdAt: string, sentAt: string | null, error: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AuditLogQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AuditLogQuery = { auditLog: { totalCount: number, edges: Array<{ node: { id: string, at: string, actor: string, action: string, object: string | null, ip: string | null, outcome: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CompanyLogoSetMutationVariables = Exact<{
  input: CompanyLogoSetInput;
}>;


export type CompanyLogoSetMutation = { companyLogoSet: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, company: { id: string, enterpriseNumber: string, hostName: string, fullName: string, shortName: string | null, industry: string, email: string | null, mobile: string | null, status: TenantStatus, verified: boolean, createdAt: string, seatsUsed: number, seatsLimit: number, expiresAt: string | null, trial: boolean, autoAuthorize: boolean, superPasswordSet: boolean, logoId: string | null } | null } };

export type FilePolicyFieldsFragment = { fileBytesMax: number, largeFiles: boolean, largeFileBytesMax: number, partnerFileBytesMax: number, previewOnly: boolean, retentionDays: { image: number | null, video: number | null, file: number | null } };

export type FilePolicyQueryVariables = Exact<{ [key: string]: never; }>;


export type FilePolicyQuery = { filePolicy: { fileBytesMax: number, largeFiles: boolean, largeFileBytesMax: number, partnerFileBytesMax: number, previewOnly: boolean, retentionDays: { image: number | null, video: number | null, file: number | null } }, storageUsage: { usedBytes: number, limitBytes: number, fileCount: number } };

export type FilePolicyUpdateMutationVariables = Exact<{
  input: FilePolicyUpdateInput;
}>;


export type FilePolicyUpdateMutation = { filePolicyUpdate: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, policy: { fileBytesMax: number, largeFiles: boolean, largeFileBytesMax: number, partnerFileBytesMax: number, previewOnly: boolean, retentionDays: { image: number | null, video: number | null, file: number | null } } | null } };

export type MemberRecordFieldsFragment = { id: string, email: string | null, mobile: string | null, weight: number, roles: Array<Role>, authorized: boolean, locked: boolean, sessionCount: number, lastSignInAt: string | null, initialPassword: boolean, createdAt: string, member: { id: string, name: string, nickname: string | null, account: string, position: string | null, state: MemberState, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> } };

export type SlipFieldsFragment = { hostName: string, enterpriseNumber: string, account: string, initialPassword: string };

export type MemberRecordsQueryVariables = Exact<{
  search?: string | null | undefined;
  departmentId?: string | null | undefined;
  state?: MemberState | null | undefined;
  locked?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MemberRecordsQuery = { memberRecords: { totalCount: number, edges: Array<{ cursor: string, node: { id: string, email: string | null, mobile: string | null, weight: number, roles: Array<Role>, authorized: boolean, locked: boolean, sessionCount: number, lastSignInAt: string | null, initialPassword: boolean, createdAt: string, member: { id: string, name: string, nickname: string | null, account: string, position: string | null, state: MemberState, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MemberRecordQueryVariables = Exact<{
  id: string;
}>;


export type MemberRecordQuery = { memberRecord: { id: string, email: string | null, mobile: string | null, weight: number, roles: Array<Role>, authorized: boolean, locked: boolean, sessionCount: number, lastSignInAt: string | null, initialPassword: boolean, createdAt: string, member: { id: string, name: string, nickname: string | null, account: string, position: string | null, state: MemberState, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> } } | null };

export type MemberCreateMutationVariables = Exact<{
  input: MemberCreateInput;
}>;


export type MemberCreateMutation = { memberCreate: { mailed: boolean, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, member: { id: string, email: string | null, mobile: string | null, weight: number, roles: Array<Role>, authorized: boolean, locked: boolean, sessionCount: number, lastSignInAt: string | null, initialPassword: boolean, createdAt: string, member: { id: string, name: string, nickname: string | null, account: string, position: string | null, state: MemberState, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> } } | null, slip: { hostName: string, enterpriseNumber: string, account: string, initialPassword: string } | null } };

export type MemberUpdateMutationVariables = Exact<{
  input: MemberUpdateInput;
}>;


export type MemberUpdateMutation = { memberUpdate: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, member: { id: string, email: string | null, mobile: string | null, weight: number, roles: Array<Role>, authorized: boolean, locked: boolean, sessionCount: number, lastSignInAt: string | null, initialPassword: boolean, createdAt: string, member: { id: string, name: string, nickname: string | null, account: string, position: string | null, state: MemberState, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> } } | null } };

export type MemberPasswordResetMutationVariables = Exact<{
  input: MemberPasswordResetInput;
}>;


export type MemberPasswordResetMutation = { memberPasswordReset: { mailed: boolean, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, slip: { hostName: string, enterpriseNumber: string, account: string, initialPassword: string } | null } };

export type MemberUnlockMutationVariables = Exact<{
  input: MemberUnlockInput;
}>;


export type MemberUnlockMutation = { memberUnlock: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, member: { id: string, email: string | null, mobile: string | null, weight: number, roles: Array<Role>, authorized: boolean, locked: boolean, sessionCount: number, lastSignInAt: string | null, initialPassword: boolean, createdAt: string, member: { id: string, name: string, nickname: string | null, account: string, position: string | null, state: MemberState, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> } } | null } };

export type MemberAuthorizeMutationVariables = Exact<{
  input: MemberAuthorizeInput;
}>;


export type MemberAuthorizeMutation = { memberAuthorize: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, member: { id: string, email: string | null, mobile: string | null, weight: number, roles: Array<Role>, authorized: boolean, locked: boolean, sessionCount: number, lastSignInAt: string | null, initialPassword: boolean, createdAt: string, member: { id: string, name: string, nickname: string | null, account: string, position: string | null, state: MemberState, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> } } | null } };

export type MemberUnauthorizeMutationVariables = Exact<{
  input: MemberUnauthorizeInput;
}>;


export type MemberUnauthorizeMutation = { memberUnauthorize: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, member: { id: string, email: string | null, mobile: string | null, weight: number, roles: Array<Role>, authorized: boolean, locked: boolean, sessionCount: number, lastSignInAt: string | null, initialPassword: boolean, createdAt: string, member: { id: string, name: string, nickname: string | null, account: string, position: string | null, state: MemberState, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> } } | null } };

export type MemberStateSetMutationVariables = Exact<{
  input: MemberStateSetInput;
}>;


export type MemberStateSetMutation = { memberStateSet: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, member: { id: string, email: string | null, mobile: string | null, weight: number, roles: Array<Role>, authorized: boolean, locked: boolean, sessionCount: number, lastSignInAt: string | null, initialPassword: boolean, createdAt: string, member: { id: string, name: string, nickname: string | null, account: string, position: string | null, state: MemberState, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> } } | null } };

export type MemberRolesSetMutationVariables = Exact<{
  input: MemberRolesSetInput;
}>;


export type MemberRolesSetMutation = { memberRolesSet: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, member: { id: string, email: string | null, mobile: string | null, weight: number, roles: Array<Role>, authorized: boolean, locked: boolean, sessionCount: number, lastSignInAt: string | null, initialPassword: boolean, createdAt: string, member: { id: string, name: string, nickname: string | null, account: string, position: string | null, state: MemberState, online: boolean, avatarId: string | null, departments: Array<{ id: string, name: string }> } } | null } };

export type DepartmentFieldsFragment = { id: string, name: string, parentId: string | null, orderNumber: number, memberCount: number, childCount: number, depth: number };

export type DepartmentsQueryVariables = Exact<{
  parentId?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type DepartmentsQuery = { departments: { edges: Array<{ node: { id: string, name: string, parentId: string | null, orderNumber: number, memberCount: number, childCount: number, depth: number } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DepartmentParentQueryVariables = Exact<{
  id: string;
}>;


export type DepartmentParentQuery = { department: { id: string, parentId: string | null } | null };

export type DepartmentCreateMutationVariables = Exact<{
  input: DepartmentCreateInput;
}>;


export type DepartmentCreateMutation = { departmentCreate: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, department: { id: string, name: string, parentId: string | null, orderNumber: number, memberCount: number, childCount: number, depth: number } | null } };

export type DepartmentUpdateMutationVariables = Exact<{
  input: DepartmentUpdateInput;
}>;


export type DepartmentUpdateMutation = { departmentUpdate: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, department: { id: string, name: string, parentId: string | null, orderNumber: number, memberCount: number, childCount: number, depth: number } | null } };

export type DepartmentDeleteMutationVariables = Exact<{
  input: DepartmentDeleteInput;
}>;


export type DepartmentDeleteMutation = { departmentDelete: { departmentId: string | null, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null } };

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
export const CompanyFieldsFragmentDoc = new TypedDocumentString(`
    fragment CompanyFields on Company {
  id
  enterpriseNumber
  hostName
  fullName
  shortName
  industry
  email
  mobile
  status
  verified
  createdAt
  seatsUsed
  seatsLimit
  expiresAt
  trial
  autoAuthorize
  superPasswordSet
  logoId
}
    `, {"fragmentName":"CompanyFields"}) as unknown as TypedDocumentString<CompanyFieldsFragment, unknown>;
export const SecurityFieldsFragmentDoc = new TypedDocumentString(`
    fragment SecurityFields on SecuritySettings {
  strongPassword
  passwordValidityDays
  signInByEmail
  signInByMobile
  severalDevices
  autoAuthorize
}
    `, {"fragmentName":"SecurityFields"}) as unknown as TypedDocumentString<SecurityFieldsFragment, unknown>;
export const FilePolicyFieldsFragmentDoc = new TypedDocumentString(`
    fragment FilePolicyFields on FilePolicy {
  fileBytesMax
  largeFiles
  largeFileBytesMax
  partnerFileBytesMax
  retentionDays {
    image
    video
    file
  }
  previewOnly
}
    `, {"fragmentName":"FilePolicyFields"}) as unknown as TypedDocumentString<FilePolicyFieldsFragment, unknown>;
export const MemberRecordFieldsFragmentDoc = new TypedDocumentString(`
    fragment MemberRecordFields on MemberRecord {
  id
  member {
    id
    name
    nickname
    account
    position
    state
    online
    avatarId
    departments {
      id
      name
    }
  }
  email
  mobile
  weight
  roles
  authorized
  locked
  sessionCount
  lastSignInAt
  initialPassword
  createdAt
}
    `, {"fragmentName":"MemberRecordFields"}) as unknown as TypedDocumentString<MemberRecordFieldsFragment, unknown>;
export const SlipFieldsFragmentDoc = new TypedDocumentString(`
    fragment SlipFields on PasswordSlip {
  hostName
  enterpriseNumber
  account
  initialPassword
}
    `, {"fragmentName":"SlipFields"}) as unknown as TypedDocumentString<SlipFieldsFragment, unknown>;
export const DepartmentFieldsFragmentDoc = new TypedDocumentString(`
    fragment DepartmentFields on Department {
  id
  name
  parentId
  orderNumber
  memberCount
  childCount
  depth
}
    `, {"fragmentName":"DepartmentFields"}) as unknown as TypedDocumentString<DepartmentFieldsFragment, unknown>;
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
export const CompanyDocument = new TypedDocumentString(`
    query Company {
  company {
    ...CompanyFields
  }
}
    fragment CompanyFields on Company {
  id
  enterpriseNumber
  hostName
  fullName
  shortName
  industry
  email
  mobile
  status
  verified
  createdAt
  seatsUsed
  seatsLimit
  expiresAt
  trial
  autoAuthorize
  superPasswordSet
  logoId
}`) as unknown as TypedDocumentString<CompanyQuery, CompanyQueryVariables>;
export const CompanyUpdateDocument = new TypedDocumentString(`
    mutation CompanyUpdate($input: CompanyUpdateInput!) {
  companyUpdate(input: $input) {
    problem {
      ...ProblemFields
    }
    company {
      ...CompanyFields
    }
  }
}
    fragment CompanyFields on Company {
  id
  enterpriseNumber
  hostName
  fullName
  shortName
  industry
  email
  mobile
  status
  verified
  createdAt
  seatsUsed
  seatsLimit
  expiresAt
  trial
  autoAuthorize
  superPasswordSet
  logoId
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<CompanyUpdateMutation, CompanyUpdateMutationVariables>;
export const SuperPasswordSetDocument = new TypedDocumentString(`
    mutation SuperPasswordSet($input: SuperPasswordSetInput!) {
  superPasswordSet(input: $input) {
    problem {
      ...ProblemFields
    }
    company {
      ...CompanyFields
    }
  }
}
    fragment CompanyFields on Company {
  id
  enterpriseNumber
  hostName
  fullName
  shortName
  industry
  email
  mobile
  status
  verified
  createdAt
  seatsUsed
  seatsLimit
  expiresAt
  trial
  autoAuthorize
  superPasswordSet
  logoId
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<SuperPasswordSetMutation, SuperPasswordSetMutationVariables>;
export const SecuritySettingsDocument = new TypedDocumentString(`
    query SecuritySettings {
  securitySettings {
    ...SecurityFields
  }
}
    fragment SecurityFields on SecuritySettings {
  strongPassword
  passwordValidityDays
  signInByEmail
  signInByMobile
  severalDevices
  autoAuthorize
}`) as unknown as TypedDocumentString<SecuritySettingsQuery, SecuritySettingsQueryVariables>;
export const SecuritySettingsUpdateDocument = new TypedDocumentString(`
    mutation SecuritySettingsUpdate($input: SecuritySettingsUpdateInput!) {
  securitySettingsUpdate(input: $input) {
    problem {
      ...ProblemFields
    }
    settings {
      ...SecurityFields
    }
  }
}
    fragment SecurityFields on SecuritySettings {
  strongPassword
  passwordValidityDays
  signInByEmail
  signInByMobile
  severalDevices
  autoAuthorize
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<SecuritySettingsUpdateMutation, SecuritySettingsUpdateMutationVariables>;
export const SessionsDocument = new TypedDocumentString(`
    query Sessions($memberId: ID, $first: Int, $after: String) {
  sessions(memberId: $memberId, first: $first, after: $after) {
    edges {
      cursor
      node {
        id
        surface
        deviceType
        device
        ip
        createdAt
        lastSeenAt
        current
        member {
          id
          name
          account
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
    `) as unknown as TypedDocumentString<SessionsQuery, SessionsQueryVariables>;
export const SessionRevokeDocument = new TypedDocumentString(`
    mutation SessionRevoke($input: SessionRevokeInput!) {
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
}`) as unknown as TypedDocumentString<SessionRevokeMutation, SessionRevokeMutationVariables>;
export const MailsDocument = new TypedDocumentString(`
    query Mails($first: Int, $after: String) {
  mails(first: $first, after: $after) {
    edges {
      node {
        id
        recipient
        kind
        state
        createdAt
        sentAt
        error
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    `) as unknown as TypedDocumentString<MailsQuery, MailsQueryVariables>;
export const AuditLogDocument = new TypedDocumentString(`
    query AuditLog($first: Int, $after: String) {
  auditLog(first: $first, after: $after) {
    edges {
      node {
        id
        at
        actor
        action
        object
        ip
        outcome
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    `) as unknown as TypedDocumentString<AuditLogQuery, AuditLogQueryVariables>;
export const CompanyLogoSetDocument = new TypedDocumentString(`
    mutation CompanyLogoSet($input: CompanyLogoSetInput!) {
  companyLogoSet(input: $input) {
    problem {
      ...ProblemFields
    }
    company {
      ...CompanyFields
    }
  }
}
    fragment CompanyFields on Company {
  id
  enterpriseNumber
  hostName
  fullName
  shortName
  industry
  email
  mobile
  status
  verified
  createdAt
  seatsUsed
  seatsLimit
  expiresAt
  trial
  autoAuthorize
  superPasswordSet
  logoId
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<CompanyLogoSetMutation, CompanyLogoSetMutationVariables>;
export const FilePolicyDocument = new TypedDocumentString(`
    query FilePolicy {
  filePolicy {
    ...FilePolicyFields
  }
  storageUsage {
    usedBytes
    limitBytes
    fileCount
  }
}
    fragment FilePolicyFields on FilePolicy {
  fileBytesMax
  largeFiles
  largeFileBytesMax
  partnerFileBytesMax
  retentionDays {
    image
    video
    file
  }
  previewOnly
}`) as unknown as TypedDocumentString<FilePolicyQuery, FilePolicyQueryVariables>;
export const FilePolicyUpdateDocument = new TypedDocumentString(`
    mutation FilePolicyUpdate($input: FilePolicyUpdateInput!) {
  filePolicyUpdate(input: $input) {
    problem {
      ...ProblemFields
    }
    policy {
      ...FilePolicyFields
    }
  }
}
    fragment FilePolicyFields on FilePolicy {
  fileBytesMax
  largeFiles
  largeFileBytesMax
  partnerFileBytesMax
  retentionDays {
    image
    video
    file
  }
  previewOnly
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<FilePolicyUpdateMutation, FilePolicyUpdateMutationVariables>;
export const MemberRecordsDocument = new TypedDocumentString(`
    query MemberRecords($search: String, $departmentId: ID, $state: MemberState, $locked: Boolean, $first: Int, $after: String) {
  memberRecords(
    search: $search
    departmentId: $departmentId
    state: $state
    locked: $locked
    first: $first
    after: $after
  ) {
    edges {
      cursor
      node {
        ...MemberRecordFields
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    totalCount
  }
}
    fragment MemberRecordFields on MemberRecord {
  id
  member {
    id
    name
    nickname
    account
    position
    state
    online
    avatarId
    departments {
      id
      name
    }
  }
  email
  mobile
  weight
  roles
  authorized
  locked
  sessionCount
  lastSignInAt
  initialPassword
  createdAt
}`) as unknown as TypedDocumentString<MemberRecordsQuery, MemberRecordsQueryVariables>;
export const MemberRecordDocument = new TypedDocumentString(`
    query MemberRecord($id: ID!) {
  memberRecord(id: $id) {
    ...MemberRecordFields
  }
}
    fragment MemberRecordFields on MemberRecord {
  id
  member {
    id
    name
    nickname
    account
    position
    state
    online
    avatarId
    departments {
      id
      name
    }
  }
  email
  mobile
  weight
  roles
  authorized
  locked
  sessionCount
  lastSignInAt
  initialPassword
  createdAt
}`) as unknown as TypedDocumentString<MemberRecordQuery, MemberRecordQueryVariables>;
export const MemberCreateDocument = new TypedDocumentString(`
    mutation MemberCreate($input: MemberCreateInput!) {
  memberCreate(input: $input) {
    problem {
      ...ProblemFields
    }
    member {
      ...MemberRecordFields
    }
    slip {
      ...SlipFields
    }
    mailed
  }
}
    fragment MemberRecordFields on MemberRecord {
  id
  member {
    id
    name
    nickname
    account
    position
    state
    online
    avatarId
    departments {
      id
      name
    }
  }
  email
  mobile
  weight
  roles
  authorized
  locked
  sessionCount
  lastSignInAt
  initialPassword
  createdAt
}
fragment SlipFields on PasswordSlip {
  hostName
  enterpriseNumber
  account
  initialPassword
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<MemberCreateMutation, MemberCreateMutationVariables>;
export const MemberUpdateDocument = new TypedDocumentString(`
    mutation MemberUpdate($input: MemberUpdateInput!) {
  memberUpdate(input: $input) {
    problem {
      ...ProblemFields
    }
    member {
      ...MemberRecordFields
    }
  }
}
    fragment MemberRecordFields on MemberRecord {
  id
  member {
    id
    name
    nickname
    account
    position
    state
    online
    avatarId
    departments {
      id
      name
    }
  }
  email
  mobile
  weight
  roles
  authorized
  locked
  sessionCount
  lastSignInAt
  initialPassword
  createdAt
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<MemberUpdateMutation, MemberUpdateMutationVariables>;
export const MemberPasswordResetDocument = new TypedDocumentString(`
    mutation MemberPasswordReset($input: MemberPasswordResetInput!) {
  memberPasswordReset(input: $input) {
    problem {
      ...ProblemFields
    }
    slip {
      ...SlipFields
    }
    mailed
  }
}
    fragment SlipFields on PasswordSlip {
  hostName
  enterpriseNumber
  account
  initialPassword
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<MemberPasswordResetMutation, MemberPasswordResetMutationVariables>;
export const MemberUnlockDocument = new TypedDocumentString(`
    mutation MemberUnlock($input: MemberUnlockInput!) {
  memberUnlock(input: $input) {
    problem {
      ...ProblemFields
    }
    member {
      ...MemberRecordFields
    }
  }
}
    fragment MemberRecordFields on MemberRecord {
  id
  member {
    id
    name
    nickname
    account
    position
    state
    online
    avatarId
    departments {
      id
      name
    }
  }
  email
  mobile
  weight
  roles
  authorized
  locked
  sessionCount
  lastSignInAt
  initialPassword
  createdAt
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<MemberUnlockMutation, MemberUnlockMutationVariables>;
export const MemberAuthorizeDocument = new TypedDocumentString(`
    mutation MemberAuthorize($input: MemberAuthorizeInput!) {
  memberAuthorize(input: $input) {
    problem {
      ...ProblemFields
    }
    member {
      ...MemberRecordFields
    }
  }
}
    fragment MemberRecordFields on MemberRecord {
  id
  member {
    id
    name
    nickname
    account
    position
    state
    online
    avatarId
    departments {
      id
      name
    }
  }
  email
  mobile
  weight
  roles
  authorized
  locked
  sessionCount
  lastSignInAt
  initialPassword
  createdAt
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<MemberAuthorizeMutation, MemberAuthorizeMutationVariables>;
export const MemberUnauthorizeDocument = new TypedDocumentString(`
    mutation MemberUnauthorize($input: MemberUnauthorizeInput!) {
  memberUnauthorize(input: $input) {
    problem {
      ...ProblemFields
    }
    member {
      ...MemberRecordFields
    }
  }
}
    fragment MemberRecordFields on MemberRecord {
  id
  member {
    id
    name
    nickname
    account
    position
    state
    online
    avatarId
    departments {
      id
      name
    }
  }
  email
  mobile
  weight
  roles
  authorized
  locked
  sessionCount
  lastSignInAt
  initialPassword
  createdAt
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<MemberUnauthorizeMutation, MemberUnauthorizeMutationVariables>;
export const MemberStateSetDocument = new TypedDocumentString(`
    mutation MemberStateSet($input: MemberStateSetInput!) {
  memberStateSet(input: $input) {
    problem {
      ...ProblemFields
    }
    member {
      ...MemberRecordFields
    }
  }
}
    fragment MemberRecordFields on MemberRecord {
  id
  member {
    id
    name
    nickname
    account
    position
    state
    online
    avatarId
    departments {
      id
      name
    }
  }
  email
  mobile
  weight
  roles
  authorized
  locked
  sessionCount
  lastSignInAt
  initialPassword
  createdAt
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<MemberStateSetMutation, MemberStateSetMutationVariables>;
export const MemberRolesSetDocument = new TypedDocumentString(`
    mutation MemberRolesSet($input: MemberRolesSetInput!) {
  memberRolesSet(input: $input) {
    problem {
      ...ProblemFields
    }
    member {
      ...MemberRecordFields
    }
  }
}
    fragment MemberRecordFields on MemberRecord {
  id
  member {
    id
    name
    nickname
    account
    position
    state
    online
    avatarId
    departments {
      id
      name
    }
  }
  email
  mobile
  weight
  roles
  authorized
  locked
  sessionCount
  lastSignInAt
  initialPassword
  createdAt
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<MemberRolesSetMutation, MemberRolesSetMutationVariables>;
export const DepartmentsDocument = new TypedDocumentString(`
    query Departments($parentId: ID, $first: Int, $after: String) {
  departments(parentId: $parentId, first: $first, after: $after) {
    edges {
      node {
        ...DepartmentFields
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment DepartmentFields on Department {
  id
  name
  parentId
  orderNumber
  memberCount
  childCount
  depth
}`) as unknown as TypedDocumentString<DepartmentsQuery, DepartmentsQueryVariables>;
export const DepartmentParentDocument = new TypedDocumentString(`
    query DepartmentParent($id: ID!) {
  department(id: $id) {
    id
    parentId
  }
}
    `) as unknown as TypedDocumentString<DepartmentParentQuery, DepartmentParentQueryVariables>;
export const DepartmentCreateDocument = new TypedDocumentString(`
    mutation DepartmentCreate($input: DepartmentCreateInput!) {
  departmentCreate(input: $input) {
    problem {
      ...ProblemFields
    }
    department {
      ...DepartmentFields
    }
  }
}
    fragment DepartmentFields on Department {
  id
  name
  parentId
  orderNumber
  memberCount
  childCount
  depth
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<DepartmentCreateMutation, DepartmentCreateMutationVariables>;
export const DepartmentUpdateDocument = new TypedDocumentString(`
    mutation DepartmentUpdate($input: DepartmentUpdateInput!) {
  departmentUpdate(input: $input) {
    problem {
      ...ProblemFields
    }
    department {
      ...DepartmentFields
    }
  }
}
    fragment DepartmentFields on Department {
  id
  name
  parentId
  orderNumber
  memberCount
  childCount
  depth
}
fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<DepartmentUpdateMutation, DepartmentUpdateMutationVariables>;
export const DepartmentDeleteDocument = new TypedDocumentString(`
    mutation DepartmentDelete($input: DepartmentDeleteInput!) {
  departmentDelete(input: $input) {
    problem {
      ...ProblemFields
    }
    departmentId
  }
}
    fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<DepartmentDeleteMutation, DepartmentDeleteMutationVariables>;