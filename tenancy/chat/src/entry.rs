//! One entry of a log as everybody who may read it sees it.

use kernel::Instant;
use tenancy_model::{Attachment, ConversationId, EntryKind, EventBody, MemberId, MessageId};

use crate::entity::message;

/// One entry of a conversation's log. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: MessageId,
    /// Which log.
    pub conversation: ConversationId,
    /// Its place, gapless from 1.
    pub seq: i64,
    /// What it is.
    pub kind: EntryKind,
    /// Who wrote it, and their name as of then.
    pub author: Option<(MemberId, String)>,
    /// The author's own id of it.
    pub nonce: Option<String>,
    /// What a message says.
    pub text: Option<String>,
    /// The files it carries.
    pub attachments: Vec<Attachment>,
    /// Countable messages up to and including it.
    pub count_to: i64,
    /// When it was written; never earlier than the entry before.
    pub created_at: Instant,
}

impl Entry {
    /// The hint that tells live sockets of it.
    #[must_use]
    pub fn event(&self) -> EventBody {
        EventBody::Entry {
            conversation: self.conversation,
            id: self.id,
            seq: self.seq,
            kind: self.kind,
            author: self.author.clone(),
            nonce: self.nonce.clone(),
            text: self.text.clone(),
            attachments: self.attachments.clone(),
            count_to: self.count_to,
            created_at: self.created_at,
        }
    }
}

impl From<message::Model> for Entry {
    fn from(row: message::Model) -> Self {
        Self {
            id: row.id,
            conversation: row.conversation_id,
            seq: row.seq,
            kind: row.kind,
            author: row
                .author_id
                .map(|author| (author, row.author_name.unwrap_or_default())),
            nonce: row.nonce,
            text: row.text,
            attachments: row.attachments.map_or_else(Vec::new, |said| said.0),
            count_to: row.count_to,
            created_at: row.created_at,
        }
    }
}
