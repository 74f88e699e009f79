//! How many codes and trials a source, an address and a mail domain may have. Counted from the rows
//! themselves, so that a restart forgets nothing, and under a lock that all processes share, so
//! that two who come at once do not both find room for one.

use std::net::IpAddr;

use chrono::Duration;
use kernel::Instant;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Select,
    sea_query::{Expr, ExprTrait as _, Func, LikeExpr},
};
use tenancy_access::{DomainError, Origin};
use tenancy_model::{ErrorCode, Problem};
use tenancy_store::{ControlTx, StoreError};

use crate::{RegistryConfig, entity::signup};

/// Whom a sign-up is counted for.
pub(super) struct Claimant {
    /// Address of the caller; IPv6 by its /64, which one household or server has to itself.
    pub(super) source: String,
    /// The folded address.
    pub(super) email: String,
}

impl Claimant {
    pub(super) fn new(origin: &Origin, email_folded: String) -> Self {
        Self {
            source: source(origin.ip),
            email: email_folded,
        }
    }

    /// Waits until nobody else from this source or mail domain is between counting and committing.
    pub(super) async fn lock(&self, tx: &ControlTx) -> Result<(), StoreError> {
        // Always in this order: who waits for a domain holds a source, never the other way round.
        tx.lock(&format!("signup source {}", self.source)).await?;
        tx.lock(&format!("signup domain {}", self.domain())).await
    }

    fn domain(&self) -> &str {
        self.email.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Refuses one code more than a source or an address may have in a day.
    pub(super) async fn require_code(
        &self,
        tx: &ControlTx,
        config: &RegistryConfig,
        now: Instant,
    ) -> Result<(), DomainError> {
        let today = since(now - Duration::days(1));
        let of_source = today
            .clone()
            .filter(signup::Column::Source.eq(&self.source));
        require_below(tx, of_source, config.signups_per_source_max, None).await?;
        let of_address = today.filter(signup::Column::Email.eq(&self.email));
        require_below(
            tx,
            of_address,
            config.signups_per_address_max,
            Some("email"),
        )
        .await
    }

    /// The claimant of a sign-up that is on its way.
    pub(super) fn of(row: &signup::Model) -> Self {
        Self {
            source: row.source.clone(),
            email: row.email.clone(),
        }
    }

    /// Refuses one trial more than a source or a mail domain may have in the window. Only sign-ups
    /// that became tenants count.
    pub(super) async fn require_trial(
        &self,
        tx: &ControlTx,
        config: &RegistryConfig,
        now: Instant,
    ) -> Result<(), DomainError> {
        let window = since(now - Duration::days(config.trials_window_days.into()))
            .filter(signup::Column::ConfirmedAt.is_not_null());
        let of_source = window
            .clone()
            .filter(signup::Column::Source.eq(&self.source));
        require_below(tx, of_source, config.trials_per_source_max, None).await?;
        let domain = self.domain();
        let public = config
            .public_mail_domains
            .iter()
            .any(|d| d.eq_ignore_ascii_case(domain));
        let of_domain = if public {
            window.filter(signup::Column::Email.eq(&self.email))
        } else {
            window.filter(ends_with(domain))
        };
        require_below(tx, of_domain, config.trials_per_domain_max, Some("email")).await
    }
}

/// Whom an address is counted for: itself, an IPv6 address by its /64. Empty: nobody knows.
pub(crate) fn source(ip: Option<IpAddr>) -> String {
    match ip {
        None => String::new(),
        Some(IpAddr::V4(ip)) => ip.to_string(),
        Some(IpAddr::V6(ip)) => match ip.to_ipv4_mapped() {
            Some(ip) => ip.to_string(),
            None => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
    }
}

fn since(at: Instant) -> Select<signup::Entity> {
    signup::Entity::find().filter(signup::Column::CreatedAt.gt(at))
}

/// A well-formed domain has no character that a pattern would take for its own but `_`, and that
/// not either; the escape is for whoever changes the rule.
fn ends_with(domain: &str) -> sea_orm::sea_query::SimpleExpr {
    let escaped = domain
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let pattern = LikeExpr::new(format!("%@{escaped}")).escape('\\');
    Func::lower(Expr::col(signup::Column::Email)).like(pattern)
}

async fn require_below(
    tx: &ControlTx,
    rows: Select<signup::Entity>,
    max: u32,
    field: Option<&'static str>,
) -> Result<(), DomainError> {
    let used = rows.count(tx).await.map_err(StoreError::from)?;
    if used < u64::from(max) {
        return Ok(());
    }
    let problem = Problem::new(ErrorCode::TooManyTrials).limit(max.into());
    Err(Problem { field, ..problem }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_one_source() {
        let of = |text: &str| source(Some(text.parse().unwrap()));
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
