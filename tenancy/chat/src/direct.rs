//! Opens the direct conversation of two members: there is one of each pair, whoever opens it first,
//! and however many open it at once.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use tenancy_access::{Actor, DomainError, TenantContext};
use tenancy_model::{
    ConversationId, ConversationKind, EntryKind, ErrorCode, EventBody, MemberId, MemberState,
    MessageId, Problem,
};
use tenancy_store::TenantTx;

use crate::{
    conversation::{self, Conversation},
    entity::{conversation as table, member, message, participant},
    sync::in_time,
};

/// With whom.
#[derive(Debug, Clone, Copy)]
pub struct OpenDirectInput {
    /// The other person.
    pub member: MemberId,
}

/// The direct conversation of the acting member and another; made if there is none yet.
///
/// 1. Nobody talks to themself here, and only to an active member of the same tenant.
/// 2. If the pair has a conversation, that is it.
/// 3. Else insert one; whoever loses the race of two inserts takes the winner's.
/// 4. The log begins with an entry of its own: sequence 1, which counts nothing and is nothing to
///    read.
///
/// # Errors
/// `SELF_NOT_ALLOWED`; `NOT_FOUND` when there is no such active member.
pub async fn open_direct(
    ctx: &TenantContext,
    input: &OpenDirectInput,
) -> Result<Conversation, DomainError> {
    let member = ctx.require_member()?;
    if input.member == member {
        return Err(Problem::field(ErrorCode::SelfNotAllowed, "memberId").into());
    }
    let pair = (member, input.member);
    let tx = ctx.store.read().await?;
    require_active(&tx, input.member).await?;
    if let Some(existing) = find(&tx, pair).await? {
        return conversation::one(&tx, member, existing)
            .await?
            .ok_or(DomainError::NOT_FOUND);
    }
    drop(tx);
    if let Some(made) = create(ctx, pair).await? {
        let members = vec![pair.0, pair.1];
        ctx.publish(EventBody::Conversation {
            conversation: made,
            members,
        })
        .await;
        return conversation::get(ctx, made).await;
    }
    let tx = ctx.store.read().await?;
    let existing = find(&tx, pair).await?.ok_or(DomainError::NOT_FOUND)?;
    conversation::one(&tx, member, existing)
        .await?
        .ok_or(DomainError::NOT_FOUND)
}

/// What the pair's conversation is found by: both ids in order.
pub(crate) fn direct_key((a, b): (MemberId, MemberId)) -> String {
    format!("{}:{}", a.min(b), a.max(b))
}

async fn require_active(tx: &TenantTx, id: MemberId) -> Result<(), DomainError> {
    let row = member::Entity::find_by_id(id).one(tx).await?;
    match row {
        Some(row) if row.state == MemberState::Active => Ok(()),
        _ => Err(DomainError::NOT_FOUND),
    }
}

async fn find(
    tx: &TenantTx,
    pair: (MemberId, MemberId),
) -> Result<Option<ConversationId>, DomainError> {
    let row = table::Entity::find()
        .filter(table::Column::DirectKey.eq(direct_key(pair)))
        .one(tx)
        .await?;
    Ok(row.map(|row| row.id))
}

/// Makes the conversation; `None` when another transaction was first.
async fn create(
    ctx: &TenantContext,
    pair: (MemberId, MemberId),
) -> Result<Option<ConversationId>, DomainError> {
    let tx = ctx.store.begin().await?;
    in_time(insert(ctx, tx, pair)).await
}

async fn insert(
    ctx: &TenantContext,
    tx: TenantTx,
    pair: (MemberId, MemberId),
) -> Result<Option<ConversationId>, DomainError> {
    let id = ConversationId::new(ctx.clock(), ctx.rng());
    let now = ctx.now();
    require_active(&tx, pair.1).await?;
    let row = table::ActiveModel {
        id: Set(id),
        kind: Set(ConversationKind::Direct),
        direct_key: Set(Some(direct_key(pair))),
        title: Set(None),
        head_seq: Set(1),
        count: Set(0),
        created_at: Set(now),
        changed_at: Set(now),
    };
    let first_wins = OnConflict::column(table::Column::DirectKey)
        .do_nothing()
        .to_owned();
    let made = table::Entity::insert(row)
        .on_conflict(first_wins)
        .exec_without_returning(&tx)
        .await?;
    if made == 0 {
        return Ok(None);
    }
    let participants = [pair.0, pair.1].map(|member| participant::ActiveModel {
        conversation_id: Set(id),
        member_id: Set(member),
        from_seq: Set(1),
        to_seq: Set(None),
        read_seq: Set(1),
        read_count: Set(0),
        own_count: Set(0),
        own_read: Set(0),
        changed_at: Set(now),
    });
    participant::Entity::insert_many(participants)
        .exec_without_returning(&tx)
        .await?;
    let first = message::ActiveModel {
        conversation_id: Set(id),
        seq: Set(1),
        id: Set(MessageId::new(ctx.clock(), ctx.rng())),
        kind: Set(EntryKind::Created),
        author_id: Set(Some(pair.0)),
        author_name: Set(Some(name_of(&ctx.actor))),
        nonce: Set(None),
        text: Set(None),
        attachments: Set(None),
        count_to: Set(0),
        created_at: Set(now),
    };
    message::Entity::insert(first)
        .exec_without_returning(&tx)
        .await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// The acting member's name as of now.
pub(crate) fn name_of(actor: &Actor) -> String {
    match actor {
        Actor::Member { name, .. } => name.clone(),
        Actor::Founder { .. } | Actor::Job { .. } => String::new(),
    }
}
