//! The log in pages: history for a member, inside their intervals, and gaps for the API process,
//! which hands them to sockets by [`crate::Memberships`].

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, EntityTrait as _, FromQueryResult as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{ConversationId, ErrorCode, MessageId, Problem, limits::ENTRIES_PAGE_MAX};
use tenancy_store::{
    TenantStore, TenantTx,
    rows::{RowType, Rows},
};

use crate::{
    conversation::padded,
    entity::{conversation, message, participant},
    entry::Entry,
    membership::{self, Interval},
};

/// Which page of a log is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryRange {
    /// The first `count` entries after sequence `after` (0: from the beginning).
    After {
        /// At most [`ENTRIES_PAGE_MAX`].
        count: u32,
        /// Not itself in the page.
        after: i64,
    },
    /// The last `count` entries before sequence `before` (`i64::MAX`: from the end).
    Before {
        /// At most [`ENTRIES_PAGE_MAX`].
        count: u32,
        /// Not itself in the page.
        before: i64,
    },
}

/// A page of a conversation's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntriesInput {
    /// Whose log.
    pub conversation: ConversationId,
    /// Which page.
    pub range: EntryRange,
}

/// Entries in the order of the log. An entry's cursor is its sequence as a decimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntriesPage {
    /// In order, whichever way the page was asked for.
    pub entries: Vec<Entry>,
    /// Whether the member may read entries before these.
    pub has_previous: bool,
    /// Whether the member may read entries after these.
    pub has_next: bool,
}

impl EntryRange {
    /// The range of Relay's four arguments: `first`/`after` forward, `last`/`before` backward; with
    /// none of them the newest page.
    ///
    /// # Errors
    /// `TOO_MANY` above [`ENTRIES_PAGE_MAX`]; `INVALID_INPUT` for a cursor that is no sequence, a
    /// negative count, or both directions at once.
    pub fn new(
        first: Option<i32>,
        after: Option<&str>,
        last: Option<i32>,
        before: Option<&str>,
    ) -> Result<Self, Problem> {
        let forward = first.is_some() || after.is_some();
        if forward && (last.is_some() || before.is_some()) {
            return Err(Problem::field(ErrorCode::InvalidInput, "last"));
        }
        if forward {
            return Ok(Self::After {
                count: count("first", first)?,
                after: cursor("after", after)?.unwrap_or(0),
            });
        }
        Ok(Self::Before {
            count: count("last", last)?,
            before: cursor("before", before)?.unwrap_or(i64::MAX),
        })
    }
}

fn count(field: &'static str, count: Option<i32>) -> Result<u32, Problem> {
    const DEFAULT: i32 = 50;
    let count = u32::try_from(count.unwrap_or(DEFAULT))
        .map_err(|_| Problem::field(ErrorCode::InvalidInput, field))?;
    if count > ENTRIES_PAGE_MAX {
        let problem = Problem::field(ErrorCode::TooMany, field);
        return Err(problem.limit(ENTRIES_PAGE_MAX.into()).used(count.into()));
    }
    Ok(count)
}

fn cursor(field: &'static str, text: Option<&str>) -> Result<Option<i64>, Problem> {
    let Some(text) = text else { return Ok(None) };
    match text.parse::<i64>() {
        Ok(seq) if seq >= 0 => Ok(Some(seq)),
        _ => Err(Problem::field(ErrorCode::InvalidInput, field)),
    }
}

/// A page of history, as far as the acting member may read.
///
/// # Errors
/// `NOT_FOUND` when there is no such conversation or the member has never been in it.
pub async fn entries(
    ctx: &TenantContext,
    input: &EntriesInput,
) -> Result<EntriesPage, DomainError> {
    let member = ctx.require_member()?;
    let tx = ctx.store.read().await?;
    let intervals = membership::intervals_of(&tx, input.conversation, member).await?;
    let (Some(first), Some(last)) = (intervals.first(), intervals.last()) else {
        return Err(DomainError::NOT_FOUND);
    };
    let (oldest, newest) = (first.from_seq, last.to_seq);
    let mut query = message::Entity::find()
        .filter(message::Column::ConversationId.eq(input.conversation))
        .filter(inside(&intervals));
    let (count, backward) = match input.range {
        EntryRange::After { count, after } => {
            query = query.filter(message::Column::Seq.gt(after));
            (count, false)
        }
        EntryRange::Before { count, before } => {
            query = query.filter(message::Column::Seq.lt(before));
            (count, true)
        }
    };
    let order = if backward {
        query.order_by_desc(message::Column::Seq)
    } else {
        query.order_by_asc(message::Column::Seq)
    };
    let rows = order.limit(u64::from(count)).all(&tx).await?;
    let newest = match newest {
        Some(to) => to,
        None => head_of(&tx, input.conversation).await?,
    };
    let mut entries: Vec<Entry> = rows.into_iter().map(Entry::from).collect();
    if backward {
        entries.reverse();
    }
    Ok(page(entries, input.range, (oldest, newest)))
}

/// Whether something lies outside the page follows from the ends of what the member may read; an
/// empty page lies where it was asked for.
fn page(entries: Vec<Entry>, range: EntryRange, (oldest, newest): (i64, i64)) -> EntriesPage {
    let (begin, end) = match (entries.first(), entries.last(), range) {
        (Some(first), Some(last), _) => (first.seq, last.seq),
        (_, _, EntryRange::After { after, .. }) => (after.saturating_add(1), after),
        (_, _, EntryRange::Before { before, .. }) => (before, before.saturating_sub(1)),
    };
    EntriesPage {
        has_previous: begin > oldest,
        has_next: end < newest,
        entries,
    }
}

fn inside(intervals: &[Interval]) -> Condition {
    intervals.iter().fold(Condition::any(), |any, interval| {
        let from = message::Column::Seq.gte(interval.from_seq);
        any.add(match interval.to_seq {
            Some(to) => Condition::all().add(from).add(message::Column::Seq.lte(to)),
            None => Condition::all().add(from),
        })
    })
}

async fn head_of(tx: &TenantTx, id: ConversationId) -> Result<i64, DomainError> {
    let row = conversation::Entity::find_by_id(id).one(tx).await?;
    Ok(row.map_or(0, |row| row.head_seq))
}

/// The entries after `seq`, in order, at most `limit` (and [`ENTRIES_PAGE_MAX`]). Without a viewer:
/// for the API process, which decides at delivery who hears them.
///
/// # Errors
/// The database is away.
pub async fn entries_after(
    store: &TenantStore,
    conversation: ConversationId,
    seq: i64,
    limit: u32,
) -> Result<Vec<Entry>, DomainError> {
    let tx = store.read().await?;
    let rows = message::Entity::find()
        .filter(message::Column::ConversationId.eq(conversation))
        .filter(message::Column::Seq.gt(seq))
        .order_by_asc(message::Column::Seq)
        .limit(u64::from(limit.min(ENTRIES_PAGE_MAX)))
        .all(&tx)
        .await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// The entries at these places, for lists of conversations: one query for all of them. Places that
/// the acting member may not read are left out.
///
/// # Errors
/// The actor is no member, or the database is away.
pub async fn last_entries(
    ctx: &TenantContext,
    heads: &[(ConversationId, i64)],
) -> Result<HashMap<ConversationId, Entry>, DomainError> {
    const COLUMNS: &[(&str, RowType)] = &[("id", RowType::Id), ("seq", RowType::Integer)];
    let member = ctx.require_member()?;
    if heads.is_empty() {
        return Ok(HashMap::new());
    }
    let tx = ctx.store.read().await?;
    let ids: Vec<ConversationId> = heads.iter().map(|(id, _)| *id).collect();
    let memberships = participant::Entity::find()
        .filter(participant::Column::MemberId.eq(member))
        .filter(participant::Column::ConversationId.is_in(padded(&ids)))
        .all(&tx)
        .await?;
    let mut intervals: HashMap<ConversationId, Vec<Interval>> = HashMap::new();
    for row in memberships {
        let of = intervals.entry(row.conversation_id).or_default();
        of.push(row.into());
    }
    let may_read = |(id, seq): &&(ConversationId, i64)| {
        let of = intervals.get(id).map_or(&[][..], Vec::as_slice);
        of.iter().any(|interval| interval.covers(*seq))
    };
    let places: Vec<_> = heads
        .iter()
        .filter(may_read)
        .map(|(id, seq)| (id.uuid(), *seq))
        .collect();
    let query = Rows::new(COLUMNS, &places)?.look_up(
        tx.get_database_backend(),
        "message",
        MESSAGE_COLUMNS,
        &[("conversation_id", "id"), ("seq", "seq")],
    );
    let found = tx.query_all(&query).await?;
    let entries = found
        .iter()
        .map(|row| message::Model::from_query_result(row, "").map(Entry::from))
        .map(|entry| entry.map(|entry| (entry.conversation, entry)));
    Ok(entries.collect::<Result<_, _>>()?)
}

const MESSAGE_COLUMNS: &[&str] = &[
    "conversation_id",
    "seq",
    "id",
    "kind",
    "author_id",
    "author_name",
    "nonce",
    "text",
    "attachments",
    "count_to",
    "created_at",
];

/// One entry that the acting member may read.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn find_entry(ctx: &TenantContext, id: MessageId) -> Result<Entry, DomainError> {
    let member = ctx.require_member()?;
    let tx = ctx.store.read().await?;
    let row = message::Entity::find()
        .filter(message::Column::Id.eq(id))
        .one(&tx)
        .await?
        .ok_or(DomainError::NOT_FOUND)?;
    let intervals = membership::intervals_of(&tx, row.conversation_id, member).await?;
    if intervals.iter().any(|interval| interval.covers(row.seq)) {
        return Ok(row.into());
    }
    Err(DomainError::NOT_FOUND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_asked_for_in_one_direction_and_is_bounded() {
        assert_eq!(
            EntryRange::new(Some(3), Some("7"), None, None),
            Ok(EntryRange::After { count: 3, after: 7 })
        );
        assert_eq!(
            EntryRange::new(None, None, None, None),
            Ok(EntryRange::Before {
                count: 50,
                before: i64::MAX
            })
        );
        let code = |first, after, last, before| {
            EntryRange::new(first, after, last, before).map_err(|problem| problem.code)
        };
        assert_eq!(
            code(Some(201), None, None, None),
            Err(ErrorCode::TooMany),
            "a page has a bound"
        );
        for wrong in [
            code(Some(-1), None, None, None),
            code(Some(1), None, Some(1), None),
            code(None, Some("x"), None, None),
            code(None, None, None, Some("-5")),
        ] {
            assert_eq!(wrong, Err(ErrorCode::InvalidInput));
        }
    }
}
