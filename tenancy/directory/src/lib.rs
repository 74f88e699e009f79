//! People and structure: departments, members, finding them, and their states from the first day to
//! the last.
//!
//! | file | what |
//! | --- | --- |
//! | `department.rs`, `tree.rs` | the organisation tree: verbs; paths and counts |
//! | `member.rs` | what colleagues see of a member; batched lookups |
//! | `member_list.rs`, `search.rs` | lists and search by name, account, pinyin |
//! | `member_record.rs` | what administrators see of a member |
//! | `member_create.rs`, `member_update.rs` | verbs |
//! | `member_state.rs`, `member_password.rs`, `member_seat.rs` | verbs of the way in |
//! | `keys.rs` | what a member is found by at sign-in; unique in the tenant |
//! | `observer.rs` | the port through which chat follows the directory |
//!
//! Sign-in, sessions, roles and password hashes are not here: they are `tenancy-access`.
//!
//! **To add a field of a member**: a column by a migration in `tenancy-store`, the field in
//! `entity/member.rs` and in [`Member`] (or [`MemberRecord`], where only administrators see it),
//! its rule in `member_create.rs` and `member_update.rs`, and the field of the GraphQL type.

mod department;
#[expect(
    unreachable_pub,
    reason = "SeaORM's derives want entities to be `pub`; the module is not"
)]
mod entity;
mod keys;
mod member;
mod member_create;
mod member_list;
mod member_password;
mod member_record;
mod member_seat;
mod member_state;
mod member_update;
mod observer;
mod search;
#[cfg(test)]
mod tests;
mod tree;

use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{EventBody, Permission, RecordId};

pub use department::{
    Department, DepartmentCreateInput, DepartmentUpdateInput, department, department_create,
    department_delete, department_update, departments, departments_by_ids, departments_of,
};
pub use member::{Member, member, members_by_ids};
pub use member_create::{
    FirstAdministrator, MemberCreateInput, MemberCreated, PasswordSlip, first_administrator,
    member_create,
};
pub use member_list::{MemberFilter, members};
pub use member_password::{
    MemberPasswordResetInput, PasswordReset, member_password_reset, member_unlock,
};
pub use member_record::{MemberRecord, MemberRecordFilter, member_record, member_records};
pub use member_seat::{member_authorize, member_unauthorize};
pub use member_state::{MemberStateSetInput, member_state_set};
pub use member_update::{MemberUpdateInput, member_update};
pub use observer::{MembershipChange, MembershipObserver};
pub use tree::{DepartmentCounts, department_counts};

/// Members see the directory, and so does who sees it from the console without being one.
fn require_reader(ctx: &TenantContext) -> Result<(), DomainError> {
    match ctx.actor.member() {
        Some(_) => ctx.require_member().map(drop),
        None => ctx.require(Permission::MembersView),
    }
}

/// Tells live clients that the directory is another one; call it after the commit.
async fn publish_change(ctx: &TenantContext) {
    let version = RecordId::new(ctx.clock(), ctx.rng()).to_string();
    ctx.publish(EventBody::Directory { version }).await;
}
