//! What is published on the bus of a tenant: hints for live sockets. Nothing here is needed for
//! correctness: whoever misses an event finds the gap by its sequence (DESIGN.md 5).

use kernel::Instant;
use serde::{Deserialize, Serialize};

use crate::{
    Attachment, ConversationId, EntryKind, MemberId, MessageId, SessionEndReason, SessionId,
    TenantId, UploadId, UploadState,
};

/// One event of one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantEvent {
    /// Whose bus.
    pub tenant: TenantId,
    /// What happened.
    pub body: EventBody,
}

/// The bus topic of a tenant's events.
#[must_use]
pub fn topic(tenant: TenantId) -> String {
    format!("tenant:{}", tenant.uuid().simple())
}

/// What happened. No variant carries anything that depends on who hears it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventBody {
    /// A new entry of a conversation's log.
    Entry {
        /// Which log.
        conversation: ConversationId,
        /// The entry's id.
        id: MessageId,
        /// Its place, gapless.
        seq: i64,
        /// What it is.
        kind: EntryKind,
        /// Who wrote it, and their name as of then.
        author: Option<(MemberId, String)>,
        /// The author's own id of it.
        nonce: Option<String>,
        /// What a message says.
        text: Option<String>,
        /// The files it carries.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
        /// Countable messages up to and including it.
        count_to: i64,
        /// When it was written.
        created_at: Instant,
    },
    /// A member's read mark moved forward.
    ReadMark {
        /// Where.
        conversation: ConversationId,
        /// Whose.
        member: MemberId,
        /// How far.
        seq: i64,
    },
    /// A conversation is new to these members, or its settings changed.
    Conversation {
        /// Which.
        conversation: ConversationId,
        /// To whom it is new, or everybody in it.
        members: Vec<MemberId>,
    },
    /// Departments or members changed.
    Directory {
        /// Differs from the version before.
        version: String,
    },
    /// A member came or went.
    Presence {
        /// Who.
        member: MemberId,
        /// Whether any device of theirs is connected.
        online: bool,
    },
    /// An upload of a member moved on; for that member alone.
    Upload {
        /// Which.
        upload: UploadId,
        /// Whose.
        member: MemberId,
        /// Where it stands now.
        state: UploadState,
    },
    /// A session ended: its sockets are told and closed.
    SessionEnded {
        /// Which.
        session: SessionId,
        /// Why.
        reason: SessionEndReason,
        /// Which device replaced it, in words.
        by: Option<String>,
    },
    /// The tenant's handle closed (suspended, closing, erased): every socket goes.
    TenantClosed,
}
