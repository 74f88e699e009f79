//! All live sockets of this process: how many there are, how many a member has, and how they are
//! closed when the server stops.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};
use uuid::Uuid;

use super::queue::{Close, SendQueue};
use crate::config::{SocketLimits, ms};

/// RFC 6455: the server goes away.
const GOING_AWAY: u16 = 1001;
/// How long after the last close a stop waits for the clients to be gone.
const LAST_WAIT: Duration = Duration::from_secs(2);
/// How often a stop closes the next few sockets.
const STEP: Duration = Duration::from_millis(20);

/// What others may do with a socket: push and close.
#[derive(Debug)]
pub struct Socket {
    /// Unique in this process.
    pub id: u64,
    /// What is written to it.
    pub queue: SendQueue,
}

/// The table.
#[derive(Debug)]
pub struct Sockets {
    limits: SocketLimits,
    open: Mutex<HashMap<u64, Arc<Socket>>>,
    /// Sockets a member, or a session without one.
    owners: Mutex<HashMap<Uuid, usize>>,
    next_id: AtomicU64,
    draining: AtomicBool,
    emptied: Notify,
}

impl Sockets {
    /// An empty table.
    #[must_use]
    pub fn new(limits: SocketLimits) -> Self {
        Self {
            limits,
            open: Mutex::default(),
            owners: Mutex::default(),
            next_id: AtomicU64::new(1),
            draining: AtomicBool::new(false),
            emptied: Notify::new(),
        }
    }

    /// Takes one more socket, unless the process is full or stopping.
    pub fn register(self: &Arc<Self>) -> Option<Registration> {
        let mut open = self.open.lock();
        if self.is_draining() || open.len() >= self.limits.sockets_max {
            return None;
        }
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let socket = Arc::new(Socket {
            id,
            queue: SendQueue::new(&self.limits),
        });
        open.insert(id, Arc::clone(&socket));
        metrics::gauge!("sockets_open").set(count(open.len()));
        Some(Registration {
            table: Arc::clone(self),
            socket,
            owner: None,
        })
    }

    /// How many there are.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open.lock().len()
    }

    /// Whether the server is stopping.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// Closes all sockets with 1001, in no particular order, spread over the configured time.
    pub async fn drain(&self) {
        let sockets: Vec<_> = {
            let open = self.open.lock();
            self.draining.store(true, Ordering::Release);
            open.values().cloned().collect()
        };
        let began = Instant::now();
        let whole = ms(self.limits.drain_ms);
        let mut closed = 0;
        while closed < sockets.len() {
            let elapsed = (Instant::now() - began + STEP).min(whole);
            let share = if whole.is_zero() {
                1.0
            } else {
                elapsed.div_duration_f64(whole)
            };
            let until = due(sockets.len(), share).clamp(closed, sockets.len());
            for socket in &sockets[closed..until] {
                socket.queue.close(Close::new(GOING_AWAY, "Going away"));
            }
            closed = until;
            if closed < sockets.len() {
                sleep_until(Instant::now() + STEP).await;
            }
        }
        let last = Instant::now() + LAST_WAIT;
        while self.open() > 0 && timeout_at(last, self.emptied.notified()).await.is_ok() {}
    }
}

/// How many of `all` are to be closed when `share` of the time is over.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a share between 0 and 1 of a number of sockets"
)]
fn due(all: usize, share: f64) -> usize {
    (all as f64 * share).ceil() as usize
}

#[expect(clippy::cast_precision_loss, reason = "a gauge")]
fn count(number: usize) -> f64 {
    number as f64
}

/// One socket's place in the table; gives it back when dropped.
#[derive(Debug)]
pub struct Registration {
    table: Arc<Sockets>,
    /// The socket.
    pub socket: Arc<Socket>,
    owner: Option<Uuid>,
}

impl Registration {
    /// Counts the socket for its owner; `false` if that one has too many.
    pub fn belongs_to(&mut self, owner: Uuid) -> bool {
        let mut owners = self.table.owners.lock();
        let sockets = owners.entry(owner).or_default();
        if *sockets >= self.table.limits.per_member_max {
            return false;
        }
        *sockets += 1;
        self.owner = Some(owner);
        true
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        if let Some(owner) = self.owner {
            let mut owners = self.table.owners.lock();
            if let Some(sockets) = owners.get_mut(&owner) {
                *sockets -= 1;
                if *sockets == 0 {
                    owners.remove(&owner);
                }
            }
        }
        let mut open = self.table.open.lock();
        open.remove(&self.socket.id);
        metrics::gauge!("sockets_open").set(count(open.len()));
        if open.is_empty() {
            self.table.emptied.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_process_and_a_full_member_are_refused() {
        let limits = SocketLimits {
            sockets_max: 2,
            per_member_max: 1,
            ..SocketLimits::for_testing()
        };
        let table = Arc::new(Sockets::new(limits));
        let (mut first, mut second) = (table.register().unwrap(), table.register().unwrap());
        assert!(table.register().is_none());
        let owner = Uuid::nil();
        assert!(first.belongs_to(owner));
        assert!(!second.belongs_to(owner));
        drop(first);
        assert!(second.belongs_to(owner));
        assert_eq!(table.open(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_closes_all_and_takes_no_more() {
        let limits = SocketLimits {
            drain_ms: 10_000,
            ..SocketLimits::for_testing()
        };
        let table = Arc::new(Sockets::new(limits));
        let sockets: Vec<_> = (0..50).filter_map(|_| table.register()).collect();
        let began = Instant::now();
        let watched: Vec<_> = sockets
            .iter()
            .map(|known| Arc::clone(&known.socket))
            .collect();
        let drained = tokio::spawn({
            let table = Arc::clone(&table);
            async move { table.drain().await }
        });
        for socket in &watched {
            socket.queue.changed().await;
        }
        let spread = Instant::now() - began;
        assert!(
            spread > Duration::from_secs(8) && spread <= Duration::from_secs(10),
            "{spread:?}"
        );
        assert!(table.register().is_none());
        drop(sockets);
        drained.await.unwrap();
        assert!(Instant::now() - began < Duration::from_secs(11));
    }
}
