//! Host names (组织机构域, TEN-02): what a member types, or what the address begins with, to reach their
//! tenant. A name is 3–32 of a–z, 0–9 and hyphen; some are reserved; a freed one rests for a year
//! so that nobody inherits another company's links.

use chrono::Duration;
use kernel::Instant;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    sea_query::OnConflict,
};
use tenancy_access::DomainError;
use tenancy_model::{ErrorCode, Problem};
use tenancy_store::{ControlTx, StoreError, control::tenant};

use crate::{Registry, RegistryConfig, entity::host_name_rest};

/// Characters of a host name.
pub const HOST_NAME_CHARS_MIN: usize = 3;
/// Characters of a host name.
pub const HOST_NAME_CHARS_MAX: usize = 32;
/// Days for which a freed name rests.
pub const HOST_NAME_REST_DAYS: i64 = 365;
/// Numbered variants that are tried for a suggestion.
const SUGGESTIONS_MAX: u32 = 20;

/// Names of the deployment itself, of mail and of the web, one a line.
const RESERVED: &str = include_str!("text/reserved_host_names.txt");

/// Whether a name can be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostNameCheck {
    /// The name as it would be kept: lower case, no white space around it.
    pub host_name: String,
    /// Why it cannot be had; `None`: it can.
    pub problem: Option<Problem>,
    /// A similar name that can be had, where this one is taken or reserved.
    pub suggestion: Option<String>,
}

/// Tells whether a name can be had, and a similar one if not.
///
/// # Errors
/// The database is away.
pub async fn host_name_check(
    registry: &Registry,
    text: &str,
) -> Result<HostNameCheck, DomainError> {
    let host_name = normal(text);
    let tx = registry.services.stores.control().read().await?;
    let now = registry.services.clock.now();
    let problem = match require_free(&tx, &registry.config, &host_name, now).await {
        Ok(()) => None,
        Err(DomainError::Refused(problem)) => Some(problem),
        Err(error) => return Err(error),
    };
    let suggestion = match &problem {
        Some(problem) if problem.code != ErrorCode::InvalidHostName => {
            suggest(&tx, &registry.config, &host_name, now).await?
        }
        _ => None,
    };
    Ok(HostNameCheck {
        host_name,
        problem,
        suggestion,
    })
}

/// The form in which names are kept and compared.
pub(crate) fn normal(text: &str) -> String {
    text.trim().to_ascii_lowercase()
}

/// Refuses a name (in its normal form) that cannot be had.
///
/// # Errors
/// `INVALID_HOST_NAME`, `HOST_NAME_RESERVED`, `HOST_NAME_TAKEN`, or the database is away.
pub(crate) async fn require_free(
    tx: &ControlTx,
    config: &RegistryConfig,
    name: &str,
    now: Instant,
) -> Result<(), DomainError> {
    let problem = |code| Problem::field(code, "hostName");
    if !is_well_formed(name) {
        return Err(problem(ErrorCode::InvalidHostName).into());
    }
    if is_reserved(config, name) {
        return Err(problem(ErrorCode::HostNameReserved).into());
    }
    if is_taken(tx, name, now).await? {
        return Err(problem(ErrorCode::HostNameTaken).into());
    }
    Ok(())
}

/// Whether a tenant has the name, or had it less than a year ago.
pub(crate) async fn is_taken(tx: &ControlTx, name: &str, now: Instant) -> Result<bool, StoreError> {
    let tenants = tenant::Entity::find()
        .filter(tenant::Column::HostName.eq(name))
        .count(tx)
        .await?;
    if tenants > 0 {
        return Ok(true);
    }
    let resting = host_name_rest::Entity::find_by_id(name).one(tx).await?;
    Ok(resting.is_some_and(|rest| rest.free_at > now))
}

/// Lets a freed name rest.
pub(crate) async fn rest(tx: &ControlTx, name: &str, now: Instant) -> Result<(), StoreError> {
    let row = host_name_rest::ActiveModel {
        host_name: Set(name.to_owned()),
        free_at: Set(now + Duration::days(HOST_NAME_REST_DAYS)),
    };
    let again = OnConflict::column(host_name_rest::Column::HostName)
        .update_column(host_name_rest::Column::FreeAt)
        .to_owned();
    host_name_rest::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

async fn suggest(
    tx: &ControlTx,
    config: &RegistryConfig,
    name: &str,
    now: Instant,
) -> Result<Option<String>, StoreError> {
    for n in 2..2 + SUGGESTIONS_MAX {
        let ending = format!("-{n}");
        let stem: String = name
            .chars()
            .take(HOST_NAME_CHARS_MAX - ending.len())
            .collect();
        let candidate = format!("{}{ending}", stem.trim_end_matches('-'));
        let possible = is_well_formed(&candidate) && !is_reserved(config, &candidate);
        if possible && !is_taken(tx, &candidate, now).await? {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
}

fn is_well_formed(name: &str) -> bool {
    let chars = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let length = (HOST_NAME_CHARS_MIN..=HOST_NAME_CHARS_MAX).contains(&name.len());
    let ends = !name.starts_with('-') && !name.ends_with('-');
    // `xn--` is how DNS writes other alphabets: a name that looks like another one.
    chars && length && ends && !name.starts_with("xn--")
}

fn is_reserved(config: &RegistryConfig, name: &str) -> bool {
    let own = config
        .reserved_host_names
        .iter()
        .any(|own| normal(own) == name);
    own || RESERVED.lines().any(|reserved| reserved.trim() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// covers: TEN-02
    #[test]
    fn a_host_name_is_3_to_32_letters_digits_and_inner_hyphens() {
        for good in ["abc", "a-1", "haiyun", "9lives", &"x".repeat(32)] {
            assert!(is_well_formed(good), "{good}");
        }
        let bad = [
            "ab",
            "-ab",
            "ab-",
            "a_b",
            "Abc",
            "海云网络",
            "a.b",
            "xn--abc",
            "",
            &"x".repeat(33),
        ];
        for bad in bad {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }

    #[test]
    fn names_of_the_deployment_are_reserved_and_the_list_is_usable() {
        let config = RegistryConfig {
            reserved_host_names: vec!["Acme".to_owned()],
            ..RegistryConfig::default()
        };
        for name in ["www", "admin", "postmaster", "acme"] {
            assert!(is_reserved(&config, name), "{name}");
        }
        assert!(!is_reserved(&config, "haiyun"));
        let mut names: Vec<_> = RESERVED.lines().collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "no name is listed twice");
    }
}
