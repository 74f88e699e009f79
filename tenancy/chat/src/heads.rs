//! Where logs end: one query for the head check of a process, and the digest by which a client
//! notices that it missed something (DESIGN.md 5).

use sea_orm::{
    ConnectionTrait as _, FromQueryResult,
    sea_query::{Expr, ExprTrait as _, JoinType, Query},
};
use tenancy_access::DomainError;
use tenancy_model::{ConversationId, MemberId};
use tenancy_store::{
    TenantStore,
    rows::{RowType, Rows},
};

use crate::conversation::padded;

/// Where a conversation of a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct MemberHead {
    /// Who takes part now.
    pub member: MemberId,
    /// In what.
    pub conversation: ConversationId,
    /// The sequence of its last entry.
    pub seq: i64,
}

/// A row of [`heads`].
#[derive(Debug, FromQueryResult)]
struct Head {
    id: ConversationId,
    head_seq: i64,
}

/// The last sequence of each of `conversations`, in no order; what does not exist is left out. One
/// query, however many there are.
///
/// # Errors
/// The database is away.
pub async fn heads(
    store: &TenantStore,
    conversations: &[ConversationId],
) -> Result<Vec<(ConversationId, i64)>, DomainError> {
    const COLUMNS: &[(&str, RowType)] = &[("id", RowType::Id)];
    if conversations.is_empty() {
        return Ok(Vec::new());
    }
    let asked: Vec<_> = conversations.iter().map(|id| (id.uuid(),)).collect();
    let tx = store.read().await?;
    let query = Rows::new(COLUMNS, &asked)?.look_up(
        tx.get_database_backend(),
        "conversation",
        &["id", "head_seq"],
        &[("id", "id")],
    );
    let found = tx.query_all(&query).await?;
    let heads = found
        .iter()
        .map(|row| Head::from_query_result(row, "").map(|head| (head.id, head.head_seq)));
    Ok(heads.collect::<Result<_, _>>()?)
}

/// Every conversation that each of `members` is in, and its last sequence, in no order; one query.
///
/// # Errors
/// The database is away.
pub async fn heads_of_members(
    store: &TenantStore,
    members: &[MemberId],
) -> Result<Vec<MemberHead>, DomainError> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let same = Expr::col(("c", "id")).equals(("p", "conversation_id"));
    let query = Query::select()
        .expr_as(Expr::col(("p", "member_id")), "member")
        .expr_as(Expr::col(("c", "id")), "conversation")
        .expr_as(Expr::col(("c", "head_seq")), "seq")
        .from_as("participant", "p")
        .join_as(JoinType::InnerJoin, "conversation", "c", same)
        .and_where(Expr::col(("p", "member_id")).is_in(padded(members)))
        .and_where(Expr::col(("p", "to_seq")).is_null())
        .to_owned();
    let tx = store.read().await?;
    let found = tx.query_all(&query).await?;
    let heads = found
        .iter()
        .map(|row| MemberHead::from_query_result(row, ""));
    Ok(heads.collect::<Result<_, _>>()?)
}

/// The digest of a member's heads: XOR of FNV-1a (32 bits) over `<conversation id>:<head>`. Order
/// does not matter, and one head is exchanged by two XORs: `digest ^ old ^ new`.
#[must_use]
pub fn heads_digest(heads: impl IntoIterator<Item = (ConversationId, i64)>) -> u32 {
    let one = |(id, seq)| fnv1a_32(format!("{id}:{seq}").as_bytes());
    heads
        .into_iter()
        .map(one)
        .fold(0, |digest, head| digest ^ head)
}

/// A digest as the heartbeat carries it: eight hex digits.
#[must_use]
pub fn digest_text(digest: u32) -> String {
    format!("{digest:08x}")
}

fn fnv1a_32(bytes: &[u8]) -> u32 {
    const OFFSET: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    bytes.iter().fold(OFFSET, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(PRIME)
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// What the web client's own digest is tested with, too.
    #[derive(Deserialize)]
    struct Vectors {
        fnv1a32: Vec<(String, String)>,
        digests: Vec<Vector>,
    }

    #[derive(Deserialize)]
    struct Vector {
        heads: Vec<Named>,
        digest: String,
    }

    #[derive(Deserialize)]
    struct Named {
        id: ConversationId,
        #[serde(rename = "headSeq")]
        head_seq: i64,
    }

    #[test]
    fn the_digest_is_the_one_that_clients_compute() {
        let text = include_str!("../tests/vectors/heads_digest.json");
        let vectors: Vectors = serde_json::from_str(text).unwrap();
        for (text, hash) in vectors.fnv1a32 {
            assert_eq!(digest_text(fnv1a_32(text.as_bytes())), hash, "{text}");
        }
        for Vector { heads, digest } in vectors.digests {
            let mut heads: Vec<_> = heads.iter().map(|head| (head.id, head.head_seq)).collect();
            assert_eq!(digest_text(heads_digest(heads.clone())), digest);
            heads.reverse();
            assert_eq!(digest_text(heads_digest(heads)), digest);
        }
    }
}
