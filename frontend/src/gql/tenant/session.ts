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

/** The old password, and the new one. */
export type PasswordChangeInput = {
  newPassword: string;
  oldPassword: string;
};

/** Whose password was forgotten. */
export type PasswordForgotInput = {
  account: string;
  tenant: string;
};

/** The one-time link, and the new password. */
export type PasswordSetInput = {
  password: string;
  tenant: string;
  token: string;
};

/** One ability of an administrator. */
export type Permission =
  | 'COMPANY_MANAGE'
  | 'COMPANY_VIEW'
  | 'DEPARTMENTS_MANAGE'
  | 'MAIL_VIEW'
  | 'MEMBERS_MANAGE'
  | 'MEMBERS_VIEW'
  | 'SECURITY_MANAGE'
  | 'SESSIONS_MANAGE';

/** A named set of permissions. */
export type Role =
  | 'ADMINISTRATOR'
  | 'DIRECTORY_ADMINISTRATOR'
  | 'MEMBER'
  | 'OWNER';

/**
 * `tenant` is a host name or an enterprise number. With the enterprise number, an empty account
 * and surface CONSOLE the password is the super password.
 */
export type SignInInput = {
  account: string;
  password: string;
  surface: Surface;
  tenant: string;
};

/** Which door a session came through; API sessions have a bearer token and are no device. */
export type Surface =
  | 'API'
  | 'CONSOLE'
  | 'MEMBER';

export type ProblemFieldsFragment = { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string };

export type ViewerFieldsFragment = { tenantId: string, sessionId: string, surface: Surface, roles: Array<Role>, permissions: Array<Permission>, mustChangePassword: boolean, language: Language | null, member: { id: string, name: string, account: string } | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { tenantId: string, sessionId: string, surface: Surface, roles: Array<Role>, permissions: Array<Permission>, mustChangePassword: boolean, language: Language | null, member: { id: string, name: string, account: string } | null } | null };

export type PasswordRuleQueryVariables = Exact<{ [key: string]: never; }>;


export type PasswordRuleQuery = { passwordRule: { minLength: number, maxLength: number, strong: boolean } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { replaced: Array<string>, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, viewer: { tenantId: string, sessionId: string, surface: Surface, roles: Array<Role>, permissions: Array<Permission>, mustChangePassword: boolean, language: Language | null, member: { id: string, name: string, account: string } | null } | null } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { signOut: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null } };

export type PasswordChangeMutationVariables = Exact<{
  input: PasswordChangeInput;
}>;


export type PasswordChangeMutation = { passwordChange: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null, viewer: { tenantId: string, sessionId: string, surface: Surface, roles: Array<Role>, permissions: Array<Permission>, mustChangePassword: boolean, language: Language | null, member: { id: string, name: string, account: string } | null } | null } };

export type PasswordForgotMutationVariables = Exact<{
  input: PasswordForgotInput;
}>;


export type PasswordForgotMutation = { passwordForgot: { problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null } };

export type PasswordSetMutationVariables = Exact<{
  input: PasswordSetInput;
}>;


export type PasswordSetMutation = { passwordSet: { account: string | null, problem: { code: ErrorCode, field: string | null, limit: number | null, used: number | null, retryAfterS: number | null, message: string } | null } };

export type LanguageSetMutationVariables = Exact<{
  language: Language;
}>;


export type LanguageSetMutation = { languageSet: { tenantId: string, sessionId: string, surface: Surface, roles: Array<Role>, permissions: Array<Permission>, mustChangePassword: boolean, language: Language | null, member: { id: string, name: string, account: string } | null } };

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
export const ViewerFieldsFragmentDoc = new TypedDocumentString(`
    fragment ViewerFields on Viewer {
  tenantId
  sessionId
  surface
  member {
    id
    name
    account
  }
  roles
  permissions
  mustChangePassword
  language
}
    `, {"fragmentName":"ViewerFields"}) as unknown as TypedDocumentString<ViewerFieldsFragment, unknown>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    ...ViewerFields
  }
}
    fragment ViewerFields on Viewer {
  tenantId
  sessionId
  surface
  member {
    id
    name
    account
  }
  roles
  permissions
  mustChangePassword
  language
}`) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const PasswordRuleDocument = new TypedDocumentString(`
    query PasswordRule {
  passwordRule {
    minLength
    maxLength
    strong
  }
}
    `) as unknown as TypedDocumentString<PasswordRuleQuery, PasswordRuleQueryVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    problem {
      ...ProblemFields
    }
    viewer {
      ...ViewerFields
    }
    replaced
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
fragment ViewerFields on Viewer {
  tenantId
  sessionId
  surface
  member {
    id
    name
    account
  }
  roles
  permissions
  mustChangePassword
  language
}`) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const SignOutDocument = new TypedDocumentString(`
    mutation SignOut {
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
}`) as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;
export const PasswordChangeDocument = new TypedDocumentString(`
    mutation PasswordChange($input: PasswordChangeInput!) {
  passwordChange(input: $input) {
    problem {
      ...ProblemFields
    }
    viewer {
      ...ViewerFields
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
fragment ViewerFields on Viewer {
  tenantId
  sessionId
  surface
  member {
    id
    name
    account
  }
  roles
  permissions
  mustChangePassword
  language
}`) as unknown as TypedDocumentString<PasswordChangeMutation, PasswordChangeMutationVariables>;
export const PasswordForgotDocument = new TypedDocumentString(`
    mutation PasswordForgot($input: PasswordForgotInput!) {
  passwordForgot(input: $input) {
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
}`) as unknown as TypedDocumentString<PasswordForgotMutation, PasswordForgotMutationVariables>;
export const PasswordSetDocument = new TypedDocumentString(`
    mutation PasswordSet($input: PasswordSetInput!) {
  passwordSet(input: $input) {
    problem {
      ...ProblemFields
    }
    account
  }
}
    fragment ProblemFields on Problem {
  code
  field
  limit
  used
  retryAfterS
  message
}`) as unknown as TypedDocumentString<PasswordSetMutation, PasswordSetMutationVariables>;
export const LanguageSetDocument = new TypedDocumentString(`
    mutation LanguageSet($language: Language!) {
  languageSet(language: $language) {
    ...ViewerFields
  }
}
    fragment ViewerFields on Viewer {
  tenantId
  sessionId
  surface
  member {
    id
    name
    account
  }
  roles
  permissions
  mustChangePassword
  language
}`) as unknown as TypedDocumentString<LanguageSetMutation, LanguageSetMutationVariables>;