//! The order of events of each conversation that somebody here follows (DESIGN 5). An event in its
//! turn passes; one that came too early waits for the one before it, and when that does not come in
//! time, the missing entries are fetched once. Nothing here waits or asks; the pump does.

use std::collections::{BTreeMap, HashMap};

use tenancy_model::{ConversationId, EventBody, TenantEvent};
use tokio::time::Instant;

use crate::config::{FanoutLimits, ms};

/// How often the store is asked for a gap before what is there is passed on without it.
const FETCHES_MAX: u8 = 3;

#[derive(Debug)]
struct Track {
    /// The last entry that was passed on.
    head: i64,
    /// Members here who follow it.
    followers: u32,
    /// Came too early.
    early: BTreeMap<i64, TenantEvent>,
    /// The store knows an entry beyond `head`.
    store_head: i64,
    fetches: u8,
}

/// All followed conversations of one tenant in this process.
#[derive(Debug)]
pub struct Tracks {
    limits: FanoutLimits,
    tracks: HashMap<ConversationId, Track>,
    /// Those with a gap, and when it is to be filled.
    late: HashMap<ConversationId, Instant>,
}

/// The sequence of an event that has one.
#[must_use]
pub fn position(event: &TenantEvent) -> Option<(ConversationId, i64)> {
    match &event.body {
        EventBody::Entry {
            conversation, seq, ..
        } => Some((*conversation, *seq)),
        _ => None,
    }
}

impl Tracks {
    /// Nothing is followed.
    #[must_use]
    pub fn new(limits: FanoutLimits) -> Self {
        Self {
            limits,
            tracks: HashMap::new(),
            late: HashMap::new(),
        }
    }

    /// One more member follows `conversation`, whose head is `seq` unless it is followed already.
    pub fn follow(&mut self, conversation: ConversationId, seq: i64) {
        let track = self.tracks.entry(conversation).or_insert_with(|| Track {
            head: seq,
            followers: 0,
            early: BTreeMap::new(),
            store_head: seq,
            fetches: 0,
        });
        track.followers += 1;
    }

    /// One member less.
    pub fn unfollow(&mut self, conversation: ConversationId) {
        if let Some(track) = self.tracks.get_mut(&conversation) {
            track.followers = track.followers.saturating_sub(1);
            if track.followers == 0 {
                self.tracks.remove(&conversation);
                self.late.remove(&conversation);
            }
        }
    }

    /// Everything that is followed.
    #[must_use]
    pub fn conversations(&self) -> Vec<ConversationId> {
        self.tracks.keys().copied().collect()
    }

    /// An event came; what may be passed on now, in order.
    pub fn arrived(&mut self, event: TenantEvent, now: Instant) -> Vec<TenantEvent> {
        let Some((conversation, seq)) = position(&event) else {
            return vec![event];
        };
        let Some(track) = self.tracks.get_mut(&conversation) else {
            return vec![event];
        };
        if seq <= track.head {
            return Vec::new();
        }
        track.early.insert(seq, event);
        let ready = track.in_turn();
        let full = track.early.len() >= self.limits.gap_events_max;
        self.settle(conversation, now, full);
        ready
    }

    /// The store says that the conversation's head is `seq`.
    pub fn store_head(&mut self, conversation: ConversationId, seq: i64, now: Instant) {
        if let Some(track) = self.tracks.get_mut(&conversation) {
            track.store_head = track.store_head.max(seq);
            self.settle(conversation, now, false);
        }
    }

    /// When the next gap is to be filled.
    #[must_use]
    pub fn next_late(&self) -> Option<Instant> {
        self.late.values().min().copied()
    }

    /// The conversations whose gap is to be filled now, and after which sequence.
    #[must_use]
    pub fn overdue(&self, now: Instant) -> Vec<(ConversationId, i64)> {
        let due = self.late.iter().filter(|(_, at)| **at <= now);
        due.filter_map(|(id, _)| self.tracks.get(id).map(|track| (*id, track.head)))
            .collect()
    }

    /// What the store had for a gap (nothing, if it could not be asked); what may be passed on now.
    pub fn fetched(
        &mut self,
        conversation: ConversationId,
        entries: Vec<TenantEvent>,
        now: Instant,
    ) -> Vec<TenantEvent> {
        self.late.remove(&conversation);
        let Some(track) = self.tracks.get_mut(&conversation) else {
            return Vec::new();
        };
        for entry in entries {
            match position(&entry) {
                Some((of, seq)) if of == conversation && seq > track.head => {
                    track.early.entry(seq).or_insert(entry);
                }
                _ => {}
            }
        }
        let mut ready = track.in_turn();
        track.fetches += 1;
        if track.fetches >= FETCHES_MAX {
            // The clients see the gap by the sequence and fetch for themselves.
            ready.extend(track.all());
        }
        self.settle(conversation, now, false);
        ready
    }

    /// Sets or clears the time at which the gap is filled.
    fn settle(&mut self, conversation: ConversationId, now: Instant, at_once: bool) {
        let Some(track) = self.tracks.get_mut(&conversation) else {
            return;
        };
        if track.early.is_empty() && track.store_head <= track.head {
            track.fetches = 0;
            self.late.remove(&conversation);
            return;
        }
        let at = if at_once {
            now
        } else {
            now + ms(self.limits.gap_wait_ms)
        };
        let known = self.late.entry(conversation).or_insert(at);
        *known = (*known).min(at);
    }
}

impl Track {
    /// Takes out what follows the head without a gap.
    fn in_turn(&mut self) -> Vec<TenantEvent> {
        let mut ready = Vec::new();
        while let Some(event) = self.early.remove(&(self.head + 1)) {
            self.head += 1;
            ready.push(event);
        }
        ready
    }

    /// Takes out everything, gaps or not.
    fn all(&mut self) -> Vec<TenantEvent> {
        self.head = self
            .store_head
            .max(self.early.keys().last().copied().unwrap_or(self.head));
        std::mem::take(&mut self.early).into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kernel::{Clock as _, ManualClock, SeededRng};
    use tenancy_model::{EntryKind, MessageId, TenantId};

    use super::*;

    fn entry(conversation: ConversationId, seq: i64) -> TenantEvent {
        let (clock, rng) = (ManualClock::default(), SeededRng::new(9));
        TenantEvent {
            tenant: TenantId::new(&clock, &rng),
            body: EventBody::Entry {
                conversation,
                id: MessageId::new(&clock, &rng),
                seq,
                kind: EntryKind::Message,
                author: None,
                nonce: None,
                text: None,
                attachments: Vec::new(),
                count_to: seq,
                created_at: clock.now(),
            },
        }
    }

    fn seqs(events: &[TenantEvent]) -> Vec<i64> {
        events
            .iter()
            .filter_map(|event| position(event).map(|(_, seq)| seq))
            .collect()
    }

    fn setup() -> (Tracks, ConversationId, Instant) {
        let conversation = ConversationId::new(&ManualClock::default(), &SeededRng::new(1));
        let mut tracks = Tracks::new(FanoutLimits::default());
        tracks.follow(conversation, 10);
        (tracks, conversation, Instant::now())
    }

    #[test]
    fn an_early_event_waits_for_the_one_before_it() {
        let (mut tracks, id, now) = setup();
        assert_eq!(seqs(&tracks.arrived(entry(id, 12), now)), [0; 0]);
        assert_eq!(tracks.next_late(), Some(now + Duration::from_millis(200)));
        assert_eq!(seqs(&tracks.arrived(entry(id, 11), now)), [11, 12]);
        assert_eq!(tracks.next_late(), None);
        assert_eq!(seqs(&tracks.arrived(entry(id, 11), now)), [0; 0]);
    }

    #[test]
    fn a_gap_is_filled_from_the_store_once() {
        let (mut tracks, id, now) = setup();
        tracks.arrived(entry(id, 13), now);
        assert!(tracks.overdue(now).is_empty());
        let later = now + Duration::from_millis(200);
        assert_eq!(tracks.overdue(later), [(id, 10)]);
        let found = vec![entry(id, 11), entry(id, 12), entry(id, 13), entry(id, 14)];
        assert_eq!(seqs(&tracks.fetched(id, found, later)), [11, 12, 13, 14]);
        assert_eq!(tracks.next_late(), None);
    }

    #[test]
    fn a_lost_last_event_is_found_by_the_head() {
        let (mut tracks, id, now) = setup();
        tracks.store_head(id, 10, now);
        assert_eq!(tracks.next_late(), None);
        tracks.store_head(id, 11, now);
        let later = now + Duration::from_millis(200);
        assert_eq!(tracks.overdue(later), [(id, 10)]);
        assert_eq!(seqs(&tracks.fetched(id, vec![entry(id, 11)], later)), [11]);
        assert_eq!(tracks.next_late(), None);
    }

    #[test]
    fn a_store_that_does_not_answer_blocks_nobody_for_ever() {
        let (mut tracks, id, now) = setup();
        tracks.arrived(entry(id, 12), now);
        assert!(tracks.fetched(id, Vec::new(), now).is_empty());
        assert!(tracks.fetched(id, Vec::new(), now).is_empty());
        assert_eq!(seqs(&tracks.fetched(id, Vec::new(), now)), [12]);
        assert_eq!(seqs(&tracks.arrived(entry(id, 13), now)), [13]);
    }

    #[test]
    fn what_nobody_follows_is_not_kept() {
        let (mut tracks, id, now) = setup();
        tracks.arrived(entry(id, 12), now);
        tracks.unfollow(id);
        assert!(tracks.conversations().is_empty());
        assert_eq!(tracks.next_late(), None);
        assert_eq!(seqs(&tracks.arrived(entry(id, 20), now)), [20]);
    }
}
