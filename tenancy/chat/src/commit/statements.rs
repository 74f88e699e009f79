//! The statements of a batch. Each is one text, whatever the number of rows, and made once in a
//! process.

use std::collections::BTreeMap;

use kernel::Instant;
use sea_orm::{
    DbBackend, IdenStatic as _, Iterable as _, Statement,
    sea_query::{Expr, ExprTrait as _, IntoIden as _, Query, SelectStatement, TableRef},
};
use tenancy_model::{ConversationId, MemberId};
use tenancy_store::{
    StoreError, Template,
    rows::{ROWS, RowTime, RowType, Rows},
};

use super::transaction::SendRow;
use crate::{entity::conversation, entry::Entry};

/// Own messages by conversation, author and beginning of the interval.
pub(super) type OwnCounts = BTreeMap<(ConversationId, MemberId, i64), i64>;

/// Conversations by id, in the order of their ids, locked.
static LOCK: Template = Template::new(&[("id", RowType::Id)], |ids, backend| {
    let columns: Vec<_> = conversation::Column::iter()
        .map(|column| column.as_str())
        .collect();
    let query = ids.lock(backend, "conversation", &columns, &[("id", "id")]);
    Ok(backend.build(&query))
});

static CHECK: Template = Template::new(
    &[
        ("place", RowType::Integer),
        ("conversation", RowType::Id),
        ("author", RowType::Id),
        ("nonce", RowType::Text),
    ],
    |rows, backend| Ok(backend.build(&check_query(rows.select(backend)))),
);

const ENTRY: &[(&str, RowType)] = &[
    ("conversation_id", RowType::Id),
    ("seq", RowType::Integer),
    ("id", RowType::Id),
    ("kind", RowType::Text),
    ("author_id", RowType::Id),
    ("author_name", RowType::Text),
    ("nonce", RowType::Text),
    ("text", RowType::Text),
    ("attachments", RowType::Json),
    ("count_to", RowType::Integer),
    ("created_at", RowType::Time),
];

static INSERT_ENTRIES: Template = Template::new(ENTRY, |rows, backend| {
    let mut insert = Query::insert();
    insert
        .into_table("message")
        .columns(ENTRY.iter().map(|(name, _)| *name))
        .select_from(rows.select(backend))
        .map_err(inconsistent)?;
    Ok(backend.build(&insert))
});

static UPDATE_HEADS: Template = Template::new(
    &[
        ("id", RowType::Id),
        ("head_seq", RowType::Integer),
        ("count", RowType::Integer),
        ("changed_at", RowType::Time),
    ],
    |rows, backend| {
        let mut update = Query::update();
        update
            .table("conversation")
            .value("head_seq", Expr::col((ROWS, "head_seq")))
            .value("count", Expr::col((ROWS, "count")))
            .value("changed_at", Expr::col((ROWS, "changed_at")))
            .from(from_rows(rows, backend))
            .and_where(Expr::col(("conversation", "id")).equals((ROWS, "id")));
        Ok(backend.build(&update))
    },
);

static UPDATE_OWN_COUNTS: Template = Template::new(
    &[
        ("conversation_id", RowType::Id),
        ("member_id", RowType::Id),
        ("from_seq", RowType::Integer),
        ("added", RowType::Integer),
    ],
    |rows, backend| {
        let counted = Expr::col(("participant", "own_count")).add(Expr::col((ROWS, "added")));
        let key = |column: &'static str| Expr::col(("participant", column)).equals((ROWS, column));
        let mut update = Query::update();
        update
            .table("participant")
            .value("own_count", counted)
            .from(from_rows(rows, backend))
            .and_where(key("conversation_id"))
            .and_where(key("member_id"))
            .and_where(key("from_seq"));
        Ok(backend.build(&update))
    },
);

/// Locks the conversations of `rows`.
pub(super) fn lock(rows: &[SendRow], backend: DbBackend) -> Result<Statement, StoreError> {
    let mut ids: Vec<ConversationId> = rows.iter().map(|row| row.conversation).collect();
    ids.sort_unstable();
    ids.dedup();
    let ids: Vec<_> = ids.into_iter().map(|id| (id.uuid(),)).collect();
    LOCK.with(backend, &ids)
}

/// Asks what the database knows about each of `rows`.
pub(super) fn check(rows: &[SendRow], backend: DbBackend) -> Result<Statement, StoreError> {
    let rows = rows.iter().enumerate().map(|(place, row)| {
        let ids = (row.conversation.uuid(), row.author.uuid());
        (place, ids.0, ids.1, row.nonce.as_str())
    });
    CHECK.with(backend, &rows.collect::<Vec<_>>())
}

/// Appends `entries`.
pub(super) fn insert_entries(
    entries: &[Entry],
    backend: DbBackend,
) -> Result<Statement, StoreError> {
    let rows = entries
        .iter()
        .map(|entry| {
            Ok((
                entry.conversation.uuid(),
                entry.seq,
                entry.id.uuid(),
                entry.kind,
                entry.author.as_ref().map(|(id, _)| id.uuid()),
                entry.author.as_ref().map(|(_, name)| name.as_str()),
                entry.nonce.as_deref(),
                entry.text.as_deref(),
                attachments_text(entry)?,
                entry.count_to,
                RowTime(entry.created_at),
            ))
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    INSERT_ENTRIES.with(backend, &rows)
}

/// Moves the heads of conversations: id, sequence, count and time.
pub(super) fn update_heads(
    heads: impl Iterator<Item = (ConversationId, i64, i64, Instant)>,
    backend: DbBackend,
) -> Result<Statement, StoreError> {
    let heads = heads.map(|(id, seq, count, at)| (id.uuid(), seq, count, RowTime(at)));
    UPDATE_HEADS.with(backend, &heads.collect::<Vec<_>>())
}

/// Adds to the counts of authors' own messages.
pub(super) fn update_own_counts(
    own: &OwnCounts,
    backend: DbBackend,
) -> Result<Statement, StoreError> {
    let rows: Vec<_> = own
        .iter()
        .map(|((conversation, author, from_seq), added)| {
            (conversation.uuid(), author.uuid(), *from_seq, *added)
        })
        .collect();
    UPDATE_OWN_COUNTS.with(backend, &rows)
}

/// Null for the many messages that carry nothing.
fn attachments_text(entry: &Entry) -> Result<Option<String>, StoreError> {
    if entry.attachments.is_empty() {
        return Ok(None);
    }
    let text = serde_json::to_string(&entry.attachments);
    text.map(Some).map_err(inconsistent)
}

/// Every question is a scalar of its own: one probe of an index a row. (A join would let the
/// planner read whole tables while they are young.)
fn check_query(asked: SelectStatement) -> SelectStatement {
    let interval = Query::select()
        .expr(Expr::col(("p", "from_seq")).max())
        .from_as("participant", "p")
        .and_where(Expr::col(("p", "conversation_id")).equals((ROWS, "conversation")))
        .and_where(Expr::col(("p", "member_id")).equals((ROWS, "author")))
        .and_where(Expr::col(("p", "to_seq")).is_null())
        .to_owned();
    let first = Query::select()
        .column(("f", "id"))
        .from_as("message", "f")
        .and_where(Expr::col(("f", "author_id")).equals((ROWS, "author")))
        .and_where(Expr::col(("f", "nonce")).equals((ROWS, "nonce")))
        .to_owned();
    let author = state_of(Expr::col((ROWS, "author")));
    Query::select()
        .column((ROWS, "place"))
        .expr_as(scalar(author), "author_state")
        .expr_as(peer_state(), "peer_state")
        .expr_as(scalar(interval), "from_seq")
        .expr_as(scalar(first), "first")
        .from_subquery(asked, ROWS)
        .to_owned()
}

fn scalar(query: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(query.into()))
}

fn state_of(member: Expr) -> SelectStatement {
    Query::select()
        .column(("m", "state"))
        .from_as("member", "m")
        .and_where(Expr::col(("m", "id")).eq(member))
        .to_owned()
}

/// The state of the other person; of nobody unless the conversation is a direct one, whose
/// participants are few.
fn peer_state() -> Expr {
    let direct = Query::select()
        .expr(Expr::cust("1"))
        .from_as("conversation", "c")
        .and_where(Expr::col(("c", "id")).equals((ROWS, "conversation")))
        .and_where(Expr::col(("c", "direct_key")).is_not_null())
        .to_owned();
    let peer = Query::select()
        .column(("q", "member_id"))
        .from_as("participant", "q")
        .and_where(Expr::col(("q", "conversation_id")).equals((ROWS, "conversation")))
        .and_where(Expr::col(("q", "member_id")).not_equals((ROWS, "author")))
        .limit(1)
        .to_owned();
    Expr::case(Expr::exists(direct), scalar(state_of(scalar(peer)))).into()
}

fn from_rows(rows: &Rows, backend: DbBackend) -> TableRef {
    TableRef::SubQuery(Box::new(rows.select(backend)), ROWS.into_iden())
}

pub(super) fn inconsistent(why: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent {
        what: "batch of sends".to_owned(),
        why: why.to_string(),
    }
}
