//! The rate-limit table: what may be done how often, and by whom it is counted. The edge itself
//! counts every GraphQL request ([`LimitedAction::Api`]); resolvers count the others through the
//! same object.

use std::time::Duration;

use api_graphql::{ActionLimiter, LimitKey, LimitedAction};
use async_trait::async_trait;
use platform::rate_limit::{Quota, RateLimiter};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// The table.
#[must_use]
pub fn quota(action: LimitedAction) -> Quota {
    match action {
        LimitedAction::SignUp => Quota::new("sign_up", 10, HOUR),
        LimitedAction::Code => Quota::new("code", 20, HOUR),
        // An office behind one address signs in at nine o'clock.
        LimitedAction::SignIn => Quota::new("sign_in", 100, MINUTE),
        // On the way of every message: nobody waits for Redis.
        LimitedAction::Send => Quota::new("send", 600, MINUTE).ahead(),
        LimitedAction::Sync => Quota::new("sync", 300, MINUTE).ahead(),
        LimitedAction::Api => Quota::new("api", 6_000, MINUTE).ahead(),
    }
}

/// What a limiter counts by.
fn text(key: LimitKey<'_>) -> String {
    match key {
        LimitKey::Source(std::net::IpAddr::V4(address)) => format!("ip:{address}"),
        LimitKey::Source(std::net::IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("ip:{a:x}:{b:x}:{c:x}:{d:x}")
        }
        LimitKey::Tenant(tenant) => tenant.to_string(),
        LimitKey::Member(tenant, member) => format!("{tenant}/{member}"),
        LimitKey::Session(session) => session.to_string(),
        LimitKey::Text(text) => format!("text:{text}"),
    }
}

/// Counts limited actions. One a process.
pub struct LimitedActions {
    limiter: RateLimiter,
}

impl LimitedActions {
    /// Counts with `limiter`, in this process or in Redis.
    #[must_use]
    pub fn new(limiter: RateLimiter) -> Self {
        Self { limiter }
    }
}

#[async_trait]
impl ActionLimiter for LimitedActions {
    /// A refusal does not count, and waits at least a second.
    async fn check(&self, action: LimitedAction, key: LimitKey<'_>) -> Result<(), u64> {
        let checked = self.limiter.check(&quota(action), &text(key)).await;
        checked.map_err(|limited| {
            let seconds = limited.retry_after.as_millis().div_ceil(1_000);
            u64::try_from(seconds).unwrap_or(u64::MAX).max(1)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::ManualClock;

    use super::*;

    #[tokio::test]
    async fn a_source_waits_and_its_neighbour_does_not() {
        let clock = ManualClock::default();
        let actions = LimitedActions::new(RateLimiter::local(Arc::new(clock.clone())));
        let source = |text: &str| LimitKey::Source(text.parse().unwrap());
        let (here, same, other) = (
            source("2001:db8::1"),
            source("2001:db8::2"),
            source("10.0.0.1"),
        );
        for _ in 0..quota(LimitedAction::SignUp).burst {
            assert_eq!(actions.check(LimitedAction::SignUp, here).await, Ok(()));
        }
        let wait = actions
            .check(LimitedAction::SignUp, same)
            .await
            .unwrap_err();
        assert!((1..=3_600).contains(&wait), "{wait}");
        assert_eq!(actions.check(LimitedAction::SignUp, other).await, Ok(()));
        assert_eq!(actions.check(LimitedAction::Code, here).await, Ok(()));
    }
}
