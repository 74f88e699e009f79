//! Counting in this process: governor over a bounded, swept store of our own.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use kernel::Clock;

use super::store::Cells;
use super::{Limited, Quota};

/// The shortest time between two sweeps of one quota, in nanoseconds of the clock.
const SWEEP_PAUSE_NS: u64 = 1_000_000_000;

/// kernel's clock as governor wants it: nanoseconds since 1970.
#[derive(Clone)]
struct ClockForGovernor(Arc<dyn Clock>);

impl GovernorClock for ClockForGovernor {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let micros = u64::try_from(self.0.now().timestamp_micros()).unwrap_or(0);
        Nanos::new(micros.saturating_mul(1000))
    }
}

type Governor = governor::RateLimiter<String, Cells, ClockForGovernor, NoOpMiddleware<Nanos>>;

/// One governor for each quota, and for each share of it.
pub(super) struct LocalLimiter {
    clock: ClockForGovernor,
    counters: DashMap<(&'static str, u32, Duration), Arc<Counter>>,
}

struct Counter {
    governor: Governor,
    cells: Cells,
    swept_at: AtomicU64,
}

impl LocalLimiter {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock: ClockForGovernor(clock),
            counters: DashMap::new(),
        }
    }

    pub(super) fn check(&self, quota: &Quota, key: &str) -> Result<(), Limited> {
        let counter = self.counter(quota);
        let now = self.clock.now();
        if counter.cells.wants_sweep() && counter.may_sweep(now.as_u64()) {
            counter.governor.retain_recent();
        }
        counter
            .governor
            .check_key(&key.to_owned())
            .map_err(|refusal| Limited {
                retry_after: refusal.wait_time_from(now),
            })
    }

    fn counter(&self, quota: &Quota) -> Arc<Counter> {
        let id = (quota.name, quota.burst, quota.per);
        if let Some(counter) = self.counters.get(&id) {
            return Arc::clone(&counter);
        }
        let new = || {
            let burst = NonZeroU32::new(quota.burst()).unwrap_or(NonZeroU32::MIN);
            let rate = governor::Quota::with_period(Duration::from_micros(quota.interval_us()))
                .unwrap_or_else(|| governor::Quota::per_second(burst))
                .allow_burst(burst);
            let cells = Cells::default();
            let governor = Governor::new(rate, cells.clone(), self.clock.clone());
            Arc::new(Counter {
                governor,
                cells,
                swept_at: AtomicU64::new(0),
            })
        };
        Arc::clone(&self.counters.entry(id).or_insert_with(new))
    }

    #[cfg(test)]
    pub(super) fn keys(&self, quota: &Quota) -> usize {
        self.counter(quota).governor.len()
    }
}

impl Counter {
    /// Whether the last sweep is long enough ago; true for one caller only.
    fn may_sweep(&self, now_ns: u64) -> bool {
        let before = self.swept_at.load(Ordering::Relaxed);
        now_ns >= before.saturating_add(SWEEP_PAUSE_NS)
            && self
                .swept_at
                .compare_exchange(before, now_ns, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}
