//! Messages: the log of a conversation, and sending.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use tenancy_access::TenantContext;
use tenancy_chat::{self as chat, EntriesInput, EntryRange, SendFiles, SendFolder, SendInput};
use tenancy_model::{ConversationId, MemberId, MessageId};

use super::{file::File, loader, member::Member};
use crate::{
    Gateway,
    context::{LimitedAction, language, limit_member, tenant},
    enums::EntryKind,
    error::{ProblemObject, domain, refused},
    id::{parse, print},
    int::int,
    page::PageInfo,
};

/// One entry of a conversation's log.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Entry {
    #[graphql(owned)]
    pub(super) id: ID,
    conversation_id: ID,
    /// Its place, gapless.
    seq: i32,
    kind: EntryKind,
    #[graphql(skip)]
    author_id: Option<MemberId>,
    /// The author's own id of it.
    nonce: Option<String>,
    text: Option<String>,
    /// The files it carries; each says whether it is still there.
    attachments: Vec<File>,
    /// Countable messages up to and including it.
    count_to: i32,
    created_at: DateTime<Utc>,
}

/// A page of a log.
#[derive(SimpleObject)]
pub struct EntryConnection {
    edges: Vec<EntryEdge>,
    page_info: PageInfo,
}

/// One entry of a page.
#[derive(SimpleObject)]
pub struct EntryEdge {
    /// The sequence as a decimal.
    cursor: String,
    node: Entry,
}

#[ComplexObject]
impl Entry {
    /// Null for entries nobody wrote.
    async fn author(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Member>> {
        match self.author_id {
            Some(author) => loader::member(ctx, author).await,
            None => Ok(None),
        }
    }
}

impl From<chat::Entry> for Entry {
    fn from(entry: chat::Entry) -> Self {
        Self {
            id: print(entry.id),
            conversation_id: print(entry.conversation),
            seq: int(entry.seq),
            kind: entry.kind.into(),
            author_id: entry.author.map(|(id, _)| id),
            nonce: entry.nonce,
            text: entry.text,
            attachments: entry.attachments.into_iter().map(File::from).collect(),
            count_to: int(entry.count_to),
            created_at: entry.created_at,
        }
    }
}

/// `nonce` is the client's own id of this message, 8 to 64 characters; the same nonce again answers
/// the first entry.
#[derive(InputObject)]
pub struct MessageSendInput {
    conversation_id: ID,
    nonce: String,
    /// May be absent where files are sent.
    text: Option<String>,
    /// Own files that are READY and part of no message; at most 9 with the folder.
    #[graphql(default)]
    attachment_ids: Vec<ID>,
    folder: Option<MessageFolderInput>,
}

/// Files that are sent as one folder.
#[derive(InputObject)]
pub struct MessageFolderInput {
    name: String,
    /// 1 to 1,000.
    files: Vec<MessageFolderFileInput>,
}

/// A file of a folder: own, READY, part of no message.
#[derive(InputObject)]
pub struct MessageFolderFileInput {
    file_id: ID,
    /// Below the folder, with its own name: `reports/2026/may.pdf`; at most 16 levels.
    path: String,
}

/// The message is on disk.
#[derive(SimpleObject)]
pub struct MessageSendPayload {
    problem: Option<ProblemObject>,
    entry: Option<Entry>,
    /// True when this nonce had been sent before.
    duplicate: bool,
}

/// The range of Relay's four arguments.
pub(super) fn range(
    (first, after): (Option<i32>, Option<String>),
    (last, before): (Option<i32>, Option<String>),
) -> async_graphql::Result<EntryRange> {
    EntryRange::new(first, after.as_deref(), last, before.as_deref())
        .map_err(|problem| domain(problem.into()))
}

/// A page of a conversation's log.
pub(super) async fn page(
    caller: &TenantContext,
    conversation: ConversationId,
    range: EntryRange,
) -> async_graphql::Result<EntryConnection> {
    let input = EntriesInput {
        conversation,
        range,
    };
    let found = chat::entries(caller, &input).await.map_err(domain)?;
    let edges: Vec<_> = found
        .entries
        .into_iter()
        .map(|entry| EntryEdge {
            cursor: entry.seq.to_string(),
            node: entry.into(),
        })
        .collect();
    Ok(EntryConnection {
        page_info: PageInfo {
            has_next_page: found.has_next,
            has_previous_page: found.has_previous,
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        },
        edges,
    })
}

/// One entry; `NOT_FOUND` when the caller may not read it.
pub(super) async fn get(caller: &TenantContext, id: MessageId) -> async_graphql::Result<Entry> {
    chat::find_entry(caller, id)
        .await
        .map(Entry::from)
        .map_err(domain)
}

fn files(ids: &[ID], folder: Option<MessageFolderInput>) -> async_graphql::Result<SendFiles> {
    let folder = match folder {
        Some(folder) => Some(SendFolder {
            name: folder.name,
            files: folder
                .files
                .into_iter()
                .map(|file| Ok((parse(&file.file_id)?, file.path)))
                .collect::<async_graphql::Result<_>>()?,
        }),
        None => None,
    };
    Ok(SendFiles {
        attachments: ids.iter().map(parse).collect::<Result<_, _>>()?,
        folder,
    })
}

#[derive(Default)]
pub(super) struct MessageMutation;

#[Object]
impl MessageMutation {
    /// Sends a message; answered when it is on disk.
    async fn message_send(
        &self,
        ctx: &Context<'_>,
        input: MessageSendInput,
    ) -> async_graphql::Result<MessageSendPayload> {
        limit_member(ctx, LimitedAction::Send).await?;
        let verb = SendInput {
            conversation: parse(&input.conversation_id)?,
            nonce: input.nonce,
            text: input.text.unwrap_or_default(),
            files: files(&input.attachment_ids, input.folder)?,
        };
        let sent = ctx.data::<Gateway>()?.chat.send(tenant(ctx)?, verb).await;
        Ok(match refused(sent, language(ctx))? {
            Ok(sent) => MessageSendPayload {
                problem: None,
                entry: Some(sent.entry.into()),
                duplicate: sent.duplicate,
            },
            Err(problem) => MessageSendPayload {
                problem: Some(problem),
                entry: None,
                duplicate: false,
            },
        })
    }
}
