//! Wrong passwords (SEC-14): five lock an account for the source they came from, ten across sources
//! lock it for all. Names that belong to nobody are counted the same way, so that a lock tells
//! nobody who exists; their counts live in a fixed number of places, where a new name takes an old
//! one's.

use std::net::IpAddr;

use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tenancy_model::{MemberId, RecordId};
use tenancy_store::{
    StoreError, TenantTx,
    record::{self, RecordWrite},
};

use crate::{Services, entity::credential};

/// Wrong passwords from one source that lock an account for this source (SEC-14).
pub const FAILURES_PER_SOURCE_MAX: u32 = 5;
/// Wrong passwords from all sources that lock an account for all.
pub const FAILURES_MAX: u32 = 10;
/// Names of nobody whose wrong passwords are remembered.
const STRANGERS_MAX: u64 = 1_024;
/// Sources that are remembered as having signed in before.
const SOURCES_MAX: u64 = 4_096;

const FAILURES: &str = "sign_in_failures";
const SOURCE: &str = "sign_in_source";

/// Where an attempt came from: the /24 or /64 of its address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Source(String);

impl Source {
    pub(crate) fn of(ip: Option<IpAddr>) -> Self {
        Self(match ip.map(|ip| ip.to_canonical()) {
            None => "none".to_owned(),
            Some(IpAddr::V4(ip)) => {
                let [a, b, c, _] = ip.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            Some(IpAddr::V6(ip)) => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        })
    }
}

/// Who is being tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Somebody who exists.
    Member(MemberId),
    /// The super password.
    Founder,
    /// A folded name that belongs to nobody.
    Stranger(String),
}

impl Target {
    fn key(&self) -> String {
        match self {
            Self::Member(member) => member.to_string(),
            Self::Founder => "founder".to_owned(),
            Self::Stranger(name) => format!("name/{}", place(name, STRANGERS_MAX)),
        }
    }

    /// What the count belongs to, where places are shared: never the name itself, which may be a
    /// password typed into the wrong field.
    fn mark(&self) -> Option<String> {
        match self {
            Self::Member(_) | Self::Founder => None,
            Self::Stranger(name) => Some(hex(&Sha256::digest(name.as_bytes()))),
        }
    }
}

/// Wrong passwords for one target since its last good one, by source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failures {
    mark: Option<String>,
    sources: Vec<(Source, u32)>,
}

impl Failures {
    /// What is known of a target.
    pub(crate) async fn read(tx: &TenantTx, target: &Target) -> Result<Self, StoreError> {
        let record = record::get::<Self>(tx, FAILURES, &target.key()).await?;
        let mark = target.mark();
        let known = record.map(|record| record.body);
        Ok(known
            .filter(|failures| failures.mark == mark)
            .unwrap_or(Self {
                mark,
                sources: Vec::new(),
            }))
    }

    pub(crate) fn total(&self) -> u32 {
        self.sources.iter().map(|(_, count)| count).sum()
    }

    /// Whether an attempt from `source` is refused, whatever its password.
    pub(crate) fn locks(&self, source: &Source) -> bool {
        self.total() >= FAILURES_MAX || self.from(source) >= FAILURES_PER_SOURCE_MAX
    }

    /// Whether any source is locked: the target is on the locked list (DIR-35).
    pub(crate) fn locks_any(&self) -> bool {
        let worst = self.sources.iter().map(|(_, count)| *count).max();
        self.total() >= FAILURES_MAX || worst >= Some(FAILURES_PER_SOURCE_MAX)
    }

    fn from(&self, source: &Source) -> u32 {
        let known = self.sources.iter().find(|(known, _)| known == source);
        known.map_or(0, |(_, count)| *count)
    }

    /// One more wrong password. At most [`FAILURES_MAX`] sources can be here: the rest is locked
    /// out.
    pub(crate) fn add(&mut self, source: &Source) {
        match self.sources.iter_mut().find(|(known, _)| known == source) {
            Some((_, count)) => *count += 1,
            None => self.sources.push((source.clone(), 1)),
        }
    }

    /// A good password from `source` forgives this source alone.
    pub(crate) fn forgive(&mut self, source: &Source) {
        self.sources.retain(|(known, _)| known != source);
    }

    /// Keeps the counts, and what the member's row says of them.
    pub(crate) async fn write(
        &self,
        tx: &TenantTx,
        services: &Services,
        target: &Target,
    ) -> Result<(), StoreError> {
        let key = target.key();
        if self.sources.is_empty() {
            record::delete(tx, FAILURES, &key).await?;
        } else {
            put(tx, services, FAILURES, &key, self).await?;
        }
        if let Target::Member(member) = target {
            let row = credential::ActiveModel {
                id: Set(*member),
                failures: Set(i32::try_from(self.total()).unwrap_or(i32::MAX)),
                locked_at: Set(self.locks_any().then(|| services.clock.now())),
                ..Default::default()
            };
            row.update(tx).await?;
        }
        Ok(())
    }
}

/// Forgets every wrong password for a target; a lock ends.
pub(crate) async fn forget(
    tx: &TenantTx,
    services: &Services,
    target: &Target,
) -> Result<(), StoreError> {
    Failures::default().write(tx, services, target).await
}

/// Whether somebody signed in to this tenant from `source` before: only such a source is told more
/// than that account or password are wrong.
pub(crate) async fn is_known(tx: &TenantTx, source: &Source) -> Result<bool, StoreError> {
    let record = record::get::<Source>(tx, SOURCE, &source_key(source)).await?;
    Ok(record.is_some_and(|record| record.body == *source))
}

/// Remembers that somebody signed in from `source`; it may take the place of another.
pub(crate) async fn remember(
    tx: &TenantTx,
    services: &Services,
    source: &Source,
) -> Result<(), StoreError> {
    if is_known(tx, source).await? {
        return Ok(());
    }
    put(tx, services, SOURCE, &source_key(source), source).await
}

fn source_key(source: &Source) -> String {
    place(&source.0, SOURCES_MAX).to_string()
}

async fn put<T: Serialize + Sync>(
    tx: &TenantTx,
    services: &Services,
    kind: &str,
    key: &str,
    body: &T,
) -> Result<(), StoreError> {
    let write = RecordWrite {
        id: RecordId::new(&*services.clock, &*services.rng),
        kind,
        key,
        body,
        now: services.clock.now(),
    };
    record::put(tx, write).await.map(drop)
}

/// One of `places`, always the same for a text.
fn place(text: &str, places: u64) -> u64 {
    let digest = Sha256::digest(text.as_bytes());
    let head = digest
        .iter()
        .take(8)
        .fold(0u64, |head, byte| (head << 8) | u64::from(*byte));
    head % places
}

/// Bytes as text of two lower-case digits each.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(ip: &str) -> Source {
        Source::of(Some(ip.parse().unwrap()))
    }

    // covers: SEC-14
    #[test]
    fn five_lock_a_source_and_ten_lock_all() {
        let (here, there, new) = (source("10.1.2.3"), source("10.1.3.3"), source("10.1.4.3"));
        let mut failures = Failures::default();
        for _ in 0..FAILURES_PER_SOURCE_MAX {
            assert!(!failures.locks(&here));
            failures.add(&here);
        }
        assert!(failures.locks(&here) && failures.locks_any());
        assert!(!failures.locks(&there));
        for _ in 0..FAILURES_PER_SOURCE_MAX {
            failures.add(&there);
        }
        assert!(failures.locks(&new));
    }

    #[test]
    fn a_good_password_forgives_its_own_source_alone() {
        let (here, there) = (source("10.1.2.3"), source("2001:db8::1"));
        let mut failures = Failures::default();
        failures.add(&here);
        failures.add(&there);
        failures.forgive(&here);
        assert_eq!((failures.from(&here), failures.total()), (0, 1));
    }

    #[test]
    fn what_is_remembered_of_guesses_has_its_bounds() {
        let mut failures = Failures::default();
        let mut tried = 0u32;
        while !failures.locks(&source("192.0.2.1")) {
            failures.add(&source(&format!("10.{tried}.0.1")));
            tried += 1;
        }
        assert_eq!((tried, failures.sources.len()), (FAILURES_MAX, 10));
        let places = |all: std::ops::Range<u32>, key: &dyn Fn(u32) -> String| {
            let keys: std::collections::BTreeSet<_> = all.map(key).collect();
            keys.len() as u64
        };
        let names = |n| Target::Stranger(format!("nobody{n}")).key();
        assert!(places(0..20_000, &names) <= STRANGERS_MAX);
        let sources = |n: u32| {
            let [_, a, b, c] = n.to_be_bytes();
            source_key(&source(&format!("{a}.{b}.{c}.1")))
        };
        assert!(places(0..50_000, &sources) <= SOURCES_MAX);
    }

    #[test]
    fn a_source_is_a_network_not_an_address() {
        assert_eq!(source("10.1.2.3"), source("10.1.2.250"));
        assert_eq!(source("10.1.2.3"), source("::ffff:10.1.2.9"));
        assert_eq!(source("2001:db8:1:2::1"), source("2001:db8:1:2:ffff::9"));
        assert_ne!(source("2001:db8:1:2::1"), source("2001:db8:1:3::1"));
    }
}
