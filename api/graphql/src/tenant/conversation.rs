//! Conversations as one member sees them, and what changed since a position.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use tenancy_access::TenantContext;
use tenancy_chat::{self as chat, OpenDirectInput, ReadMarkInput, SyncInput};
use tenancy_model::{ConversationId, MemberId};

use super::{
    loader,
    member::Member,
    message::{self, Entry, EntryConnection},
};
use crate::{
    context::{LimitedAction, language, limit_member, tenant},
    enums::ConversationKind,
    error::{ProblemObject, domain, refused},
    id::{parse, print},
    int::int,
    page::{self, connection},
};

/// A conversation as this member sees it.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Conversation {
    #[graphql(owned)]
    pub(super) id: ID,
    #[graphql(skip)]
    key: ConversationId,
    #[graphql(skip)]
    head: i64,
    #[graphql(skip)]
    own_title: Option<String>,
    #[graphql(skip)]
    peer_id: Option<MemberId>,
    kind: ConversationKind,
    /// The sequence of the last entry.
    head_seq: i32,
    /// The read mark of this member.
    read_seq: i32,
    /// The other person's read mark (direct).
    peer_read_seq: Option<i32>,
    unread: i32,
    changed_at: DateTime<Utc>,
}

connection!(ConversationConnection, ConversationEdge, Conversation);

#[ComplexObject]
impl Conversation {
    /// For a direct conversation the other person's name.
    async fn title(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        let Some(peer) = self.peer_id else {
            return Ok(self.own_title.clone().unwrap_or_default());
        };
        Ok(loader::member(ctx, peer)
            .await?
            .map(|member| member.full_name().to_owned())
            .unwrap_or_default())
    }

    /// The other person of a direct conversation.
    async fn peer(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Member>> {
        match self.peer_id {
            Some(peer) => loader::member(ctx, peer).await,
            None => Ok(None),
        }
    }

    /// The last entry that this member may read.
    async fn last_entry(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Entry>> {
        loader::last_entry(ctx, self.key, self.head).await
    }

    /// The log in order; `last`/`before` page back from the end, `first`/`after` forward. A cursor
    /// is the entry's sequence as a decimal.
    async fn entries(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> async_graphql::Result<EntryConnection> {
        let caller = tenant(ctx)?;
        let range = message::range((first, after), (last, before))?;
        message::page(caller, self.key, range).await
    }
}

impl From<chat::Conversation> for Conversation {
    fn from(conversation: chat::Conversation) -> Self {
        Self {
            id: print(conversation.id),
            key: conversation.id,
            head: conversation.head_seq,
            own_title: conversation.title,
            peer_id: conversation.peer,
            kind: conversation.kind.into(),
            head_seq: int(conversation.head_seq),
            read_seq: int(conversation.read_seq),
            peer_read_seq: conversation.peer_read_seq.map(int),
            unread: int(conversation.unread),
            changed_at: conversation.changed_at,
        }
    }
}

/// What changed.
#[derive(SimpleObject)]
pub struct SyncPage {
    conversations: Vec<Conversation>,
    /// Send it with the next call. Overlaps on purpose: what comes twice is equal.
    position: String,
    more: bool,
}

/// Whom to talk to.
#[derive(InputObject)]
pub struct ConversationOpenDirectInput {
    member_id: ID,
}

/// The conversation, made or found.
#[derive(SimpleObject)]
pub struct ConversationOpenDirectPayload {
    problem: Option<ProblemObject>,
    conversation: Option<Conversation>,
}

/// How far one has read.
#[derive(InputObject)]
pub struct ReadMarkMoveInput {
    conversation_id: ID,
    seq: i32,
}

/// The conversation with its new read mark.
#[derive(SimpleObject)]
pub struct ReadMarkMovePayload {
    problem: Option<ProblemObject>,
    conversation: Option<Conversation>,
}

/// One conversation; `NOT_FOUND` when the caller is not in it.
pub(super) async fn get(
    caller: &TenantContext,
    id: ConversationId,
) -> async_graphql::Result<Conversation> {
    chat::get(caller, id)
        .await
        .map(Conversation::from)
        .map_err(domain)
}

#[derive(Default)]
pub(super) struct ConversationQuery;

#[Object]
impl ConversationQuery {
    /// Newest activity first.
    async fn conversations(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> async_graphql::Result<ConversationConnection> {
        let caller = tenant(ctx)?;
        let request = page::request(first, after.clone())?;
        let found = chat::list(caller, &request).await.map_err(domain)?;
        Ok(ConversationConnection::new(
            found,
            after.as_ref(),
            Conversation::from,
        ))
    }

    /// One conversation.
    async fn conversation(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<Conversation>> {
        get(tenant(ctx)?, parse(&id)?).await.map(Some)
    }

    /// What changed for this member since `position` (absent: everything), oldest change first;
    /// repeat until `more` is false.
    async fn sync(
        &self,
        ctx: &Context<'_>,
        position: Option<String>,
        #[graphql(default = 100)] first: i32,
    ) -> async_graphql::Result<SyncPage> {
        limit_member(ctx, LimitedAction::Sync).await?;
        let input = SyncInput { position, first };
        let found = chat::sync(tenant(ctx)?, &input).await.map_err(domain)?;
        Ok(SyncPage {
            conversations: found.conversations.into_iter().map(Into::into).collect(),
            position: found.position,
            more: found.more,
        })
    }
}

#[derive(Default)]
pub(super) struct ConversationMutation;

#[Object]
impl ConversationMutation {
    /// Opens the one conversation of this member and a colleague (MSG-01, MSG-02).
    async fn conversation_open_direct(
        &self,
        ctx: &Context<'_>,
        input: ConversationOpenDirectInput,
    ) -> async_graphql::Result<ConversationOpenDirectPayload> {
        let caller = tenant(ctx)?;
        let verb = OpenDirectInput {
            member: parse(&input.member_id)?,
        };
        let opened = chat::open_direct(caller, &verb).await;
        Ok(match refused(opened, language(ctx))? {
            Ok(conversation) => ConversationOpenDirectPayload {
                problem: None,
                conversation: Some(conversation.into()),
            },
            Err(problem) => ConversationOpenDirectPayload {
                problem: Some(problem),
                conversation: None,
            },
        })
    }

    /// Moves the read mark, only forward.
    async fn read_mark_move(
        &self,
        ctx: &Context<'_>,
        input: ReadMarkMoveInput,
    ) -> async_graphql::Result<ReadMarkMovePayload> {
        let caller = tenant(ctx)?;
        let verb = ReadMarkInput {
            conversation: parse(&input.conversation_id)?,
            seq: input.seq.into(),
        };
        let moved = chat::move_read_mark(caller, &verb).await;
        Ok(match refused(moved, language(ctx))? {
            Ok(conversation) => ReadMarkMovePayload {
                problem: None,
                conversation: Some(conversation.into()),
            },
            Err(problem) => ReadMarkMovePayload {
                problem: Some(problem),
                conversation: None,
            },
        })
    }
}
