export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An instant, RFC 3339 in UTC with microseconds. */
  DateTime: { input: string; output: string; }
};

export type AuditEntry = Node & {
  action: Scalars['String']['output'];
  actor: Scalars['String']['output'];
  at: Scalars['DateTime']['output'];
  id: Scalars['ID']['output'];
  ip?: Maybe<Scalars['String']['output']>;
  object?: Maybe<Scalars['String']['output']>;
  outcome: Scalars['String']['output'];
};

export type AuditEntryConnection = {
  edges: Array<AuditEntryEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type AuditEntryEdge = {
  cursor: Scalars['String']['output'];
  node: AuditEntry;
};

export type Company = Node & {
  autoAuthorize: Scalars['Boolean']['output'];
  createdAt: Scalars['DateTime']['output'];
  /** COMPANY_VIEW */
  email?: Maybe<Scalars['String']['output']>;
  enterpriseNumber: Scalars['String']['output'];
  /** Null: without end. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  fullName: Scalars['String']['output'];
  hostName: Scalars['String']['output'];
  id: Scalars['ID']['output'];
  industry: Scalars['String']['output'];
  /** COMPANY_VIEW */
  mobile?: Maybe<Scalars['String']['output']>;
  seatsLimit: Scalars['Int']['output'];
  seatsUsed: Scalars['Int']['output'];
  shortName?: Maybe<Scalars['String']['output']>;
  status: TenantStatus;
  /** Whether the founder has set the super password yet (COMPANY_VIEW). */
  superPasswordSet: Scalars['Boolean']['output'];
  trial: Scalars['Boolean']['output'];
  verified: Scalars['Boolean']['output'];
};

export type CompanyUpdateInput = {
  email?: InputMaybe<Scalars['String']['input']>;
  fullName?: InputMaybe<Scalars['String']['input']>;
  industry?: InputMaybe<Scalars['String']['input']>;
  mobile?: InputMaybe<Scalars['String']['input']>;
  shortName?: InputMaybe<Scalars['String']['input']>;
};

export type CompanyUpdatePayload = {
  company?: Maybe<Company>;
  problem?: Maybe<Problem>;
};

export type Conversation = Node & {
  changedAt: Scalars['DateTime']['output'];
  /** The log in order; `last`/`before` page back from the end, `first`/`after` forward. A cursor is the entry's sequence as a decimal. */
  entries: EntryConnection;
  headSeq: Scalars['Int']['output'];
  id: Scalars['ID']['output'];
  kind: ConversationKind;
  lastEntry?: Maybe<Entry>;
  /** The other person of a direct conversation. */
  peer?: Maybe<Member>;
  /** The other person's read mark (direct). */
  peerReadSeq?: Maybe<Scalars['Int']['output']>;
  /** The read mark of this member. */
  readSeq: Scalars['Int']['output'];
  /** For a direct conversation the other person's name. */
  title: Scalars['String']['output'];
  unread: Scalars['Int']['output'];
};


export type ConversationEntriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

export type ConversationConnection = {
  edges: Array<ConversationEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type ConversationEdge = {
  cursor: Scalars['String']['output'];
  node: Conversation;
};

/** A conversation is new to this member, or its settings changed: fetch it. */
export type ConversationEvent = {
  conversationId: Scalars['ID']['output'];
};

export type ConversationKind =
  | 'ALL_STAFF'
  | 'APP'
  | 'DEPARTMENT'
  | 'DIRECT'
  | 'DISCUSSION'
  | 'FILE_ASSISTANT'
  | 'FIXED'
  | 'SYSTEM';

export type ConversationOpenDirectInput = {
  memberId: Scalars['ID']['input'];
};

export type ConversationOpenDirectPayload = {
  conversation?: Maybe<Conversation>;
  problem?: Maybe<Problem>;
};

export type Department = Node & {
  childCount: Scalars['Int']['output'];
  depth: Scalars['Int']['output'];
  id: Scalars['ID']['output'];
  /** People in it and below it, each once. */
  memberCount: Scalars['Int']['output'];
  name: Scalars['String']['output'];
  orderNumber: Scalars['Int']['output'];
  parentId?: Maybe<Scalars['ID']['output']>;
};

export type DepartmentConnection = {
  edges: Array<DepartmentEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type DepartmentCreateInput = {
  name: Scalars['String']['input'];
  orderNumber: Scalars['Int']['input'];
  parentId?: InputMaybe<Scalars['ID']['input']>;
};

export type DepartmentCreatePayload = {
  department?: Maybe<Department>;
  problem?: Maybe<Problem>;
};

export type DepartmentDeleteInput = {
  id: Scalars['ID']['input'];
};

export type DepartmentDeletePayload = {
  departmentId?: Maybe<Scalars['ID']['output']>;
  problem?: Maybe<Problem>;
};

export type DepartmentEdge = {
  cursor: Scalars['String']['output'];
  node: Department;
};

export type DepartmentUpdateInput = {
  id: Scalars['ID']['input'];
  name?: InputMaybe<Scalars['String']['input']>;
  orderNumber?: InputMaybe<Scalars['Int']['input']>;
  parentId?: InputMaybe<Scalars['ID']['input']>;
};

export type DepartmentUpdatePayload = {
  department?: Maybe<Department>;
  problem?: Maybe<Problem>;
};

export type DeviceType =
  | 'API'
  | 'CONSOLE'
  | 'DESKTOP'
  | 'MOBILE';

/** Departments or members changed: refetch what is shown. */
export type DirectoryEvent = {
  version: Scalars['String']['output'];
};

export type Entry = Node & {
  /** Null for entries nobody wrote. */
  author?: Maybe<Member>;
  conversationId: Scalars['ID']['output'];
  countTo: Scalars['Int']['output'];
  createdAt: Scalars['DateTime']['output'];
  id: Scalars['ID']['output'];
  kind: EntryKind;
  nonce?: Maybe<Scalars['String']['output']>;
  seq: Scalars['Int']['output'];
  text?: Maybe<Scalars['String']['output']>;
};

export type EntryConnection = {
  edges: Array<EntryEdge>;
  pageInfo: PageInfo;
};

export type EntryEdge = {
  cursor: Scalars['String']['output'];
  node: Entry;
};

export type EntryKind =
  | 'CREATED'
  | 'MESSAGE';

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
  | 'EMAIL_TAKEN'
  | 'FORBIDDEN'
  | 'HOST_NAME_RESERVED'
  | 'HOST_NAME_TAKEN'
  | 'INTERNAL'
  | 'INVALID_ACCOUNT'
  | 'INVALID_EMAIL'
  | 'INVALID_HOST_NAME'
  | 'INVALID_INPUT'
  | 'INVALID_MOBILE'
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
  | 'QUERY_TOO_COMPLEX'
  | 'QUERY_TOO_DEEP'
  | 'RATE_LIMITED'
  | 'REQUIRED'
  | 'SEATS_EXHAUSTED'
  | 'SELF_NOT_ALLOWED'
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
  | 'VERSION_CONFLICT';

export type Event = ConversationEvent | DirectoryEvent | MessageEvent | PresenceEvent | ReadMarkEvent | SessionEndedEvent;

export type Language =
  | 'EN'
  | 'ZH_CN';

export type Mail = Node & {
  createdAt: Scalars['DateTime']['output'];
  error?: Maybe<Scalars['String']['output']>;
  id: Scalars['ID']['output'];
  kind: Scalars['String']['output'];
  recipient: Scalars['String']['output'];
  sentAt?: Maybe<Scalars['DateTime']['output']>;
  state: MailState;
};

export type MailConnection = {
  edges: Array<MailEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type MailEdge = {
  cursor: Scalars['String']['output'];
  node: Mail;
};

export type MailState =
  | 'FAILED'
  | 'HELD'
  | 'QUEUED'
  | 'SENT';

export type Member = Node & {
  account: Scalars['String']['output'];
  departments: Array<Department>;
  /** Shown to colleagues in the profile card. */
  email?: Maybe<Scalars['String']['output']>;
  id: Scalars['ID']['output'];
  mobile?: Maybe<Scalars['String']['output']>;
  name: Scalars['String']['output'];
  nickname?: Maybe<Scalars['String']['output']>;
  online: Scalars['Boolean']['output'];
  position?: Maybe<Scalars['String']['output']>;
  signature?: Maybe<Scalars['String']['output']>;
  state: MemberState;
};

export type MemberConnection = {
  edges: Array<MemberEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

/** At least one of e-mail and mobile (DIR-11) unless `slip` is true. */
export type MemberCreateInput = {
  account: Scalars['String']['input'];
  departmentIds: Array<Scalars['ID']['input']>;
  email?: InputMaybe<Scalars['String']['input']>;
  mobile?: InputMaybe<Scalars['String']['input']>;
  name: Scalars['String']['input'];
  nickname?: InputMaybe<Scalars['String']['input']>;
  position?: InputMaybe<Scalars['String']['input']>;
  slip?: InputMaybe<Scalars['Boolean']['input']>;
};

export type MemberCreatePayload = {
  mailed: Scalars['Boolean']['output'];
  member?: Maybe<MemberRecord>;
  problem?: Maybe<Problem>;
  slip?: Maybe<PasswordSlip>;
};

export type MemberEdge = {
  cursor: Scalars['String']['output'];
  node: Member;
};

export type MemberPasswordResetInput = {
  id: Scalars['ID']['input'];
  slip?: InputMaybe<Scalars['Boolean']['input']>;
};

export type MemberPasswordResetPayload = {
  mailed: Scalars['Boolean']['output'];
  problem?: Maybe<Problem>;
  slip?: Maybe<PasswordSlip>;
};

export type MemberRecord = Node & {
  authorized: Scalars['Boolean']['output'];
  createdAt: Scalars['DateTime']['output'];
  email?: Maybe<Scalars['String']['output']>;
  id: Scalars['ID']['output'];
  initialPassword: Scalars['Boolean']['output'];
  /** Null: never signed in. */
  lastSignInAt?: Maybe<Scalars['DateTime']['output']>;
  locked: Scalars['Boolean']['output'];
  lockedUntil?: Maybe<Scalars['DateTime']['output']>;
  member: Member;
  mobile?: Maybe<Scalars['String']['output']>;
  roles: Array<Role>;
  sessionCount: Scalars['Int']['output'];
  weight: Scalars['Int']['output'];
};

export type MemberRecordConnection = {
  edges: Array<MemberRecordEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type MemberRecordEdge = {
  cursor: Scalars['String']['output'];
  node: MemberRecord;
};

export type MemberRolesSetInput = {
  id: Scalars['ID']['input'];
  roles: Array<Role>;
};

export type MemberRolesSetPayload = {
  member?: Maybe<MemberRecord>;
  problem?: Maybe<Problem>;
};

export type MemberState =
  | 'ACTIVE'
  | 'DISABLED'
  | 'RESIGNED';

export type MemberStateSetInput = {
  id: Scalars['ID']['input'];
  state: MemberState;
};

export type MemberStateSetPayload = {
  member?: Maybe<MemberRecord>;
  problem?: Maybe<Problem>;
};

export type MemberUnlockInput = {
  id: Scalars['ID']['input'];
};

export type MemberUnlockPayload = {
  member?: Maybe<MemberRecord>;
  problem?: Maybe<Problem>;
};

export type MemberUpdateInput = {
  departmentIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  email?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
  mobile?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  nickname?: InputMaybe<Scalars['String']['input']>;
  position?: InputMaybe<Scalars['String']['input']>;
  weight?: InputMaybe<Scalars['Int']['input']>;
};

export type MemberUpdatePayload = {
  member?: Maybe<MemberRecord>;
  problem?: Maybe<Problem>;
};

export type MessageEvent = {
  authorId?: Maybe<Scalars['ID']['output']>;
  authorName?: Maybe<Scalars['String']['output']>;
  conversationId: Scalars['ID']['output'];
  countTo: Scalars['Int']['output'];
  createdAt: Scalars['DateTime']['output'];
  id: Scalars['ID']['output'];
  kind: EntryKind;
  nonce?: Maybe<Scalars['String']['output']>;
  seq: Scalars['Int']['output'];
  text?: Maybe<Scalars['String']['output']>;
};

/** `nonce` is the client's own id of this message, 8 to 64 characters; the same nonce again answers the first entry. */
export type MessageSendInput = {
  conversationId: Scalars['ID']['input'];
  nonce: Scalars['String']['input'];
  text: Scalars['String']['input'];
};

export type MessageSendPayload = {
  /** True when this nonce had been sent before. */
  duplicate: Scalars['Boolean']['output'];
  entry?: Maybe<Entry>;
  problem?: Maybe<Problem>;
};

export type Mutation = {
  companyUpdate: CompanyUpdatePayload;
  conversationOpenDirect: ConversationOpenDirectPayload;
  departmentCreate: DepartmentCreatePayload;
  departmentDelete: DepartmentDeletePayload;
  departmentUpdate: DepartmentUpdatePayload;
  languageSet: Viewer;
  memberCreate: MemberCreatePayload;
  /** New initial password with forced change: a link by mail, or a slip to print where there is no e-mail. */
  memberPasswordReset: MemberPasswordResetPayload;
  /** Gives exactly these roles (OWNER may give all; the last owner stays). */
  memberRolesSet: MemberRolesSetPayload;
  memberStateSet: MemberStateSetPayload;
  memberUnlock: MemberUnlockPayload;
  memberUpdate: MemberUpdatePayload;
  messageSend: MessageSendPayload;
  passwordChange: PasswordChangePayload;
  /** Mails a link to set a new password, where the account has an e-mail; answers the same when there is none. */
  passwordForgot: PasswordForgotPayload;
  /** Sets a password by the one-time link of a mail; signs nobody in. */
  passwordSet: PasswordSetPayload;
  /** Moves the read mark, only forward. */
  readMarkMove: ReadMarkMovePayload;
  securitySettingsUpdate: SecuritySettingsUpdatePayload;
  sessionRevoke: SessionRevokePayload;
  signIn: SignInPayload;
  signOut: SignOutPayload;
  superPasswordSet: SuperPasswordSetPayload;
};


export type MutationCompanyUpdateArgs = {
  input: CompanyUpdateInput;
};


export type MutationConversationOpenDirectArgs = {
  input: ConversationOpenDirectInput;
};


export type MutationDepartmentCreateArgs = {
  input: DepartmentCreateInput;
};


export type MutationDepartmentDeleteArgs = {
  input: DepartmentDeleteInput;
};


export type MutationDepartmentUpdateArgs = {
  input: DepartmentUpdateInput;
};


export type MutationLanguageSetArgs = {
  language: Language;
};


export type MutationMemberCreateArgs = {
  input: MemberCreateInput;
};


export type MutationMemberPasswordResetArgs = {
  input: MemberPasswordResetInput;
};


export type MutationMemberRolesSetArgs = {
  input: MemberRolesSetInput;
};


export type MutationMemberStateSetArgs = {
  input: MemberStateSetInput;
};


export type MutationMemberUnlockArgs = {
  input: MemberUnlockInput;
};


export type MutationMemberUpdateArgs = {
  input: MemberUpdateInput;
};


export type MutationMessageSendArgs = {
  input: MessageSendInput;
};


export type MutationPasswordChangeArgs = {
  input: PasswordChangeInput;
};


export type MutationPasswordForgotArgs = {
  input: PasswordForgotInput;
};


export type MutationPasswordSetArgs = {
  input: PasswordSetInput;
};


export type MutationReadMarkMoveArgs = {
  input: ReadMarkMoveInput;
};


export type MutationSecuritySettingsUpdateArgs = {
  input: SecuritySettingsUpdateInput;
};


export type MutationSessionRevokeArgs = {
  input: SessionRevokeInput;
};


export type MutationSignInArgs = {
  input: SignInInput;
};


export type MutationSuperPasswordSetArgs = {
  input: SuperPasswordSetInput;
};

export type Node = {
  id: Scalars['ID']['output'];
};

export type PageInfo = {
  endCursor?: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor?: Maybe<Scalars['String']['output']>;
};

export type PasswordChangeInput = {
  newPassword: Scalars['String']['input'];
  oldPassword: Scalars['String']['input'];
};

export type PasswordChangePayload = {
  problem?: Maybe<Problem>;
  viewer?: Maybe<Viewer>;
};

export type PasswordForgotInput = {
  account: Scalars['String']['input'];
  tenant: Scalars['String']['input'];
};

export type PasswordForgotPayload = {
  problem?: Maybe<Problem>;
};

export type PasswordRule = {
  maxLength: Scalars['Int']['output'];
  minLength: Scalars['Int']['output'];
  strong: Scalars['Boolean']['output'];
};

export type PasswordSetInput = {
  password: Scalars['String']['input'];
  tenant: Scalars['String']['input'];
  token: Scalars['String']['input'];
};

export type PasswordSetPayload = {
  /** To prefill the sign-in form. */
  account?: Maybe<Scalars['String']['output']>;
  problem?: Maybe<Problem>;
};

/** What the admin prints once: the only place where an initial password is ever shown. */
export type PasswordSlip = {
  account: Scalars['String']['output'];
  enterpriseNumber: Scalars['String']['output'];
  hostName: Scalars['String']['output'];
  initialPassword: Scalars['String']['output'];
};

export type Permission =
  | 'COMPANY_MANAGE'
  | 'COMPANY_VIEW'
  | 'DEPARTMENTS_MANAGE'
  | 'MAIL_VIEW'
  | 'MEMBERS_MANAGE'
  | 'MEMBERS_VIEW'
  | 'SECURITY_MANAGE'
  | 'SESSIONS_MANAGE';

export type PresenceEvent = {
  memberId: Scalars['ID']['output'];
  online: Scalars['Boolean']['output'];
};

/**
 * A refusal that the caller can act on. `code` is a key of the table of error codes and of the client's translations
 * (the enum is generated from the table; the values below are those of this schema's payloads).
 */
export type Problem = {
  code: ErrorCode;
  /** The input field that caused it, in camelCase, where there is one. */
  field?: Maybe<Scalars['String']['output']>;
  /** The limit that was met, and how much of it is used. */
  limit?: Maybe<Scalars['Int']['output']>;
  /** For a human, in the request's language; clients prefer their own text for `code`. */
  message: Scalars['String']['output'];
  /** Seconds to wait before the next try. */
  retryAfterS?: Maybe<Scalars['Int']['output']>;
  used?: Maybe<Scalars['Int']['output']>;
};

export type Query = {
  /** Administrators' actions, newest first (COMPANY_VIEW). */
  auditLog: AuditEntryConnection;
  company: Company;
  conversation?: Maybe<Conversation>;
  /** Newest activity first. */
  conversations: ConversationConnection;
  department?: Maybe<Department>;
  departments: DepartmentConnection;
  /** Mails of this company and their delivery, never their text (MAIL_VIEW). */
  mails: MailConnection;
  member?: Maybe<Member>;
  memberRecord?: Maybe<MemberRecord>;
  /** Console: members with what administrators may know of them (MEMBERS_VIEW). */
  memberRecords: MemberRecordConnection;
  /** The people a member may see. `search` matches name, account, pinyin in full and initials. */
  members: MemberConnection;
  node?: Maybe<Node>;
  passwordRule: PasswordRule;
  securitySettings: SecuritySettings;
  /** Live sessions of a member, or of everybody (SESSIONS_MANAGE); without the permission only one's own. */
  sessions: SessionConnection;
  /** What changed for this member since `position` (absent: everything), oldest change first; repeat until `more` is false. */
  sync: SyncPage;
  /** Who this session is. Null without a session (the only field that answers so). */
  viewer?: Maybe<Viewer>;
};


export type QueryAuditLogArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryConversationArgs = {
  id: Scalars['ID']['input'];
};


export type QueryConversationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryDepartmentArgs = {
  id: Scalars['ID']['input'];
};


export type QueryDepartmentsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  parentId?: InputMaybe<Scalars['ID']['input']>;
};


export type QueryMailsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryMemberArgs = {
  id: Scalars['ID']['input'];
};


export type QueryMemberRecordArgs = {
  id: Scalars['ID']['input'];
};


export type QueryMemberRecordsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  departmentId?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  locked?: InputMaybe<Scalars['Boolean']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
  state?: InputMaybe<MemberState>;
};


export type QueryMembersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  departmentId?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


export type QuerySessionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  memberId?: InputMaybe<Scalars['ID']['input']>;
};


export type QuerySyncArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  position?: InputMaybe<Scalars['String']['input']>;
};

/** Somebody's read mark moved. */
export type ReadMarkEvent = {
  conversationId: Scalars['ID']['output'];
  memberId: Scalars['ID']['output'];
  seq: Scalars['Int']['output'];
};

export type ReadMarkMoveInput = {
  conversationId: Scalars['ID']['input'];
  seq: Scalars['Int']['input'];
};

export type ReadMarkMovePayload = {
  conversation?: Maybe<Conversation>;
  problem?: Maybe<Problem>;
};

export type Role =
  | 'ADMINISTRATOR'
  | 'DIRECTORY_ADMINISTRATOR'
  | 'MEMBER'
  | 'OWNER';

export type SecuritySettings = {
  autoAuthorize: Scalars['Boolean']['output'];
  /** Days until a password must be changed; 0: never. */
  passwordValidityDays: Scalars['Int']['output'];
  severalDevices: Scalars['Boolean']['output'];
  signInByEmail: Scalars['Boolean']['output'];
  signInByMobile: Scalars['Boolean']['output'];
  strongPassword: Scalars['Boolean']['output'];
};

export type SecuritySettingsUpdateInput = {
  autoAuthorize?: InputMaybe<Scalars['Boolean']['input']>;
  passwordValidityDays?: InputMaybe<Scalars['Int']['input']>;
  severalDevices?: InputMaybe<Scalars['Boolean']['input']>;
  signInByEmail?: InputMaybe<Scalars['Boolean']['input']>;
  signInByMobile?: InputMaybe<Scalars['Boolean']['input']>;
  strongPassword?: InputMaybe<Scalars['Boolean']['input']>;
};

export type SecuritySettingsUpdatePayload = {
  problem?: Maybe<Problem>;
  settings?: Maybe<SecuritySettings>;
};

export type Session = Node & {
  createdAt: Scalars['DateTime']['output'];
  current: Scalars['Boolean']['output'];
  /** Browser and system in words. */
  device: Scalars['String']['output'];
  deviceType: DeviceType;
  id: Scalars['ID']['output'];
  ip: Scalars['String']['output'];
  lastSeenAt: Scalars['DateTime']['output'];
  member?: Maybe<Member>;
  surface: Surface;
};

export type SessionConnection = {
  edges: Array<SessionEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type SessionEdge = {
  cursor: Scalars['String']['output'];
  node: Session;
};

export type SessionEndReason =
  | 'EXPIRED'
  | 'MEMBER_CLOSED'
  | 'PASSWORD_CHANGED'
  | 'REPLACED'
  | 'REVOKED'
  | 'SIGNED_OUT'
  | 'TENANT_CLOSED';

/** This session has ended; the socket closes with 4403 right after. */
export type SessionEndedEvent = {
  /** Which device replaced it, in words. */
  by?: Maybe<Scalars['String']['output']>;
  reason: SessionEndReason;
};

export type SessionRevokeInput = {
  id: Scalars['ID']['input'];
};

export type SessionRevokePayload = {
  problem?: Maybe<Problem>;
  sessionId?: Maybe<Scalars['ID']['output']>;
};

/** `tenant` is a host name or an enterprise number. With the enterprise number, an empty account and surface CONSOLE the password is the super password. */
export type SignInInput = {
  account: Scalars['String']['input'];
  password: Scalars['String']['input'];
  surface: Surface;
  tenant: Scalars['String']['input'];
};

export type SignInPayload = {
  problem?: Maybe<Problem>;
  /** Devices of the same type that this sign-in signed out. */
  replaced: Array<Scalars['String']['output']>;
  /** The bearer token, for surface API alone; browsers get a cookie. */
  token?: Maybe<Scalars['String']['output']>;
  viewer?: Maybe<Viewer>;
};

export type SignOutPayload = {
  problem?: Maybe<Problem>;
};

export type Subscription = {
  /** Everything this session may hear. One execution serves all sockets that sent the same document; nothing here depends on the viewer. */
  events: Event;
};

export type SuperPasswordSetInput = {
  newPassword: Scalars['String']['input'];
  /** The acting administrator's own password; the old super password for the founder. */
  ownPassword: Scalars['String']['input'];
};

export type SuperPasswordSetPayload = {
  company?: Maybe<Company>;
  problem?: Maybe<Problem>;
};

/** Which of the three cookies a session lives in; API sessions have a bearer token and are no device. */
export type Surface =
  | 'API'
  | 'CONSOLE'
  | 'MEMBER';

export type SyncPage = {
  conversations: Array<Conversation>;
  more: Scalars['Boolean']['output'];
  /** Send it with the next call. Overlaps on purpose: what comes twice is equal. */
  position: Scalars['String']['output'];
};

export type TenantStatus =
  | 'ACTIVE'
  | 'CLOSING'
  | 'ERASED'
  | 'PROVISIONING'
  | 'SUSPENDED';

export type Viewer = {
  language?: Maybe<Language>;
  /** Null for the founder, who signed in to the console with enterprise number and super password. */
  member?: Maybe<Member>;
  mustChangePassword: Scalars['Boolean']['output'];
  permissions: Array<Permission>;
  roles: Array<Role>;
  sessionId: Scalars['ID']['output'];
  surface: Surface;
  tenantId: Scalars['ID']['output'];
};
