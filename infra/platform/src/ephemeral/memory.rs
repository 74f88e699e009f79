//! Ephemeral keys of a single process.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Clock, Instant};
use parking_lot::Mutex;

use super::{Ephemeral, EphemeralError, GROUP_KEYS_MAX, check};

/// Sets between two sweeps of groups that nobody lists.
const SWEEP_EVERY: u32 = 10_000;

/// A value and when it ends.
type Entry = (String, Instant);

/// Keeps keys in this process, by the injected clock.
pub struct MemoryEphemeral {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    groups: HashMap<String, BTreeMap<String, Entry>>,
    sets: u32,
}

impl MemoryEphemeral {
    /// An empty store.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::default(),
        }
    }
}

impl State {
    fn purge(&mut self, group: &str, now: Instant) {
        if let Some(keys) = self.groups.get_mut(group) {
            keys.retain(|_, (_, ends)| *ends > now);
            if keys.is_empty() {
                self.groups.remove(group);
            }
        }
    }

    fn sweep(&mut self, now: Instant) {
        self.groups.retain(|_, keys| {
            keys.retain(|_, (_, ends)| *ends > now);
            !keys.is_empty()
        });
    }
}

#[async_trait]
impl Ephemeral for MemoryEphemeral {
    async fn set_for(
        &self,
        group: &str,
        key: &str,
        value: &str,
        ttl: Duration,
    ) -> Result<(), EphemeralError> {
        check(&[group, key, value])?;
        let now = self.clock.now();
        let ends = chrono::Duration::from_std(ttl)
            .ok()
            .and_then(|ttl| now.checked_add_signed(ttl))
            .unwrap_or(Instant::MAX_UTC);
        let mut state = self.state.lock();
        state.sets = state.sets.wrapping_add(1);
        if state.sets.is_multiple_of(SWEEP_EVERY) {
            state.sweep(now);
        }
        if state
            .groups
            .get(group)
            .is_some_and(|keys| keys.len() >= GROUP_KEYS_MAX)
        {
            state.purge(group, now);
        }
        let keys = state.groups.entry(group.to_owned()).or_default();
        if keys.len() >= GROUP_KEYS_MAX && !keys.contains_key(key) {
            return Err(EphemeralError::Full);
        }
        keys.insert(key.to_owned(), (value.to_owned(), ends));
        Ok(())
    }

    async fn remove(&self, group: &str, key: &str) -> Result<(), EphemeralError> {
        let now = self.clock.now();
        let mut state = self.state.lock();
        if let Some(keys) = state.groups.get_mut(group) {
            keys.remove(key);
        }
        state.purge(group, now);
        Ok(())
    }

    async fn list(&self, group: &str) -> Result<Vec<(String, String)>, EphemeralError> {
        let now = self.clock.now();
        let mut state = self.state.lock();
        state.purge(group, now);
        let keys = state.groups.get(group).into_iter().flatten();
        Ok(keys
            .map(|(key, (value, _))| (key.clone(), value.clone()))
            .collect())
    }
}
