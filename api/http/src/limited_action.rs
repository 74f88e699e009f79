//! The rate-limit table: what may be done how often, and by whom it is counted. The edge itself counts
//! every GraphQL request ([`LimitedAction::Api`]); resolvers count the others through their own port,
//! which `api-server` joins to [`LimitedActions`].

use std::net::IpAddr;
use std::time::Duration;

use platform::rate_limit::{Quota, RateLimiter};
use tenancy_model::{MemberId, SessionId, TenantId};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// Something that may not be done without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitedAction {
    /// Starting a sign-up; by source.
    SignUp,
    /// Asking for or guessing a code or one-time link; by source, or by address.
    Code,
    /// Signing in, by source; the lock of an account (SEC-14) is counted apart.
    SignIn,
    /// Sending a message; by member.
    Send,
    /// Catching up; by member.
    Sync,
    /// Any GraphQL request; by session, or by source without one.
    Api,
}

impl LimitedAction {
    /// All of them, for documentation and tests.
    pub const ALL: [Self; 6] = [
        Self::SignUp,
        Self::Code,
        Self::SignIn,
        Self::Send,
        Self::Sync,
        Self::Api,
    ];

    /// The table.
    #[must_use]
    pub fn quota(self) -> Quota {
        match self {
            Self::SignUp => Quota::new("sign_up", 10, HOUR),
            Self::Code => Quota::new("code", 20, HOUR),
            // An office behind one address signs in at nine o'clock.
            Self::SignIn => Quota::new("sign_in", 100, MINUTE),
            Self::Send => Quota::new("send", 600, MINUTE),
            Self::Sync => Quota::new("sync", 300, MINUTE),
            Self::Api => Quota::new("api", 6_000, MINUTE),
        }
    }
}

/// By whom an action is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKey<'a> {
    /// An address; of IPv6 its /64, which is what one customer has.
    Source(IpAddr),
    /// A tenant.
    Tenant(TenantId),
    /// A member.
    Member(TenantId, MemberId),
    /// A session.
    Session(SessionId),
    /// Anything else, e.g. an e-mail address.
    Text(&'a str),
}

impl LimitKey<'_> {
    fn text(self) -> String {
        match self {
            Self::Source(IpAddr::V4(address)) => format!("ip:{address}"),
            Self::Source(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("ip:{a:x}:{b:x}:{c:x}:{d:x}")
            }
            Self::Tenant(tenant) => tenant.to_string(),
            Self::Member(tenant, member) => format!("{tenant}/{member}"),
            Self::Session(session) => session.to_string(),
            Self::Text(text) => format!("text:{text}"),
        }
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

    /// Counts one `action` by `key`; the seconds to wait (at least 1) when it is too often. A refusal
    /// does not count.
    ///
    /// # Errors
    /// The seconds to wait, for `retryAfterS`.
    pub async fn check(&self, action: LimitedAction, key: LimitKey<'_>) -> Result<(), u64> {
        let checked = self.limiter.check(&action.quota(), &key.text()).await;
        checked
            .map_err(|limited| limited.retry_after.as_millis().div_ceil(1_000))
            .map_err(|seconds| u64::try_from(seconds).unwrap_or(u64::MAX).max(1))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use kernel::ManualClock;

    use super::*;

    #[test]
    fn every_quota_has_a_name_of_its_own() {
        let names: BTreeSet<_> = LimitedAction::ALL.map(|action| action.quota().name).into();
        assert_eq!(names.len(), LimitedAction::ALL.len());
    }

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
        for _ in 0..LimitedAction::SignUp.quota().burst {
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
