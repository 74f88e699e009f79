//! Conversations as one member sees them: head, read mark, unread. Everything comes out of the rows
//! of conversation and participants, so that a page costs one query whatever is in the logs.

use std::collections::HashMap;

use kernel::Instant;
use sea_orm::{
    ConnectionTrait as _, FromQueryResult,
    sea_query::{Condition, Expr, ExprTrait as _, JoinType, Order, Query, SelectStatement},
};
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{ConversationId, ConversationKind, MemberId};
use tenancy_store::{Page, PageRequest, TenantTx};

/// A conversation as a participant sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Which.
    pub id: ConversationId,
    /// Of what kind.
    pub kind: ConversationKind,
    /// The stored title; none for a direct conversation, which is called after the other person.
    pub title: Option<String>,
    /// The other person of a direct conversation.
    pub peer: Option<MemberId>,
    /// Sequence of the last entry.
    pub head_seq: i64,
    /// The member's own read mark.
    pub read_seq: i64,
    /// The other person's read mark (direct).
    pub peer_read_seq: Option<i64>,
    /// Messages of others behind the read mark.
    pub unread: i64,
    /// When the last entry was written.
    pub changed_at: Instant,
    /// When anything above last changed for this member, read marks included.
    pub(crate) active_at: Instant,
}

/// A row of [`select`].
#[derive(Debug, FromQueryResult)]
struct Row {
    id: ConversationId,
    kind: ConversationKind,
    title: Option<String>,
    head_seq: i64,
    count: i64,
    changed_at: Instant,
    read_seq: i64,
    read_count: i64,
    own_count: i64,
    own_read: i64,
    peer: Option<MemberId>,
    peer_read_seq: Option<i64>,
    active_at: Instant,
}

/// One conversation of the acting member.
///
/// # Errors
/// `NOT_FOUND` when it does not exist or the member is not in it.
pub async fn get(ctx: &TenantContext, id: ConversationId) -> Result<Conversation, DomainError> {
    let member = ctx.require_member()?;
    let tx = ctx.store.read().await?;
    one(&tx, member, id).await?.ok_or(DomainError::NOT_FOUND)
}

/// Those of `ids` that the acting member is in.
///
/// # Errors
/// The actor is no member, or the database is away.
pub async fn summaries(
    ctx: &TenantContext,
    ids: &[ConversationId],
) -> Result<HashMap<ConversationId, Conversation>, DomainError> {
    let member = ctx.require_member()?;
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let tx = ctx.store.read().await?;
    let mut query = select(member);
    query.and_where(Expr::col(("c", "id")).is_in(padded(ids)));
    let found = fetch(&tx, &query).await?;
    Ok(found.into_iter().map(|found| (found.id, found)).collect())
}

/// The acting member's conversations, newest activity first.
///
/// # Errors
/// The actor is no member, the cursor is none of this list, or the database is away.
pub async fn list(
    ctx: &TenantContext,
    page: &PageRequest,
) -> Result<Page<Conversation>, DomainError> {
    let member = ctx.require_member()?;
    let tx = ctx.store.read().await?;
    let mut query = select(member);
    if let Some((at, id)) = page.position::<(Instant, ConversationId)>()? {
        let same = Expr::col(("c", "changed_at")).eq(at);
        let position = Condition::any()
            .add(Expr::col(("c", "changed_at")).lt(at))
            .add(same.and(Expr::col(("c", "id")).lt(id)));
        query.cond_where(position);
    }
    query
        .order_by(("c", "changed_at"), Order::Desc)
        .order_by(("c", "id"), Order::Desc)
        .limit(page.fetch());
    let rows = fetch(&tx, &query).await?;
    let total = count(&tx, member).await?;
    Ok(page.page(rows, total, |row| (row.changed_at, row.id)))
}

/// One conversation of `member`, if they are in it.
pub(crate) async fn one(
    tx: &TenantTx,
    member: MemberId,
    id: ConversationId,
) -> Result<Option<Conversation>, DomainError> {
    let mut query = select(member);
    query.and_where(Expr::col(("c", "id")).eq(id));
    Ok(fetch(tx, &query).await?.pop())
}

/// When the conversation last changed for the member of [`select`]: its log, or a read mark shown
/// with it. (SQLite's `MAX` of several is PostgreSQL's `GREATEST`; `CASE` is both.)
pub(crate) fn active_at() -> Expr {
    let log = || Expr::col(("c", "changed_at"));
    let own = || Expr::col(("p", "changed_at"));
    let peer = || Expr::col(("q", "changed_at"));
    let later = |a: Expr, b: Expr, otherwise: Expr| {
        Expr::case(Condition::all().add(a.clone().gt(b)), a).finally(otherwise)
    };
    // Without a peer the comparison is null, which is not true.
    let log_or_own = later(own(), log(), log());
    let peer_is_last = Condition::all().add(peer().gt(log())).add(peer().gt(own()));
    Expr::case(peer_is_last, peer()).finally(log_or_own).into()
}

/// The conversations that `member` is in: `c` with the member's open interval `p`, and `q`, that of
/// the other person of a direct conversation.
pub(crate) fn select(member: MemberId) -> SelectStatement {
    let peer = Condition::all()
        .add(Expr::col(("c", "kind")).eq(ConversationKind::Direct))
        .add(Expr::col(("q", "conversation_id")).equals(("c", "id")))
        .add(Expr::col(("q", "member_id")).not_equals(("p", "member_id")));
    let mut query = Query::select();
    query
        .columns(["id", "kind", "title", "head_seq", "count", "changed_at"].map(|it| ("c", it)))
        .columns(["read_seq", "read_count", "own_count", "own_read"].map(|it| ("p", it)))
        .expr_as(Expr::col(("q", "member_id")), "peer")
        .expr_as(Expr::col(("q", "read_seq")), "peer_read_seq")
        .expr_as(active_at(), "active_at")
        .from_as("participant", "p")
        .join_as(
            JoinType::InnerJoin,
            "conversation",
            "c",
            Expr::col(("c", "id")).equals(("p", "conversation_id")),
        )
        .join_as(JoinType::LeftJoin, "participant", "q", peer)
        .and_where(Expr::col(("p", "member_id")).eq(member))
        .and_where(Expr::col(("p", "to_seq")).is_null());
    query
}

/// Runs a query that was made by [`select`].
pub(crate) async fn fetch(
    tx: &TenantTx,
    query: &SelectStatement,
) -> Result<Vec<Conversation>, DomainError> {
    let rows = tx.query_all(query).await?;
    let parsed = rows.iter().map(|row| Row::from_query_result(row, ""));
    let summaries: Result<Vec<_>, _> = parsed.map(|row| row.map(Conversation::from)).collect();
    Ok(summaries?)
}

async fn count(tx: &TenantTx, member: MemberId) -> Result<u64, DomainError> {
    let query = Query::select()
        .expr_as(Expr::col("conversation_id").count(), "total")
        .from("participant")
        .and_where(Expr::col("member_id").eq(member))
        .and_where(Expr::col("to_seq").is_null())
        .to_owned();
    let Some(row) = tx.query_one(&query).await? else {
        return Ok(0);
    };
    let total: i64 = row.try_get("", "total")?;
    Ok(u64::try_from(total).unwrap_or(0))
}

/// `ids` with the last one repeated up to a power of two, so that a list of any length is one of a
/// few statements, each prepared once.
pub(crate) fn padded<T: Copy>(ids: &[T]) -> Vec<T> {
    let mut padded = ids.to_vec();
    if let Some(last) = ids.last() {
        padded.resize(ids.len().next_power_of_two(), *last);
    }
    padded
}

impl From<Row> for Conversation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            title: row.title,
            peer: row.peer,
            head_seq: row.head_seq,
            read_seq: row.read_seq,
            peer_read_seq: row.peer_read_seq,
            unread: (row.count - row.read_count) - (row.own_count - row.own_read),
            changed_at: row.changed_at,
            active_at: row.active_at,
        }
    }
}
