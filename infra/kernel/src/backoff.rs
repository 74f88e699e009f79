//! How long to wait before trying again.

use std::time::Duration;

use crate::Rng;

/// Doubles from `first` to `cap`; each wait is drawn between half and the whole, so that many
/// clients that failed together do not return together.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    /// Wait after the first failure.
    pub first: Duration,
    /// The longest wait.
    pub cap: Duration,
}

impl Backoff {
    /// The wait after `failures` failures in a row (1 is the first).
    #[must_use]
    pub fn wait(&self, failures: u32, rng: &dyn Rng) -> Duration {
        let doublings = failures.saturating_sub(1).min(20);
        let whole = self.first.saturating_mul(1 << doublings).min(self.cap);
        let half = whole / 2;
        let spread_ms = u32::try_from(half.as_millis()).unwrap_or(u32::MAX - 1);
        half + Duration::from_millis(u64::from(rng.below(spread_ms.saturating_add(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededRng;

    #[test]
    fn waits_grow_to_the_cap_and_no_further() {
        let backoff = Backoff {
            first: Duration::from_secs(1),
            cap: Duration::from_secs(60),
        };
        let rng = SeededRng::new(3);
        let waits: Vec<_> = (1..=12).map(|n| backoff.wait(n, &rng)).collect();
        assert!(waits[0] >= Duration::from_millis(500) && waits[0] <= Duration::from_secs(1));
        assert!(waits[11] >= Duration::from_secs(30) && waits[11] <= Duration::from_secs(60));
    }
}
