//! The table of error codes. A code is a promise: clients switch on it and translate by it, so it
//! never changes its meaning and is never used twice.

use sea_orm::EnumIter;
use serde::{Deserialize, Serialize};

/// What kind of trouble a code is; decides where it is answered (DESIGN.md 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// Always a GraphQL error.
    Fault,
    /// Payload data (`problem`): the caller can act on it.
    Refusal,
}

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $class:ident, $status:literal;)+) => {
        /// Every error that a client can cause or be told of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl ErrorCode {
            /// The whole table, in its order.
            pub fn all() -> impl Iterator<Item = Self> {
                <Self as sea_orm::Iterable>::iter()
            }

            /// The code as clients see it; also their translation key.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// Error or payload.
            #[must_use]
            pub fn class(self) -> ErrorClass {
                match self { $(Self::$name => ErrorClass::$class,)+ }
            }

            /// The HTTP status outside GraphQL (where GraphQL has its own rules).
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }
        }
    };
}

error_codes! {
    /// Missing, or not the caller's: the two are never told apart.
    NotFound = "NOT_FOUND", Fault, 404;
    /// No session, or one that has ended.
    Unauthenticated = "UNAUTHENTICATED", Fault, 401;
    /// The session may not do this.
    Forbidden = "FORBIDDEN", Fault, 403;
    /// Too often; wait as long as told.
    RateLimited = "RATE_LIMITED", Fault, 429;
    /// Our fault; the trace id is in the answer.
    Internal = "INTERNAL", Fault, 500;
    /// The request itself is malformed.
    BadRequest = "BAD_REQUEST", Fault, 400;
    /// A dependency is away; nothing was done, try again.
    Unavailable = "UNAVAILABLE", Fault, 503;
    /// The GraphQL document nests too deep.
    QueryTooDeep = "QUERY_TOO_DEEP", Fault, 400;
    /// The GraphQL document asks for too much at once.
    QueryTooComplex = "QUERY_TOO_COMPLEX", Fault, 400;
    /// The body or batch is too large.
    TooLarge = "TOO_LARGE", Fault, 413;
    /// The initial password must be changed before anything else (SEC-06).
    PasswordChangeRequired = "PASSWORD_CHANGE_REQUIRED", Fault, 403;

    /// A field breaks its rule.
    InvalidInput = "INVALID_INPUT", Refusal, 422;
    /// A field is empty.
    Required = "REQUIRED", Refusal, 422;
    /// A field is longer than `limit`.
    TooLong = "TOO_LONG", Refusal, 422;
    /// A field is shorter than `limit`.
    TooShort = "TOO_SHORT", Refusal, 422;
    /// Not an e-mail address.
    InvalidEmail = "INVALID_EMAIL", Refusal, 422;
    /// Not a mobile number.
    InvalidMobile = "INVALID_MOBILE", Refusal, 422;
    /// An account is letters and digits (DIR-12).
    InvalidAccount = "INVALID_ACCOUNT", Refusal, 422;
    /// A host name is 3–32 of a–z, 0–9 and hyphen, not at an end.
    InvalidHostName = "INVALID_HOST_NAME", Refusal, 422;
    /// The host name is kept for the deployment.
    HostNameReserved = "HOST_NAME_RESERVED", Refusal, 409;
    /// The host name is in use, or rests after its last use.
    HostNameTaken = "HOST_NAME_TAKEN", Refusal, 409;
    /// Another member of the tenant has this e-mail.
    EmailTaken = "EMAIL_TAKEN", Refusal, 409;
    /// Another member of the tenant has this mobile number.
    MobileTaken = "MOBILE_TAKEN", Refusal, 409;
    /// Another member of the tenant has or had this account.
    AccountTaken = "ACCOUNT_TAKEN", Refusal, 409;
    /// E-mail and mobile cannot both be empty (DIR-11).
    ContactRequired = "CONTACT_REQUIRED", Refusal, 422;
    /// The operator's terms were not accepted.
    TermsNotAccepted = "TERMS_NOT_ACCEPTED", Refusal, 422;
    /// Another version of the terms is in force now.
    TermsOutdated = "TERMS_OUTDATED", Refusal, 409;
    /// Not the code that was mailed.
    CodeWrong = "CODE_WRONG", Refusal, 422;
    /// The code is too old, or was guessed at too often; ask for a new one.
    CodeExpired = "CODE_EXPIRED", Refusal, 422;
    /// The code did its work already.
    CodeUsed = "CODE_USED", Refusal, 409;
    /// This source or mail domain has opened its share of trials.
    TooManyTrials = "TOO_MANY_TRIALS", Refusal, 429;
    /// 「该企业号*****尚未开通服务！」 (TEN-03).
    TenantUnknown = "TENANT_UNKNOWN", Refusal, 404;
    /// The company is suspended.
    TenantSuspended = "TENANT_SUSPENDED", Refusal, 403;
    /// The company has closed.
    TenantClosed = "TENANT_CLOSED", Refusal, 403;
    /// The licence has ended; administrators can renew (LIC-13).
    LicenseExpired = "LICENSE_EXPIRED", Refusal, 403;
    /// 「账号或密码错误」: to a source not seen in this tenant before.
    CredentialsWrong = "CREDENTIALS_WRONG", Refusal, 401;
    /// 「账号不存在」: only to a source that signed in to this tenant before.
    AccountUnknown = "ACCOUNT_UNKNOWN", Refusal, 401;
    /// 「密码错误」: only to a source that signed in to this tenant before.
    PasswordWrong = "PASSWORD_WRONG", Refusal, 401;
    /// Too many wrong passwords (SEC-14).
    AccountLocked = "ACCOUNT_LOCKED", Refusal, 403;
    /// On the disabled list, or resigned.
    AccountDisabled = "ACCOUNT_DISABLED", Refusal, 403;
    /// 「未被授权登录」 (LIC-09).
    NotAuthorizedToSignIn = "NOT_AUTHORIZED_TO_SIGN_IN", Refusal, 403;
    /// No free seat; `used` and `limit` tell how many (LIC-12).
    SeatsExhausted = "SEATS_EXHAUSTED", Refusal, 403;
    /// The password breaks the rule (SEC-08).
    PasswordWeak = "PASSWORD_WEAK", Refusal, 422;
    /// The new password is the old one.
    PasswordSame = "PASSWORD_SAME", Refusal, 422;
    /// No such one-time link, or used already.
    LinkInvalid = "LINK_INVALID", Refusal, 422;
    /// The one-time link is too old.
    LinkExpired = "LINK_EXPIRED", Refusal, 422;
    /// The department has members or departments below it (DIR-07).
    DepartmentNotEmpty = "DEPARTMENT_NOT_EMPTY", Refusal, 409;
    /// A department cannot be below itself.
    DepartmentCycle = "DEPARTMENT_CYCLE", Refusal, 409;
    /// More levels than `limit`.
    TooDeep = "TOO_DEEP", Refusal, 422;
    /// More items than `limit`.
    TooMany = "TOO_MANY", Refusal, 422;
    /// The last owner keeps the role.
    LastOwner = "LAST_OWNER", Refusal, 409;
    /// Not possible with oneself.
    SelfNotAllowed = "SELF_NOT_ALLOWED", Refusal, 422;
    /// A message needs a text.
    MessageEmpty = "MESSAGE_EMPTY", Refusal, 422;
    /// The text is longer than `limit` characters.
    MessageTooLong = "MESSAGE_TOO_LONG", Refusal, 422;
    /// The nonce was used for another conversation or text.
    NonceReused = "NONCE_REUSED", Refusal, 409;
    /// Nobody can write here any more.
    ConversationClosed = "CONVERSATION_CLOSED", Refusal, 403;
    /// Somebody else changed it since it was read.
    VersionConflict = "VERSION_CONFLICT", Refusal, 409;
    /// A file has at least one byte.
    FileEmpty = "FILE_EMPTY", Refusal, 422;
    /// One file may have `limit` bytes (FIL-02); to a partner, FIL-04.
    FileTooLarge = "FILE_TOO_LARGE", Refusal, 422;
    /// Files above `limit` bytes are not allowed here (FIL-03).
    LargeFilesOff = "LARGE_FILES_OFF", Refusal, 403;
    /// The member has started `used` bytes of `limit` within the hour.
    UploadRate = "UPLOAD_RATE", Refusal, 429;
    /// The tenant's files take `used` bytes of `limit`.
    StorageFull = "STORAGE_FULL", Refusal, 403;
    /// Not all parts have arrived; `used` bytes of `limit` have.
    UploadIncomplete = "UPLOAD_INCOMPLETE", Refusal, 409;
    /// The upload was cancelled, or its time is over.
    UploadEnded = "UPLOAD_ENDED", Refusal, 409;
    /// What arrived has another size than was announced.
    SizeMismatch = "SIZE_MISMATCH", Refusal, 422;
    /// The antivirus found something.
    Infected = "INFECTED", Refusal, 422;
    /// More pixels than are decoded.
    PictureTooLarge = "PICTURE_TOO_LARGE", Refusal, 422;
    /// Looks like a picture and cannot be read as one.
    PictureBroken = "PICTURE_BROKEN", Refusal, 422;
    /// An avatar or logo has to be a picture.
    PictureRequired = "PICTURE_REQUIRED", Refusal, 422;
    /// The file is being checked.
    FileNotReady = "FILE_NOT_READY", Refusal, 409;
    /// The file is part of a message already.
    FileAttached = "FILE_ATTACHED", Refusal, 409;
    /// The company shows files and does not hand them out.
    DownloadOff = "DOWNLOAD_OFF", Refusal, 403;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_the_four_faults_are_faults() {
        let codes: BTreeSet<_> = ErrorCode::all().map(ErrorCode::code).collect();
        assert_eq!(codes.len(), ErrorCode::all().count());
        for code in [
            ErrorCode::NotFound,
            ErrorCode::Unauthenticated,
            ErrorCode::Forbidden,
            ErrorCode::RateLimited,
        ] {
            assert_eq!(code.class(), ErrorClass::Fault);
        }
    }
}
