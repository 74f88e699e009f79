//! Who hears an event, decided at delivery (DESIGN.md 6). Memberships are remembered in the
//! process, so that an event costs no query; whatever may change one drops it.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use moka::future::Cache;
use tenancy_access::DomainError;
use tenancy_model::{ConversationId, EntryKind, EventBody, MemberId, SessionId, TenantId};
use tenancy_store::TenantStore;

use crate::membership::{self, Interval};

/// Participants remembered, over all conversations; a conversation counts at least one.
const REMEMBERED_PARTICIPANTS_MAX: u64 = 1_000_000;
/// A membership is read again after this time, should every hint about it have been lost.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);

/// Who hears an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Every session of the tenant.
    All,
    /// These members' sessions.
    Members(Arc<BTreeSet<MemberId>>),
    /// One session.
    Session(SessionId),
}

/// The memberships of the conversations that this process delivers for.
pub struct Memberships {
    remembered: Cache<(TenantId, ConversationId), Arc<Remembered>>,
}

/// A conversation's intervals, and what almost every event asks of them.
struct Remembered {
    intervals: Vec<Interval>,
    open: Arc<BTreeSet<MemberId>>,
    /// The last beginning of an open interval: later entries are heard by all of `open`.
    open_from: i64,
}

impl Default for Memberships {
    fn default() -> Self {
        let weigh = |_: &_, kept: &Arc<Remembered>| {
            u32::try_from(kept.intervals.len().max(1)).unwrap_or(u32::MAX)
        };
        Self {
            remembered: Cache::builder()
                .max_capacity(REMEMBERED_PARTICIPANTS_MAX)
                .weigher(weigh)
                .time_to_live(REMEMBERED_FOR)
                .build(),
        }
    }
}

impl Memberships {
    /// Who hears `event`, as of now. Ask about the events of a conversation in the order of its
    /// log: whatever changes a membership is an entry, and drops what was remembered.
    ///
    /// # Errors
    /// The database is away; then nobody may hear it.
    pub async fn hears(
        &self,
        store: &TenantStore,
        event: &EventBody,
    ) -> Result<Audience, DomainError> {
        let members = match event {
            EventBody::Entry {
                conversation,
                seq,
                kind,
                ..
            } => {
                if *kind != EntryKind::Message {
                    self.forget(store.id(), *conversation).await;
                }
                self.remember(store, *conversation).await?.at(*seq)
            }
            EventBody::ReadMark {
                conversation, seq, ..
            } => self.remember(store, *conversation).await?.at(*seq),
            EventBody::Conversation {
                conversation,
                members,
            } => {
                self.forget(store.id(), *conversation).await;
                if members.is_empty() {
                    self.remember(store, *conversation).await?.open.clone()
                } else {
                    Arc::new(members.iter().copied().collect())
                }
            }
            EventBody::Upload { member, .. } => Arc::new([*member].into_iter().collect()),
            EventBody::SessionEnded { session, .. } => return Ok(Audience::Session(*session)),
            EventBody::Directory { .. } | EventBody::Presence { .. } | EventBody::TenantClosed => {
                return Ok(Audience::All);
            }
        };
        Ok(Audience::Members(members))
    }

    /// Forgets all memberships: hints may have been lost (the bus lagged or reconnected).
    pub fn forget_all(&self) {
        self.remembered.invalidate_all();
    }

    async fn forget(&self, tenant: TenantId, conversation: ConversationId) {
        self.remembered.invalidate(&(tenant, conversation)).await;
    }

    async fn remember(
        &self,
        store: &TenantStore,
        conversation: ConversationId,
    ) -> Result<Arc<Remembered>, DomainError> {
        let key = (store.id(), conversation);
        if let Some(remembered) = self.remembered.get(&key).await {
            return Ok(remembered);
        }
        let tx = store.read().await?;
        let intervals = membership::intervals(&tx, conversation).await?;
        let remembered = Arc::new(Remembered::new(intervals));
        self.remembered.insert(key, remembered.clone()).await;
        Ok(remembered)
    }
}

impl Remembered {
    fn new(intervals: Vec<Interval>) -> Self {
        let open = intervals.iter().filter(|interval| interval.is_open());
        Self {
            open_from: open.clone().map(|open| open.from_seq).max().unwrap_or(0),
            open: Arc::new(open.map(|open| open.member).collect()),
            intervals,
        }
    }

    /// Who is in the conversation now and may read the entry at `seq`.
    fn at(&self, seq: i64) -> Arc<BTreeSet<MemberId>> {
        if seq >= self.open_from {
            return self.open.clone();
        }
        let hear = self
            .intervals
            .iter()
            .filter(|interval| interval.is_open() && interval.covers(seq));
        Arc::new(hear.map(|interval| interval.member).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_came_later_or_has_left_does_not_hear() {
        let member = |n: u128| MemberId::from(uuid::Uuid::from_u128(n));
        let interval = |n, from_seq, to_seq| Interval {
            member: member(n),
            from_seq,
            to_seq,
        };
        let remembered = Remembered::new(vec![
            interval(1, 1, None),
            interval(2, 1, Some(4)),
            interval(3, 6, None),
        ]);
        let hear = |seq| remembered.at(seq).iter().copied().collect::<Vec<_>>();
        assert_eq!(hear(3), [member(1)], "2 has left, 3 was not there");
        assert_eq!(hear(6), [member(1), member(3)]);
        assert_eq!(hear(60), [member(1), member(3)]);
    }
}
