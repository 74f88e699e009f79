//! The cells of one quota in this process: one a key up to a bound; strangers beyond it share a
//! fixed number of cells, so that a flood of keys costs neither memory nor anybody's count.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use dashmap::DashMap;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::ShrinkableKeyedStateStore;

use super::{KEYS_MAX, OVERFLOW_CELLS};

/// New keys between two sweeps of those that are as good as new.
const SWEEP_EVERY: usize = 10_000;

/// The store, shared by the governor that decides and the counter that has it swept.
#[derive(Clone, Default)]
pub(super) struct Cells(Arc<Inner>);

/// Theoretical arrival times in nanoseconds since the governor's start; 0 is a fresh cell.
struct Inner {
    keys: DashMap<String, AtomicU64>,
    count: AtomicUsize,
    overflow: Box<[AtomicU64]>,
    hasher: RandomState,
    wants_sweep: AtomicBool,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            keys: DashMap::new(),
            count: AtomicUsize::new(0),
            overflow: (0..OVERFLOW_CELLS).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::new(),
            wants_sweep: AtomicBool::new(false),
        }
    }
}

impl Cells {
    /// Whether enough keys came for a sweep; asking resets it.
    pub(super) fn wants_sweep(&self) -> bool {
        let wants = &self.0.wants_sweep;
        wants.load(Ordering::Relaxed) && wants.swap(false, Ordering::Relaxed)
    }
}

impl Inner {
    /// Takes the place of one more key, if there is one.
    fn reserve(&self) -> bool {
        let before = self.count.fetch_add(1, Ordering::Relaxed);
        if before >= KEYS_MAX {
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
        if before >= KEYS_MAX || (before + 1).is_multiple_of(SWEEP_EVERY) {
            self.wants_sweep.store(true, Ordering::Relaxed);
        }
        before < KEYS_MAX
    }
}

impl StateStore for Cells {
    type Key = String;

    fn measure_and_replace<T, F, E>(&self, key: &String, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let Self(cells) = self;
        if let Some(cell) = cells.keys.get(key) {
            return replace(&cell, decide);
        }
        if !cells.reserve() {
            let bucket = usize::try_from(cells.hasher.hash_one(key) % OVERFLOW_CELLS as u64);
            return replace(&cells.overflow[bucket.unwrap_or(0)], decide);
        }
        let mut was_new = false;
        let cell = cells.keys.entry(key.clone()).or_insert_with(|| {
            was_new = true;
            AtomicU64::new(0)
        });
        if !was_new {
            // Another request of the same key was first.
            cells.count.fetch_sub(1, Ordering::Relaxed);
        }
        replace(&cell, decide)
    }
}

impl ShrinkableKeyedStateStore<String> for Cells {
    fn retain_recent(&self, drop_below: Nanos) {
        self.0.keys.retain(|_, cell| {
            let keep = cell.load(Ordering::Relaxed) > drop_below.as_u64();
            if !keep {
                self.0.count.fetch_sub(1, Ordering::Relaxed);
            }
            keep
        });
    }

    fn len(&self) -> usize {
        self.0.keys.len()
    }

    fn is_empty(&self) -> bool {
        self.0.keys.is_empty()
    }
}

/// Applies one decision; again if another request changed the cell meanwhile.
fn replace<T, E>(
    cell: &AtomicU64,
    decide: impl Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
) -> Result<T, E> {
    let mut before = cell.load(Ordering::Acquire);
    loop {
        let (result, after) = decide((before > 0).then(|| Nanos::new(before)))?;
        let swap =
            cell.compare_exchange(before, after.as_u64(), Ordering::AcqRel, Ordering::Acquire);
        match swap {
            Ok(_) => return Ok(result),
            Err(now) => before = now,
        }
    }
}
