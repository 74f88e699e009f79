//! Moves a member's read mark. It moves only forward; what is unread follows from it (DESIGN.md 3).

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _,
    sea_query::{Expr, ExprTrait as _, JoinType, Query},
};
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{ConversationId, EntryKind, EventBody, MemberId};
use tenancy_store::TenantTx;

use crate::{
    conversation::{self, Conversation},
    entity::participant,
    sync::in_time,
};

/// How far the acting member has read.
#[derive(Debug, Clone, Copy)]
pub struct ReadMarkInput {
    /// Where.
    pub conversation: ConversationId,
    /// Sequence of the last entry that was read; more than there is means all.
    pub seq: i64,
}

/// The mark and the head, read in one statement so that they fit together.
#[derive(Debug, FromQueryResult)]
struct Mark {
    head_seq: i64,
    count: i64,
    from_seq: i64,
    read_seq: i64,
    own_count: i64,
    own_read: i64,
}

/// Messages up to the new mark, and the member's own among them.
struct Counts {
    read: i64,
    own: i64,
}

/// Moves the acting member's read mark forward, at most to the head, and returns the conversation
/// as it is then. A mark that is already as far stays.
///
/// # Errors
/// `NOT_FOUND` when there is no such conversation, or the member is not in it.
pub async fn move_read_mark(
    ctx: &TenantContext,
    input: &ReadMarkInput,
) -> Result<Conversation, DomainError> {
    let member = ctx.require_member()?;
    let tx = ctx.store.begin().await?;
    let (conversation, moved_to) = in_time(advance(ctx, tx, (member, *input))).await?;
    if let Some(seq) = moved_to {
        ctx.publish(EventBody::ReadMark {
            conversation: input.conversation,
            member,
            seq,
        })
        .await;
    }
    Ok(conversation)
}

/// The conversation afterwards, and the new mark where it moved.
async fn advance(
    ctx: &TenantContext,
    tx: TenantTx,
    (member, input): (MemberId, ReadMarkInput),
) -> Result<(Conversation, Option<i64>), DomainError> {
    let place = (input.conversation, member);
    let mark = find(&tx, input.conversation, member).await?;
    let seq = Ord::min(input.seq, mark.head_seq);
    let mut moved = false;
    if seq > mark.read_seq {
        let counts = counts_at(&tx, place, &mark, seq).await?;
        moved = store(&tx, place, (mark.from_seq, seq), ctx, &counts).await?;
    }
    let summary = conversation::one(&tx, member, input.conversation)
        .await?
        .ok_or(DomainError::NOT_FOUND)?;
    if moved {
        tx.commit().await?;
    }
    Ok((summary, moved.then_some(seq)))
}

async fn find(
    tx: &TenantTx,
    conversation: ConversationId,
    member: MemberId,
) -> Result<Mark, DomainError> {
    let same = Expr::col(("c", "id")).equals(("p", "conversation_id"));
    let query = Query::select()
        .columns([("c", "head_seq"), ("c", "count")])
        .columns(["from_seq", "read_seq", "own_count", "own_read"].map(|column| ("p", column)))
        .from_as("participant", "p")
        .join_as(JoinType::InnerJoin, "conversation", "c", same)
        .and_where(Expr::col(("p", "conversation_id")).eq(conversation))
        .and_where(Expr::col(("p", "member_id")).eq(member))
        .and_where(Expr::col(("p", "to_seq")).is_null())
        .to_owned();
    let row = tx.query_one(&query).await?.ok_or(DomainError::NOT_FOUND)?;
    Ok(Mark::from_query_result(&row, "")?)
}

/// What is counted up to `seq`. At the head that is known; short of it the member's own messages
/// are counted on the shorter side: between the old mark and the new, or between the new and the
/// head.
async fn counts_at(
    tx: &TenantTx,
    (conversation, member): (ConversationId, MemberId),
    mark: &Mark,
    seq: i64,
) -> Result<Counts, DomainError> {
    if seq == mark.head_seq {
        return Ok(Counts {
            read: mark.count,
            own: mark.own_count,
        });
    }
    let forward = seq - mark.read_seq <= mark.head_seq - seq;
    let (after, to) = if forward {
        (mark.read_seq, seq)
    } else {
        (seq, mark.head_seq)
    };
    let in_log = || Expr::col("conversation_id").eq(conversation);
    let read = Query::select()
        .column("count_to")
        .from("message")
        .and_where(in_log())
        .and_where(Expr::col("seq").eq(seq))
        .to_owned();
    let own = Query::select()
        .expr(Expr::col("seq").count())
        .from("message")
        .and_where(in_log())
        .and_where(Expr::col("seq").gt(after))
        .and_where(Expr::col("seq").lte(to))
        .and_where(Expr::col("author_id").eq(member))
        .and_where(Expr::col("kind").eq(EntryKind::Message))
        .to_owned();
    let query = Query::select()
        .expr_as(Expr::SubQuery(None, Box::new(read.into())), "read")
        .expr_as(Expr::SubQuery(None, Box::new(own.into())), "own")
        .to_owned();
    let row = tx.query_one(&query).await?.ok_or(DomainError::NOT_FOUND)?;
    let (read, own): (i64, i64) = (row.try_get("", "read")?, row.try_get("", "own")?);
    Ok(Counts {
        read,
        own: if forward {
            mark.own_read + own
        } else {
            mark.own_count - own
        },
    })
}

/// Writes the mark unless another device of the member has moved it further meanwhile.
async fn store(
    tx: &TenantTx,
    (conversation, member): (ConversationId, MemberId),
    (from_seq, seq): (i64, i64),
    ctx: &TenantContext,
    counts: &Counts,
) -> Result<bool, DomainError> {
    let moved = participant::Entity::update_many()
        .col_expr(participant::Column::ReadSeq, seq.into())
        .col_expr(participant::Column::ReadCount, counts.read.into())
        .col_expr(participant::Column::OwnRead, counts.own.into())
        .col_expr(participant::Column::ChangedAt, ctx.now().into())
        .filter(participant::Column::ConversationId.eq(conversation))
        .filter(participant::Column::MemberId.eq(member))
        .filter(participant::Column::FromSeq.eq(from_seq))
        .filter(participant::Column::ReadSeq.lt(seq))
        .exec(tx)
        .await?;
    Ok(moved.rows_affected > 0)
}
