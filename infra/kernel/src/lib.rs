//! What every crate may use and nothing in the world can be asked through: time and randomness as
//! parameters, typed ids, secrets that do not print, backoff.
//!
//! - [`Clock`], [`Rng`]: passed in, so that a test can live through a year in a second.
//! - [`typed_id!`](crate::typed_id): one type an id, UUIDv7 inside, `mem_01h455vb…` outside.
//! - [`Secret`]: a string that never reaches a log.
//! - [`Backoff`]: how long to wait before the next try.
//!
//! This crate does no I/O. Adding something here needs a reason why it would be the same in another
//! product.

mod backoff;
mod clock;
pub mod id;
mod rng;
mod secret;
mod text;

pub use backoff::Backoff;
pub use clock::{Clock, ManualClock, SystemClock};
pub use rng::{Rng, SeededRng, SystemRng};
pub use secret::Secret;
pub use text::{clean_line, fold};

/// An instant in UTC, with the microseconds that both databases keep.
pub type Instant = chrono::DateTime<chrono::Utc>;
