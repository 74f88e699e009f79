//! The transaction of a batch: a few statements, whatever the number of rows and conversations, in
//! two round trips: begin, lock and check; write and commit.

use std::collections::{BTreeMap, HashMap};

use kernel::{Clock, Instant};
use sea_orm::{
    ColumnTrait as _, DbBackend, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryResult,
    Statement,
};
use tenancy_model::{
    Attachment, ConversationId, ConversationKind, EntryKind, MemberId, MemberState, MessageId,
};
use tenancy_store::{Questions, StoreError, TenantStore, TenantTx};

use super::{
    batch::{Outcome, Refusal},
    files::FilesOfBatch,
    statements::{self, OwnCounts, inconsistent},
};
use crate::{
    attachments::SendFiles,
    conversation::padded,
    entity::{conversation, message},
    entry::Entry,
};

/// A message to be kept.
#[derive(Debug, Clone)]
pub(crate) struct SendRow {
    pub(crate) id: MessageId,
    pub(crate) conversation: ConversationId,
    pub(crate) author: MemberId,
    pub(crate) author_name: String,
    pub(crate) nonce: String,
    /// Empty where only files are sent.
    pub(crate) text: String,
    pub(crate) files: SendFiles,
}

/// What the database knows about one row of the batch.
#[derive(Debug, FromQueryResult)]
struct Check {
    place: i64,
    author_state: Option<MemberState>,
    peer_state: Option<MemberState>,
    /// Where the author's open interval begins; none: not in this conversation.
    from_seq: Option<i64>,
    /// The entry that has this author's nonce already.
    first: Option<MessageId>,
}

/// The heads as the batch moves them, and what it appends.
#[derive(Default)]
struct Plan {
    heads: BTreeMap<ConversationId, Head>,
    entries: Vec<Entry>,
    /// Own messages by conversation, author and beginning of the interval.
    own: OwnCounts,
}

struct Head {
    row: conversation::Model,
    at: Instant,
    moved: bool,
}

/// Runs the transaction and commits it.
///
/// 1. Lock the conversations in the order of their ids, so that two processes never wait for each
///    other; heads are as of after the lock.
/// 2. In the same round trip, check author, membership, the other person, and the nonce of every
///    row in one statement, which sees what was committed before the lock was had. Where files are
///    sent, lock those.
/// 3. Decide row by row, in order; assign `seq` and `count_to`. No entry is earlier than the one
///    before.
/// 4. Write entries, heads and own counts, each with one statement, and commit in the same round
///    trip. Nothing to write: roll back. Only now anybody is told.
pub(super) async fn run(
    store: &TenantStore,
    clock: &dyn Clock,
    rows: &[SendRow],
) -> Result<Vec<Outcome>, StoreError> {
    let backend = store.database_backend();
    let questions = Questions {
        asked: vec![
            statements::lock(rows, backend)?,
            statements::check(rows, backend)?,
        ],
        writes: &|| Plan::default().writes(backend),
    };
    let (tx, answers) = store.begin_asking(questions).await?;
    let [heads, checks] = answers.as_slice() else {
        return Err(inconsistent("not two answers"));
    };
    let heads = parsed::<conversation::Model>(heads)?;
    let checks = in_order(parsed(checks)?, rows.len())?;
    let earlier = earlier_entries(&tx, &checks).await?;
    let mut files = FilesOfBatch::lock(&tx, rows).await?;
    let now = clock.now();
    let mut plan = Plan {
        heads: heads
            .into_iter()
            .map(|row| {
                let at = Ord::max(now, row.changed_at);
                let moved = false;
                (row.id, Head { row, at, moved })
            })
            .collect(),
        entries: Vec::with_capacity(rows.len()),
        own: BTreeMap::new(),
    };
    let outcomes = decide(rows, &checks, &earlier, (&mut plan, &mut files));
    if plan.entries.is_empty() {
        return Ok(outcomes);
    }
    files.write(&tx).await?;
    tx.commit_writing(plan.writes(backend)?).await?;
    Ok(outcomes)
}

fn parsed<T: FromQueryResult>(rows: &[QueryResult]) -> Result<Vec<T>, StoreError> {
    let rows = rows.iter().map(|row| T::from_query_result(row, ""));
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One check a row, in the order of the rows.
fn in_order(mut checks: Vec<Check>, rows: usize) -> Result<Vec<Check>, StoreError> {
    checks.sort_unstable_by_key(|check| check.place);
    if checks.len() != rows {
        let why = format!("{} checks for {rows} rows", checks.len());
        return Err(inconsistent(why));
    }
    Ok(checks)
}

/// The entries behind nonces that were used before. Retries are rare: mostly no query at all.
async fn earlier_entries(
    tx: &TenantTx,
    checks: &[Check],
) -> Result<HashMap<MessageId, Entry>, StoreError> {
    let ids: Vec<MessageId> = checks.iter().filter_map(|check| check.first).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = message::Entity::find()
        .filter(message::Column::Id.is_in(padded(&ids)))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

fn decide(
    rows: &[SendRow],
    checks: &[Check],
    earlier: &HashMap<MessageId, Entry>,
    (plan, files): (&mut Plan, &mut FilesOfBatch),
) -> Vec<Outcome> {
    // Nonces that this batch itself has used, and the entry of each.
    let mut used: HashMap<(MemberId, &str), usize> = HashMap::with_capacity(rows.len());
    let mut outcomes = Vec::with_capacity(rows.len());
    for (row, check) in rows.iter().zip(checks) {
        let in_batch = used.get(&(row.author, row.nonce.as_str()));
        let first = match in_batch {
            Some(place) => plan.entries.get(*place),
            None => check.first.and_then(|id| earlier.get(&id)),
        };
        outcomes.push(match judge(row, check, first, &plan.heads) {
            Ok(Some(first)) => Outcome::Duplicate(first),
            Err(refusal) => Outcome::Refused(refusal),
            Ok(None) => match append(row, check, (&mut *plan, &mut *files)) {
                Ok(entry) => {
                    used.insert((row.author, row.nonce.as_str()), plan.entries.len() - 1);
                    Outcome::Kept(entry)
                }
                Err(refusal) => Outcome::Refused(refusal),
            },
        });
    }
    outcomes
}

/// A new message with its files, or why one of them cannot be sent.
fn append(
    row: &SendRow,
    check: &Check,
    (plan, files): (&mut Plan, &mut FilesOfBatch),
) -> Result<Entry, Refusal> {
    let attachments = files.judge(row)?;
    let from_seq = check.from_seq.unwrap_or_default();
    let entry = plan.append(row, from_seq, attachments);
    let entry = entry.ok_or(Refusal::NotFound)?;
    files.take(row, &entry);
    Ok(entry)
}

/// The rules of one send: its first entry when it is a retry, nothing when it is new.
fn judge(
    row: &SendRow,
    check: &Check,
    first: Option<&Entry>,
    heads: &BTreeMap<ConversationId, Head>,
) -> Result<Option<Entry>, Refusal> {
    if check.author_state != Some(MemberState::Active) {
        return Err(Refusal::Inactive);
    }
    let same = |first: &&Entry| {
        first.conversation == row.conversation
            && first.text.as_deref().unwrap_or_default() == row.text
            && row.files.are(&first.attachments)
    };
    // A retry is answered even where nobody can write any more: it was kept when one could.
    if let Some(first) = first.filter(same) {
        return Ok(Some(first.clone()));
    }
    let head = heads.get(&row.conversation).ok_or(Refusal::NotFound)?;
    if check.from_seq.is_none() {
        return Err(Refusal::NotFound);
    }
    if first.is_some() {
        return Err(Refusal::NonceReused);
    }
    // A member who is disabled for a while finds the messages later; one who has left does not.
    let gone = matches!(check.peer_state, None | Some(MemberState::Resigned));
    if head.row.kind == ConversationKind::Direct && gone {
        return Err(Refusal::Closed);
    }
    Ok(None)
}

impl Plan {
    /// Appends a message to its log: the next sequence, the next count.
    fn append(
        &mut self,
        row: &SendRow,
        from_seq: i64,
        attachments: Vec<Attachment>,
    ) -> Option<Entry> {
        let head = self.heads.get_mut(&row.conversation)?;
        head.row.head_seq += 1;
        head.row.count += i64::from(EntryKind::Message.counts());
        head.moved = true;
        let entry = Entry {
            id: row.id,
            conversation: row.conversation,
            seq: head.row.head_seq,
            kind: EntryKind::Message,
            author: Some((row.author, row.author_name.clone())),
            nonce: Some(row.nonce.clone()),
            text: Some(row.text.clone()).filter(|text| !text.is_empty()),
            attachments,
            count_to: head.row.count,
            created_at: head.at,
        };
        *self
            .own
            .entry((row.conversation, row.author, from_seq))
            .or_default() += 1;
        self.entries.push(entry.clone());
        Some(entry)
    }

    fn writes(&self, backend: DbBackend) -> Result<Vec<Statement>, StoreError> {
        let moved = self.heads.values().filter(|head| head.moved);
        let heads = moved.map(|Head { row, at, .. }| (row.id, row.head_seq, row.count, *at));
        Ok(vec![
            statements::insert_entries(&self.entries, backend)?,
            statements::update_heads(heads, backend)?,
            statements::update_own_counts(&self.own, backend)?,
        ])
    }
}
