//! The live feed. An event is executed once per distinct document, without a viewer, and its bytes
//! go to every socket that sent this document (DESIGN.md 6); so the types here are their own and
//! reach nothing that depends on who hears them. A test walks the schema from here and fails
//! otherwise.

use async_graphql::{Context, ID, SimpleObject, Subscription, Union};
use chrono::{DateTime, Utc};
use futures::{Stream, stream};
use tenancy_model::{EventBody, TenantEvent};

use super::file::File;
use crate::{
    enums::{EntryKind, SessionEndReason, UploadState},
    id::print,
    int::int,
};

/// Subscriptions of /graphql.
pub struct Subscription;

#[Subscription]
impl Subscription {
    /// Everything this session may hear. One execution serves all sockets that sent the same
    /// document; nothing here depends on the viewer.
    async fn events(&self, ctx: &Context<'_>) -> impl Stream<Item = Event> {
        // The edge runs this document once for each event and puts the event beside it; a run
        // without one only checks the document.
        let event = ctx.data_opt::<TenantEvent>().and_then(Event::of);
        stream::iter(event)
    }
}

/// What a socket can hear.
#[derive(Union)]
pub enum Event {
    /// A new entry.
    Message(MessageEvent),
    /// A read mark moved.
    ReadMark(ReadMarkEvent),
    /// A conversation is new or changed.
    Conversation(ConversationEvent),
    /// Departments or members changed.
    Directory(DirectoryEvent),
    /// A member came or went.
    Presence(PresenceEvent),
    /// An upload of this member moved on.
    Upload(UploadEvent),
    /// The session ended.
    SessionEnded(SessionEndedEvent),
}

/// A new entry of a conversation's log.
#[derive(SimpleObject)]
pub struct MessageEvent {
    conversation_id: ID,
    id: ID,
    seq: i32,
    kind: EntryKind,
    author_id: Option<ID>,
    author_name: Option<String>,
    nonce: Option<String>,
    text: Option<String>,
    /// The files it carries.
    attachments: Vec<File>,
    count_to: i32,
    created_at: DateTime<Utc>,
}

/// Somebody's read mark moved.
#[derive(SimpleObject)]
pub struct ReadMarkEvent {
    conversation_id: ID,
    member_id: ID,
    seq: i32,
}

/// A conversation is new to this member, or its settings changed: fetch it.
#[derive(SimpleObject)]
pub struct ConversationEvent {
    conversation_id: ID,
}

/// Departments or members changed: refetch what is shown.
#[derive(SimpleObject)]
pub struct DirectoryEvent {
    version: String,
}

/// A member came or went.
#[derive(SimpleObject)]
pub struct PresenceEvent {
    member_id: ID,
    online: bool,
}

/// An upload of this member moved on: READY and REFUSED are its ends. Fetch it.
#[derive(SimpleObject)]
pub struct UploadEvent {
    upload_id: ID,
    state: UploadState,
}

/// This session has ended; the socket closes with 4403 right after.
#[derive(SimpleObject)]
pub struct SessionEndedEvent {
    reason: SessionEndReason,
    /// Which device replaced it, in words.
    by: Option<String>,
}

impl Event {
    fn of(event: &TenantEvent) -> Option<Self> {
        Some(match event.body.clone() {
            EventBody::Entry { .. } => Self::Message(MessageEvent::of(event.body.clone())?),
            EventBody::ReadMark {
                conversation,
                member,
                seq,
            } => Self::ReadMark(ReadMarkEvent {
                conversation_id: print(conversation),
                member_id: print(member),
                seq: int(seq),
            }),
            EventBody::Conversation { conversation, .. } => Self::Conversation(ConversationEvent {
                conversation_id: print(conversation),
            }),
            EventBody::Directory { version } => Self::Directory(DirectoryEvent { version }),
            EventBody::Presence { member, online } => Self::Presence(PresenceEvent {
                member_id: print(member),
                online,
            }),
            EventBody::Upload { upload, state, .. } => Self::Upload(UploadEvent {
                upload_id: print(upload),
                state: state.into(),
            }),
            EventBody::SessionEnded { reason, by, .. } => Self::SessionEnded(SessionEndedEvent {
                reason: reason.into(),
                by,
            }),
            EventBody::TenantClosed => Self::SessionEnded(SessionEndedEvent {
                reason: SessionEndReason::TenantClosed,
                by: None,
            }),
        })
    }
}

impl MessageEvent {
    fn of(body: EventBody) -> Option<Self> {
        let EventBody::Entry {
            conversation,
            id,
            seq,
            kind,
            author,
            nonce,
            text,
            attachments,
            count_to,
            created_at,
        } = body
        else {
            return None;
        };
        let (author_id, author_name) = author.map(|(id, name)| (print(id), name)).unzip();
        Some(Self {
            conversation_id: print(conversation),
            id: print(id),
            seq: int(seq),
            kind: kind.into(),
            author_id,
            author_name,
            nonce,
            text,
            attachments: attachments.into_iter().map(File::heard).collect(),
            count_to: int(count_to),
            created_at,
        })
    }
}
