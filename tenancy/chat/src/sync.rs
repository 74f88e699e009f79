//! Catching up: what changed for a member since a position that an earlier answer gave. A
//! conversation changes with every entry and with every move of a read mark that is shown with it.
//!
//! Why nothing is missed: a change carries the time at which its transaction decided it, and
//! becomes visible with the commit. Between the two lie at most 5 s: a transaction that changes
//! anything shown here takes its time after it has begun and is given up after [`CHANGE_TIME_MAX`].
//! Clocks of two processes differ by at most 2 s, which `doctor` checks. So a change that a page
//! could not see yet has a time later than 7 s before the page's. The next run begins [`OVERLAP`]
//! (10 s) before the beginning of this one and finds it; what comes twice is equal. Should a
//! machine break these bounds, the digest of heads differs and the client asks from the beginning.

use std::{future::Future, time::Duration};

use chrono::{DateTime, TimeDelta};
use kernel::Instant;
use sea_orm::sea_query::{Condition, ExprTrait as _, Order};
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{ConversationId, ErrorCode, Problem, limits::PAGE_MAX};
use tokio::time::timeout;

use crate::conversation::{self, Conversation, active_at, fetch};

/// How far before its position a run begins.
pub(crate) const OVERLAP: TimeDelta = TimeDelta::seconds(10);
/// How long a transaction may take that changes what is synchronised, from its beginning.
pub(crate) const CHANGE_TIME_MAX: Duration = Duration::from_secs(5);
/// How far two clocks may differ: [`OVERLAP`] covers a slow change and this twice.
#[cfg(test)]
const CLOCKS_DIFFER_MAX: TimeDelta = TimeDelta::seconds(2);

/// What changed since when.
#[derive(Debug, Clone)]
pub struct SyncInput {
    /// [`SyncPage::position`] of the last answer; none: everything.
    pub position: Option<String>,
    /// At most [`PAGE_MAX`].
    pub first: i32,
}

/// Conversations that changed, oldest change first.
#[derive(Debug, Clone)]
pub struct SyncPage {
    /// As they are now.
    pub conversations: Vec<Conversation>,
    /// For the next call.
    pub position: String,
    /// Whether the next call should follow at once.
    pub more: bool,
}

/// Where a client stands: when its run began, and inside a run the last change it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Position {
    began: Instant,
    last: Option<(Instant, ConversationId)>,
}

/// What changed for the acting member since `position`.
///
/// # Errors
/// `TOO_MANY` or `INVALID_INPUT` for `first`, `INVALID_INPUT` for a position that is none of ours.
pub async fn sync(ctx: &TenantContext, input: &SyncInput) -> Result<SyncPage, DomainError> {
    let member = ctx.require_member()?;
    let first = page_size(input.first)?;
    let position = input.position.as_deref().map(Position::parse).transpose()?;
    let mut query = conversation::select(member);
    if let Some(position) = position {
        query.cond_where(position.filter());
    }
    query
        .order_by_expr(active_at(), Order::Asc)
        .order_by(("c", "id"), Order::Asc)
        .limit(u64::from(first) + 1);
    // Taken before the snapshot: whatever is committed later is found by the next run.
    let now = ctx.now();
    let tx = ctx.store.read().await?;
    let mut conversations = fetch(&tx, &query).await?;
    let more = conversations.len() > first as usize;
    conversations.truncate(first as usize);
    let began = match position {
        Some(Position {
            began,
            last: Some(_),
        }) => began,
        _ => now,
    };
    let last = conversations.last().map(|last| (last.active_at, last.id));
    let next = Position {
        began,
        last: last.filter(|_| more),
    };
    Ok(SyncPage {
        conversations,
        position: next.text(),
        more,
    })
}

/// Runs what a change does between the beginning and the end of its transaction; given up after
/// [`CHANGE_TIME_MAX`], and then nothing of it is kept unless the commit itself was under way.
///
/// # Errors
/// `UNAVAILABLE` when it took too long, or what `change` answers.
pub(crate) async fn in_time<T>(
    change: impl Future<Output = Result<T, DomainError>>,
) -> Result<T, DomainError> {
    let ran = timeout(CHANGE_TIME_MAX, change).await;
    ran.unwrap_or(Err(DomainError::UNAVAILABLE))
}

fn page_size(first: i32) -> Result<u32, Problem> {
    let size =
        u32::try_from(first).map_err(|_| Problem::field(ErrorCode::InvalidInput, "first"))?;
    match size {
        0 => Err(Problem::field(ErrorCode::InvalidInput, "first")),
        1..=PAGE_MAX => Ok(size),
        _ => {
            let problem = Problem::field(ErrorCode::TooMany, "first");
            Err(problem.limit(PAGE_MAX.into()).used(size.into()))
        }
    }
}

impl Position {
    /// What this position has not seen.
    fn filter(self) -> Condition {
        let Some((at, id)) = self.last else {
            return Condition::all().add(active_at().gte(self.began - OVERLAP));
        };
        let same = active_at().eq(at);
        let after = sea_orm::sea_query::Expr::col(("c", "id")).gt(id);
        Condition::any()
            .add(active_at().gt(at))
            .add(same.and(after))
    }

    fn text(self) -> String {
        let began = self.began.timestamp_micros();
        match self.last {
            None => format!("{began}"),
            Some((at, id)) => format!("{began}.{}.{id}", at.timestamp_micros()),
        }
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        Self::try_parse(text).ok_or(Problem::field(ErrorCode::InvalidInput, "position"))
    }

    fn try_parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let began = instant(parts.next()?)?;
        let last = match (parts.next(), parts.next()) {
            (None, None) => None,
            (Some(at), Some(id)) => Some((instant(at)?, id.parse().ok()?)),
            _ => return None,
        };
        Some(Self { began, last })
    }
}

/// An instant out of microseconds, within the years that both databases know.
fn instant(micros: &str) -> Option<Instant> {
    const YEAR_9999: i64 = 253_370_764_800_000_000;
    let micros: i64 = micros.parse().ok()?;
    if !(0..YEAR_9999).contains(&micros) {
        return None;
    }
    DateTime::from_timestamp_micros(micros)
}

#[cfg(test)]
mod tests {
    use kernel::{Clock as _, ManualClock, SeededRng};

    use super::*;

    #[test]
    fn the_overlap_covers_a_slow_transaction_and_two_clocks() {
        let slow = TimeDelta::from_std(CHANGE_TIME_MAX).unwrap();
        assert!(slow + CLOCKS_DIFFER_MAX + CLOCKS_DIFFER_MAX < OVERLAP);
    }

    #[test]
    fn a_position_survives_the_way_to_the_client_and_back() {
        let clock = ManualClock::default();
        let began = clock.now();
        let id = ConversationId::new(&clock, &SeededRng::new(1));
        for last in [None, Some((began - OVERLAP, id))] {
            let position = Position { began, last };
            assert_eq!(Position::try_parse(&position.text()), Some(position));
        }
        let foreign = [
            "",
            "x",
            "1.2",
            "1.2.mem_x",
            "-5",
            "99999999999999999999",
            "1..",
            "1.2.3.4",
        ];
        for text in foreign {
            assert_eq!(Position::try_parse(text), None, "{text}");
        }
    }
}
