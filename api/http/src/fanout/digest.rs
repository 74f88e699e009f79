//! The digest of a member's heads, kept along with every event instead of made anew. A client whose
//! own digest differs has missed something and syncs.

use tenancy_chat::heads_digest;
use tenancy_model::ConversationId;

/// What one conversation adds to the digest.
fn share(conversation: ConversationId, head: i64) -> u32 {
    heads_digest([(conversation, head)])
}

/// Where the conversations of one member stand, with the digest kept along.
#[derive(Debug, Default)]
pub struct Heads {
    /// Sorted by conversation.
    list: Vec<(ConversationId, i64)>,
    digest: u32,
}

impl Heads {
    /// The digest.
    #[must_use]
    pub fn digest(&self) -> u32 {
        self.digest
    }

    /// The conversations.
    pub fn conversations(&self) -> impl Iterator<Item = ConversationId> + '_ {
        self.list.iter().map(|(conversation, _)| *conversation)
    }

    /// Moves a head forward; `true` if the conversation is new to the member.
    pub fn moved(&mut self, conversation: ConversationId, seq: i64) -> bool {
        match self
            .list
            .binary_search_by_key(&conversation, |(known, _)| *known)
        {
            Ok(place) => {
                let head = &mut self.list[place].1;
                if seq > *head {
                    self.digest ^= share(conversation, *head) ^ share(conversation, seq);
                    *head = seq;
                }
                false
            }
            Err(place) => {
                self.list.insert(place, (conversation, seq));
                self.digest ^= share(conversation, seq);
                true
            }
        }
    }

    /// Takes over what the store says: which conversations there are, and heads that are further.
    pub fn refresh(&mut self, mut from_store: Vec<(ConversationId, i64)>) {
        from_store.sort_unstable();
        for (conversation, head) in &mut from_store {
            if let Ok(place) = self
                .list
                .binary_search_by_key(conversation, |(known, _)| *known)
            {
                *head = (*head).max(self.list[place].1);
            }
        }
        self.digest = heads_digest(from_store.iter().copied());
        self.list = from_store;
    }
}

#[cfg(test)]
mod tests {
    use kernel::{ManualClock, SeededRng};

    use super::*;

    #[test]
    fn the_digest_kept_along_is_the_digest_from_scratch() {
        let (clock, rng) = (ManualClock::default(), SeededRng::new(5));
        let ids: Vec<_> = (0..5).map(|_| ConversationId::new(&clock, &rng)).collect();
        let mut heads = Heads::default();
        for (place, id) in ids.iter().enumerate() {
            assert!(heads.moved(*id, 1));
            assert!(!heads.moved(*id, 2 + i64::try_from(place).unwrap()));
            heads.moved(*id, 1);
        }
        let mut scratch = Heads::default();
        scratch.refresh(ids.iter().zip(2..).map(|(id, head)| (*id, head)).collect());
        assert_eq!(heads.digest(), scratch.digest());
        heads.refresh(vec![(ids[0], 1)]);
        assert_eq!(heads.digest(), share(ids[0], 2));
        assert_eq!(heads.conversations().count(), 1);
    }
}
