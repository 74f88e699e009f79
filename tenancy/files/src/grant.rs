//! Grants: addresses under which one session of one member can read one file for ten minutes. A
//! grant says what may be read, and is signed; whether it still may is looked up at every use.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta};
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::Instant;
use sha2::Sha256;
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{
    ErrorCode, FileId, FileKind, MemberId, Problem, SessionId, TenantId, limits::FILES_AT_ONCE_MAX,
};
use uuid::Uuid;

use crate::{
    Files,
    download::{Disposition, Variant},
    policy::policy_in,
    readable::{self, Readable},
};

/// For how long a grant is good.
pub const GRANT_FOR: TimeDelta = TimeDelta::minutes(10);
const VERSION: u8 = 1;
const MAC_BYTES: usize = 32;
const CLAIMS_BYTES: usize = 1 + 4 * 16 + 2 + 8;

/// What somebody wants to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantsInput {
    /// Which files; one that is missing, or not the caller's to read, is left out.
    pub files: Vec<FileId>,
    /// Which of its objects.
    pub variant: Variant,
    /// What the browser does with it.
    pub disposition: Disposition,
}

/// Permission to read a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Which.
    pub file: FileId,
    /// The path under the deployment's address, and the name that it is saved by.
    pub path: String,
    /// Until when.
    pub expires_at: Instant,
}

/// Who may read what until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) tenant: TenantId,
    pub(crate) file: FileId,
    pub(crate) member: MemberId,
    pub(crate) session: SessionId,
    pub(crate) variant: Variant,
    pub(crate) disposition: Disposition,
    pub(crate) expires_at: Instant,
}

/// Signs and checks grants.
#[derive(Clone)]
pub(crate) struct GrantKey(Hmac<Sha256>);

impl GrantKey {
    pub(crate) fn new(secret: &[u8; 32]) -> Result<Self, hmac::digest::InvalidLength> {
        Hmac::new_from_slice(secret).map(Self)
    }

    pub(crate) fn sign(&self, claims: &Claims) -> String {
        let mut bytes = claims.to_bytes();
        let mac = self.0.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend_from_slice(&mac);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The claims of a grant that we signed, whatever they are worth now.
    pub(crate) fn open(&self, grant: &str) -> Option<Claims> {
        let bytes = URL_SAFE_NO_PAD.decode(grant).ok()?;
        if bytes.len() != CLAIMS_BYTES + MAC_BYTES {
            return None;
        }
        let (claims, mac) = bytes.split_at(CLAIMS_BYTES);
        // In the same time wherever the first difference is.
        self.0.clone().chain_update(claims).verify_slice(mac).ok()?;
        Claims::from_bytes(claims)
    }
}

impl Claims {
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(CLAIMS_BYTES + MAC_BYTES);
        bytes.push(VERSION);
        for id in [
            self.tenant.uuid(),
            self.file.uuid(),
            self.member.uuid(),
            self.session.uuid(),
        ] {
            bytes.extend_from_slice(id.as_bytes());
        }
        bytes.push(self.variant.code());
        bytes.push(u8::from(self.disposition == Disposition::Inline));
        bytes.extend_from_slice(&self.expires_at.timestamp_micros().to_be_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (version, rest) = bytes.split_first()?;
        let id = |n: usize| Uuid::from_slice(rest.get(n * 16..(n + 1) * 16)?).ok();
        let micros = rest.get(66..74)?.try_into().ok()?;
        let claims = Self {
            tenant: id(0)?.into(),
            file: id(1)?.into(),
            member: id(2)?.into(),
            session: id(3)?.into(),
            variant: Variant::of(*rest.get(64)?)?,
            disposition: match rest.get(65)? {
                1 => Disposition::Inline,
                _ => Disposition::Attachment,
            },
            expires_at: DateTime::from_timestamp_micros(i64::from_be_bytes(micros))?,
        };
        (*version == VERSION).then_some(claims)
    }
}

impl Files {
    /// Grants for those of these files that the acting member may read now. Asking for the poster
    /// or thumbnail of a file that has none leaves it out.
    ///
    /// # Errors
    /// `TOO_MANY` with the limit; `DOWNLOAD_OFF` where the company allows looking alone (FIL-05).
    pub async fn grants(
        &self,
        ctx: &TenantContext,
        input: &GrantsInput,
    ) -> Result<Vec<Grant>, DomainError> {
        let member = ctx.require_member()?;
        let session = ctx.actor.session().ok_or(DomainError::FORBIDDEN)?;
        if input.files.len() > FILES_AT_ONCE_MAX {
            let problem = Problem::field(ErrorCode::TooMany, "fileIds");
            return Err(problem.limit(FILES_AT_ONCE_MAX as u64).into());
        }
        let tx = ctx.store.read().await?;
        let policy = policy_in(&tx).await?;
        let found = readable::find(&tx, member, &input.files).await?;
        let expires_at = ctx.now() + GRANT_FOR;
        let mut grants = Vec::with_capacity(found.len());
        for readable in found {
            if policy.preview_only && !is_preview(&readable, input) {
                return Err(Problem::new(ErrorCode::DownloadOff).into());
            }
            if readable.key(input.variant).is_none() && input.variant != Variant::Zip {
                continue;
            }
            if (readable.entry.kind == FileKind::Folder) != (input.variant == Variant::Zip) {
                continue;
            }
            let claims = Claims {
                tenant: ctx.tenant_id(),
                file: readable.entry.id,
                member,
                session,
                variant: input.variant,
                disposition: input.disposition,
                expires_at,
            };
            grants.push(Grant {
                file: readable.entry.id,
                path: path(&claims, &self.grant_key.sign(&claims), &readable),
                expires_at,
            });
        }
        Ok(grants)
    }
}

/// What "preview only" leaves: looking at what a browser shows.
pub(crate) fn is_preview(readable: &Readable, input: &GrantsInput) -> bool {
    match input.variant {
        Variant::Thumbnail | Variant::Poster => true,
        Variant::Original => input.disposition == Disposition::Inline && readable.may_be_inline(),
        Variant::Zip => false,
    }
}

fn path(claims: &Claims, grant: &str, readable: &Readable) -> String {
    let name = encode(&readable.entry.name);
    let end = if claims.variant == Variant::Zip {
        ".zip"
    } else {
        ""
    };
    format!("/files/{}/{grant}/{name}{end}", claims.tenant)
}

/// One segment of a path: everything but letters, digits and a few marks percent-encoded.
fn encode(name: &str) -> String {
    use std::fmt::Write as _;
    name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            text.push(char::from(byte));
        } else if byte == b'.' && !text.is_empty() {
            text.push('.');
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use kernel::{Clock as _, ManualClock, SeededRng};

    use super::*;

    #[test]
    fn a_grant_is_what_was_signed_and_nothing_else() {
        let (clock, rng) = (ManualClock::default(), SeededRng::new(3));
        let key = GrantKey::new(&[7; 32]).unwrap();
        let claims = Claims {
            tenant: TenantId::new(&clock, &rng),
            file: FileId::new(&clock, &rng),
            member: MemberId::new(&clock, &rng),
            session: SessionId::new(&clock, &rng),
            variant: Variant::Thumbnail,
            disposition: Disposition::Inline,
            expires_at: clock.now(),
        };
        let grant = key.sign(&claims);
        assert_eq!(key.open(&grant), Some(claims));
        assert_eq!(GrantKey::new(&[8; 32]).unwrap().open(&grant), None);
        for place in 0..grant.len() {
            let mut forged = grant.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            assert_eq!(key.open(&forged), None, "at {place}");
        }
        for short in ["", "AAAA", &grant[..grant.len() - 2]] {
            assert_eq!(key.open(short), None);
        }
    }

    #[test]
    fn a_name_is_one_segment_of_a_path() {
        assert_eq!(encode("周报 1.txt"), "%E5%91%A8%E6%8A%A5%201.txt");
        assert_eq!(encode("../a/b"), "%2E./a/b".replace("./a/b", ".%2Fa%2Fb"));
    }
}
