//! Passwords: their rules, and their hashes (argon2id). A hash costs tens of milliseconds and
//! megabytes by intention, so few run at once, on threads of their own, and the queue before them
//! is bounded in length and time.

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use kernel::{Rng, Secret};
use tenancy_model::{ErrorCode, Problem, limits};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{AccessConfig, DomainError};

/// Letters and digits of an initial password that cannot be mistaken for each other on paper.
const SMALL: &[u8] = b"abcdefghijkmnpqrstuvwxyz";
const LARGE: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS: &[u8] = b"23456789";
const SPECIAL: &[u8] = b"-+=#%*";
/// Characters of an initial password; good under the strong rule too.
const INITIAL_CHARS: usize = 12;
/// Seconds that a caller is asked to wait when too many hashes are wanted.
const BUSY_RETRY_S: u64 = 2;

/// Hashes and verifies passwords. One a process; cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    inner: Arc<Inner>,
}

struct Inner {
    argon: Argon2<'static>,
    running: Arc<Semaphore>,
    waiting: Semaphore,
    wait: Duration,
    /// What a password is compared with where there is no account, so that nobody can tell by time.
    dummy: String,
}

impl Passwords {
    /// With the cost and the bounds of `config`.
    ///
    /// # Errors
    /// argon2 refuses the cost.
    pub fn new(config: &AccessConfig) -> Result<Self, DomainError> {
        let params = Params::new(config.hash_memory_kib, config.hash_passes, 1, None)
            .map_err(|error| DomainError::internal("the cost of a password hash", error))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = hash_now(&argon, b"", &[0; 16])?;
        let inner = Inner {
            argon,
            running: Arc::new(Semaphore::new(config.hashes_at_once.max(1))),
            waiting: Semaphore::new(config.hashes_waiting_max.max(1)),
            wait: Duration::from_millis(config.hash_wait_ms),
            dummy,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The hash of a password, in PHC form.
    ///
    /// # Errors
    /// `RATE_LIMITED` while too many hashes are wanted.
    pub async fn hash(&self, rng: &dyn Rng, password: &Secret) -> Result<String, DomainError> {
        let salt: [u8; 16] = rng.bytes();
        let password = password.clone();
        self.on_thread(move |inner| hash_now(&inner.argon, password.reveal().as_bytes(), &salt))
            .await
    }

    /// Whether `password` is the one of `hash`. Without a hash the answer is no, in the same time.
    ///
    /// # Errors
    /// `RATE_LIMITED` while too many hashes are wanted; the hash is broken.
    pub async fn verify(
        &self,
        password: &Secret,
        hash: Option<String>,
    ) -> Result<bool, DomainError> {
        let known = hash.is_some();
        let password = password.clone();
        self.on_thread(move |inner| {
            let hash = hash.as_ref().unwrap_or(&inner.dummy);
            let hash = PasswordHash::new(hash)
                .map_err(|error| DomainError::internal("a stored password hash", error))?;
            let bytes = bounded(password.reveal()).as_bytes();
            let equal = inner.argon.verify_password(bytes, &hash).is_ok();
            Ok(equal && known)
        })
        .await
    }

    async fn on_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, DomainError> + Send + 'static,
    ) -> Result<T, DomainError> {
        let turn = self.turn().await?;
        let inner = self.inner.clone();
        // The turn goes with the work: a caller who gives up does not let another one in early.
        let turned = move || {
            let _turn = turn;
            work(&inner)
        };
        tokio::task::spawn_blocking(turned)
            .await
            .map_err(|error| DomainError::internal("hashing a password", error))?
    }

    /// A place among those that are computed now, held until it is dropped.
    pub(crate) async fn turn(&self) -> Result<OwnedSemaphorePermit, DomainError> {
        let busy = || {
            let problem = Problem::new(ErrorCode::RateLimited);
            DomainError::from(problem.retry_after_s(BUSY_RETRY_S))
        };
        let _place = self.inner.waiting.try_acquire().map_err(|_| busy())?;
        match tokio::time::timeout(self.inner.wait, self.inner.running.clone().acquire_owned())
            .await
        {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(busy()),
        }
    }
}

fn hash_now(argon: &Argon2<'_>, password: &[u8], salt: &[u8; 16]) -> Result<String, DomainError> {
    let hash: PasswordHash = argon
        .hash_password_with_salt(password, salt)
        .map_err(|error| DomainError::internal("hashing a password", error))?;
    Ok(hash.to_string())
}

/// A longer text can be nobody's password: what is compared instead is nobody's password either.
fn bounded(password: &str) -> &str {
    if password.chars().count() > limits::PASSWORD_CHARS_MAX {
        return "";
    }
    password
}

/// What a password of a tenant's members must be like (SEC-08).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordRule {
    /// Characters, at least.
    pub min_length: usize,
    /// Characters, at most.
    pub max_length: usize,
    /// Upper- and lower-case letters, digits and special characters, one of each at least.
    pub strong: bool,
}

impl PasswordRule {
    /// The rule as the tenant set it; before there is a tenant, the rule that is not strong.
    #[must_use]
    pub fn new(strong: bool) -> Self {
        Self {
            min_length: limits::PASSWORD_CHARS_MIN,
            max_length: if strong {
                limits::STRONG_PASSWORD_CHARS_MAX
            } else {
                limits::PASSWORD_CHARS_MAX
            },
            strong,
        }
    }

    /// Refuses a password that breaks the rule, naming the field.
    ///
    /// # Errors
    /// `TOO_SHORT`, `TOO_LONG`, `PASSWORD_WEAK`.
    pub fn check(&self, field: &'static str, password: &Secret) -> Result<(), Problem> {
        let chars = password.reveal().chars().count();
        if chars < self.min_length {
            return Err(Problem::field(ErrorCode::TooShort, field).limit(self.min_length as u64));
        }
        if chars > self.max_length {
            return Err(Problem::field(ErrorCode::TooLong, field).limit(self.max_length as u64));
        }
        let has = |kind: fn(char) -> bool| password.reveal().chars().any(kind);
        let strong = has(char::is_uppercase)
            && has(char::is_lowercase)
            && has(char::is_numeric)
            && has(|c| !c.is_alphanumeric());
        // One character over and over is no secret under any rule.
        let first = password.reveal().chars().next();
        let dull = password.reveal().chars().all(|c| Some(c) == first);
        if dull || (self.strong && !strong) {
            return Err(Problem::field(ErrorCode::PasswordWeak, field));
        }
        Ok(())
    }
}

/// A password for a slip: easy to read from paper, good under every rule.
#[must_use]
pub fn initial_password(rng: &dyn Rng) -> Secret {
    let all = [SMALL, LARGE, DIGITS].concat();
    let mut letters: Vec<char> = [SMALL, LARGE, DIGITS, SPECIAL]
        .iter()
        .flat_map(|kind| rng.text(kind, 1).chars().collect::<Vec<_>>())
        .chain(rng.text(&all, INITIAL_CHARS - 4).chars())
        .collect();
    for last in (1..letters.len()).rev() {
        let other = rng.below(u32::try_from(last + 1).unwrap_or(1)) as usize;
        letters.swap(last, other);
    }
    letters.into_iter().collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use kernel::SeededRng;

    use super::*;

    fn code(result: Result<(), Problem>) -> Option<ErrorCode> {
        result.err().map(|problem| problem.code)
    }

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_alone() {
        let passwords = Passwords::new(&AccessConfig::for_testing()).unwrap();
        let rng = SeededRng::new(1);
        let secret = Secret::from("correct horse");
        let hash = passwords.hash(&rng, &secret).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        let again = passwords.hash(&rng, &secret).await.unwrap();
        assert_ne!(hash, again);
        let is = async |text: &str, hash: Option<String>| {
            passwords.verify(&text.into(), hash).await.unwrap()
        };
        assert!(is("correct horse", Some(hash.clone())).await);
        assert!(!is("correct house", Some(hash.clone())).await);
        assert!(!is(&"x".repeat(4_000), Some(hash)).await);
        assert!(!is("", None).await);
    }

    #[test]
    fn the_cost_is_what_owasp_asks_for() {
        let config = AccessConfig::default();
        assert_eq!((config.hash_memory_kib, config.hash_passes), (19_456, 2));
    }

    // covers: SEC-26
    #[tokio::test]
    async fn nobodys_hash_costs_what_everybodys_does() {
        for config in [AccessConfig::default(), AccessConfig::for_testing()] {
            let passwords = Passwords::new(&config).unwrap();
            let (rng, secret) = (SeededRng::new(1), Secret::from("correct horse"));
            let hash = passwords.hash(&rng, &secret).await.unwrap();
            let cost = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
            assert_eq!(cost(&hash), cost(&passwords.inner.dummy));
        }
    }

    #[tokio::test]
    async fn too_many_hashes_at_once_are_refused_not_queued_without_end() {
        let config = AccessConfig {
            hashes_at_once: 1,
            hashes_waiting_max: 1,
            hash_wait_ms: 60_000,
            ..AccessConfig::for_testing()
        };
        let passwords = Passwords::new(&config).unwrap();
        let turn = passwords.turn().await.unwrap();
        let waiting = {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.verify(&"a".into(), None).await })
        };
        while passwords.inner.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = passwords.verify(&"a".into(), None).await;
        let Err(DomainError::Refused(problem)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(problem.code, ErrorCode::RateLimited);
        assert!(problem.retry_after_s.is_some());
        drop(turn);
        assert!(!waiting.await.unwrap().unwrap());
    }

    // covers: SEC-08
    #[test]
    fn the_strong_rule_wants_one_of_each_kind() {
        let strong = PasswordRule::new(true);
        let check = |text: &str| code(strong.check("password", &text.into()));
        assert_eq!(check("Abcdef1!"), None);
        assert_eq!(check("Abc1!"), Some(ErrorCode::TooShort));
        assert_eq!(check("Abcdefghijklmn1!x"), Some(ErrorCode::TooLong));
        for weak in ["abcdef1!", "ABCDEF1!", "Abcdefg!", "Abcdefg1"] {
            assert_eq!(check(weak), Some(ErrorCode::PasswordWeak), "{weak}");
        }
        let plain = PasswordRule::new(false);
        assert_eq!(code(plain.check("password", &"abcdefgh".into())), None);
        let dull = plain.check("password", &"aaaaaaaa".into());
        assert_eq!(code(dull), Some(ErrorCode::PasswordWeak));
    }

    #[test]
    fn an_initial_password_satisfies_every_rule() {
        for seed in 0..200 {
            let password = initial_password(&SeededRng::new(seed));
            assert_eq!(PasswordRule::new(true).check("password", &password), Ok(()));
        }
    }
}
