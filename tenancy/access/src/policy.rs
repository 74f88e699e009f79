//! The policy: which role permits what. One table, printed for customers as
//! `tests/snapshots/permission_matrix.txt`; nothing else decides.

use std::collections::BTreeSet;

use sea_orm::Iterable as _;
use tenancy_model::{Permission, Role};

use crate::{Actor, DomainError, TenantContext};

/// What one role permits.
#[must_use]
pub fn permissions_of(role: Role) -> BTreeSet<Permission> {
    match role {
        Role::Owner | Role::Administrator => Permission::iter().collect(),
        Role::DirectoryAdministrator => BTreeSet::from([
            Permission::MembersView,
            Permission::MembersManage,
            Permission::DepartmentsManage,
        ]),
        Role::Member => BTreeSet::new(),
    }
}

/// What several roles permit together.
#[must_use]
pub fn permissions_of_all(roles: &BTreeSet<Role>) -> BTreeSet<Permission> {
    roles.iter().copied().flat_map(permissions_of).collect()
}

/// Whether a holder may name owners and set the super password.
#[must_use]
pub fn is_sovereign(role: Role) -> bool {
    role == Role::Owner
}

/// Whether these roles open the console.
#[must_use]
pub fn opens_console(roles: &BTreeSet<Role>) -> bool {
    roles.iter().any(|role| *role != Role::Member)
}

/// How far up a role stands: nobody changes, locks out or takes over somebody further up.
fn rank(role: Role) -> u8 {
    match role {
        Role::Member => 0,
        Role::DirectoryAdministrator => 1,
        Role::Administrator => 2,
        Role::Owner => 3,
    }
}

fn highest(roles: &BTreeSet<Role>) -> u8 {
    roles.iter().copied().map(rank).max().unwrap_or(0)
}

impl TenantContext {
    /// Whether the actor may name owners and set the super password: owners, the founder, and work
    /// of our own.
    #[must_use]
    pub fn is_sovereign(&self) -> bool {
        match &self.actor {
            Actor::Member { roles, .. } => roles.iter().copied().any(is_sovereign),
            Actor::Founder { .. } | Actor::Job { .. } => true,
        }
    }

    /// Refuses an actor who stands below a holder of `roles`: who could change an owner's e-mail or
    /// password would be an owner.
    ///
    /// # Errors
    /// [`DomainError::FORBIDDEN`].
    pub fn require_rank_over(&self, theirs: &BTreeSet<Role>) -> Result<(), DomainError> {
        match &self.actor {
            Actor::Member { roles, .. } if highest(roles) < highest(theirs) => {
                Err(DomainError::FORBIDDEN)
            }
            _ => Ok(()),
        }
    }
}

/// The policy as a table that a customer can read.
#[must_use]
pub fn matrix() -> String {
    let roles: Vec<Role> = Role::iter().collect();
    let mark = |yes: bool| if yes { "yes" } else { "-" };
    let mut lines = vec![line("", roles.iter().map(|role| format!("{role:?}")))];
    for permission in Permission::iter() {
        let marks = roles
            .iter()
            .map(|role| permissions_of(*role).contains(&permission));
        lines.push(line(
            &format!("{permission:?}"),
            marks.map(|yes| mark(yes).to_owned()),
        ));
    }
    let sovereign = roles
        .iter()
        .map(|role| mark(is_sovereign(*role)).to_owned());
    lines.push(line("Name owners, set the super password", sovereign));
    lines.join("\n") + "\n"
}

fn line(head: &str, cells: impl Iterator<Item = String>) -> String {
    let mut text = format!("{head:<36}");
    for cell in cells {
        text.push_str(&format!("{cell:<24}"));
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_policy_is_current() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/snapshots/permission_matrix.txt"
        );
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(path, matrix()).unwrap();
        }
        let printed = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(printed, matrix(), "run again with UPDATE_SNAPSHOTS=1");
    }
}
