//! Membership is a list of intervals: they decide what a member could read when. Who left cannot
//! read what came after; a row is never changed but by closing it.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{ConversationId, MemberId};
use tenancy_store::TenantTx;

use crate::entity::participant;

/// One interval of a member's membership: the entries from `from_seq` to `to_seq`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) member: MemberId,
    pub(crate) from_seq: i64,
    /// None while it is open.
    pub(crate) to_seq: Option<i64>,
}

impl Interval {
    pub(crate) fn covers(&self, seq: i64) -> bool {
        self.from_seq <= seq && self.to_seq.is_none_or(|to| seq <= to)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.to_seq.is_none()
    }
}

impl From<participant::Model> for Interval {
    fn from(row: participant::Model) -> Self {
        Self {
            member: row.member_id,
            from_seq: row.from_seq,
            to_seq: row.to_seq,
        }
    }
}

/// Who is in a conversation that the acting member is in, in the order in which they came.
///
/// # Errors
/// `NOT_FOUND` when there is no such conversation, or the acting member is not in it.
pub async fn participants(
    ctx: &TenantContext,
    conversation: ConversationId,
) -> Result<Vec<MemberId>, DomainError> {
    let member = ctx.require_member()?;
    let tx = ctx.store.read().await?;
    let open = intervals(&tx, conversation).await?;
    let members: Vec<MemberId> = open
        .into_iter()
        .filter(Interval::is_open)
        .map(|interval| interval.member)
        .collect();
    if !members.contains(&member) {
        return Err(DomainError::NOT_FOUND);
    }
    Ok(members)
}

/// All intervals of a conversation, whoever asks.
pub(crate) async fn intervals(
    tx: &TenantTx,
    conversation: ConversationId,
) -> Result<Vec<Interval>, DomainError> {
    let rows = participant::Entity::find()
        .filter(participant::Column::ConversationId.eq(conversation))
        .order_by_asc(participant::Column::FromSeq)
        .order_by_asc(participant::Column::MemberId)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(Interval::from).collect())
}

/// The intervals of one member in a conversation, in order; empty: never been in it.
pub(crate) async fn intervals_of(
    tx: &TenantTx,
    conversation: ConversationId,
    member: MemberId,
) -> Result<Vec<Interval>, DomainError> {
    let rows = participant::Entity::find()
        .filter(participant::Column::ConversationId.eq(conversation))
        .filter(participant::Column::MemberId.eq(member))
        .order_by_asc(participant::Column::FromSeq)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(Interval::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_covers_both_its_ends_and_an_open_one_everything_after() {
        let member = MemberId::from(uuid::Uuid::nil());
        let closed = Interval {
            member,
            from_seq: 3,
            to_seq: Some(5),
        };
        let covered: Vec<i64> = (1..8).filter(|seq| closed.covers(*seq)).collect();
        assert_eq!(covered, [3, 4, 5]);
        let open = Interval {
            to_seq: None,
            ..closed
        };
        assert!(!open.covers(2) && open.covers(3) && open.covers(i64::MAX));
    }
}
