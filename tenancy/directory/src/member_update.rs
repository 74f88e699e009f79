//! Changing a member (DIR-17 to DIR-19): everything but the account, which never changes.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _,
};
use tenancy_access::{
    DomainError, TenantContext,
    audit_log::{Deed, append},
    contact::Contact,
    forget_links, optional_line, required_line, roles_of,
};
use tenancy_model::{DepartmentId, ErrorCode, MemberId, MemberState, Permission, Problem, limits};
use tenancy_store::{StoreError, TenantTx};

use crate::{
    MemberRecord, MembershipChange, MembershipObserver,
    department::department_set,
    entity::{member, placement},
    keys::{self, Key},
    member::{lock, places_of},
    member_create::place,
    member_record::record_in,
    publish_change, search, tree,
};

/// What to change; `None` stays as it is, an empty text clears what may be empty.
#[derive(Debug, Clone)]
pub struct MemberUpdateInput {
    /// Who.
    pub id: MemberId,
    /// 姓名.
    pub name: Option<String>,
    /// Exactly these; empty: directly under the root (DIR-16, DIR-18).
    pub departments: Option<Vec<DepartmentId>>,
    /// Not both of e-mail and mobile can be cleared (DIR-11).
    pub email: Option<String>,
    /// Not both of e-mail and mobile can be cleared (DIR-11).
    pub mobile: Option<String>,
    /// 职位, in every department of the member.
    pub position: Option<String>,
    /// 昵称.
    pub nickname: Option<String>,
    /// Larger is shown earlier (DIR-19), in every department of the member.
    pub weight: Option<i32>,
}

/// Changes a member. Nobody changes somebody of a higher role: an e-mail address is a way in.
///
/// # Errors
/// [`DomainError::NOT_FOUND`], also for departments; [`DomainError::FORBIDDEN`]; the refusals of
/// the fields as at creation.
pub async fn member_update(
    ctx: &TenantContext,
    observer: &dyn MembershipObserver,
    input: &MemberUpdateInput,
) -> Result<MemberRecord, DomainError> {
    ctx.require(Permission::MembersManage)?;
    let chars = limits::NAME_CHARS_MAX;
    let name = input.name.as_deref();
    let name = name
        .map(|name| required_line("name", name, chars))
        .transpose()?;
    let line = |field, text: &Option<String>| {
        let text = text.as_deref();
        text.map(|text| optional_line(field, Some(text), chars))
            .transpose()
    };
    let (nickname, position) = (
        line("nickname", &input.nickname)?,
        line("position", &input.position)?,
    );
    let email = input
        .email
        .as_deref()
        .map(|text| keys::email(Some(text)))
        .transpose()?;
    let mobile = input
        .mobile
        .as_deref()
        .map(|text| keys::mobile(Some(text)))
        .transpose()?;
    let departments = input
        .departments
        .as_deref()
        .map(department_set)
        .transpose()?;
    let tx = ctx.store.begin().await?;
    let old = lock(&tx, input.id).await?;
    let roles = roles_of(&tx, &[old.id])
        .await?
        .remove(&old.id)
        .unwrap_or_default();
    ctx.require_rank_over(&roles)?;
    let mut row = old.clone().into_active_model();
    set_contacts(&tx, &old, &mut row, (email, mobile)).await?;
    if let Some(name) = &name {
        row.name = Set(name.clone());
        row.sort = Set(search::sort_text(name));
    }
    if let Some(nickname) = &nickname {
        row.nickname = Set(nickname.clone());
    }
    if name.is_some() || nickname.is_some() {
        let name = name.as_deref().unwrap_or(&old.name);
        let nickname = nickname.unwrap_or_else(|| old.nickname.clone());
        row.search = Set(search::search_text(name, nickname.as_deref(), &old.account));
    }
    if row.is_changed() {
        row.update(&tx).await?;
    }
    let replacing = Replacing {
        departments,
        position,
        weight: input.weight,
    };
    if let Some(change) = replacing.apply(&tx, &old).await? {
        observer.membership_changed(ctx, &tx, &change).await?;
    }
    append(&tx, ctx, &Deed::new("member.update").to(&old.name, old.id)).await?;
    let record = record_in(ctx, &tx, old.id).await?;
    tx.commit().await?;
    publish_change(ctx).await;
    Ok(record)
}

/// A field that may be cleared: absent, cleared, or a new value.
type Change = Option<Option<Contact>>;

async fn set_contacts(
    tx: &TenantTx,
    old: &member::Model,
    row: &mut member::ActiveModel,
    (email, mobile): (Change, Change),
) -> Result<(), DomainError> {
    let remains = |change: &Change, old: &Option<String>| match change {
        Some(new) => new.is_some(),
        None => old.is_some(),
    };
    let had = old.email.is_some() || old.mobile.is_some();
    let has = remains(&email, &old.email) || remains(&mobile, &old.mobile);
    if had && !has {
        return Err(Problem::field(ErrorCode::ContactRequired, "email").into());
    }
    if let Some(email) = email {
        let shown = email.as_ref().map(|email| email.shown.clone());
        if shown != old.email {
            // A link that is on its way to the old address must not open the account.
            forget_links(tx, old.id).await?;
        }
        replace_key(tx, old.id, Key::Email, email).await?;
        row.email = Set(shown);
    }
    if let Some(mobile) = mobile {
        let shown = mobile.as_ref().map(|mobile| mobile.shown.clone());
        replace_key(tx, old.id, Key::Mobile, mobile).await?;
        row.mobile = Set(shown);
    }
    Ok(())
}

async fn replace_key(
    tx: &TenantTx,
    member: MemberId,
    key: Key,
    new: Option<Contact>,
) -> Result<(), DomainError> {
    keys::release(tx, member, key).await?;
    match new {
        Some(new) => keys::claim(tx, member, key, &new.folded).await,
        None => Ok(()),
    }
}

/// What becomes of a member's places.
struct Replacing {
    departments: Option<BTreeSet<DepartmentId>>,
    position: Option<Option<String>>,
    weight: Option<i32>,
}

impl Replacing {
    /// Returns what an observer has to know, where departments changed.
    async fn apply(
        self,
        tx: &TenantTx,
        old: &member::Model,
    ) -> Result<Option<MembershipChange>, DomainError> {
        if self.departments.is_none() && self.position.is_none() && self.weight.is_none() {
            return Ok(None);
        }
        if let Some(departments) = &self.departments {
            tree::require_all(tx, departments).await?;
        }
        let before = department_ids(tx, old.id).await?;
        let after = match self.departments {
            Some(departments) => departments.into_iter().collect(),
            None => before.clone(),
        };
        let place_before = places_of(tx, &[old.id])
            .await?
            .remove(&old.id)
            .unwrap_or_default();
        let position = self.position.unwrap_or(place_before.position);
        let weight = self.weight.unwrap_or(place_before.weight);
        placement::Entity::delete_many()
            .filter(placement::Column::MemberId.eq(old.id))
            .exec(tx)
            .await?;
        place(tx, old.id, &after, (position, weight)).await?;
        let moved = before != after && old.state != MemberState::Resigned;
        Ok(moved.then_some(MembershipChange {
            member: old.id,
            left: before,
            joined: after,
            present: true,
        }))
    }
}

/// The departments of a member, in the order of their ids; none directly under the root.
pub(crate) async fn department_ids(
    tx: &TenantTx,
    member: MemberId,
) -> Result<Vec<DepartmentId>, StoreError> {
    let rows = placement::Entity::find()
        .filter(placement::Column::MemberId.eq(member))
        .all(tx)
        .await?;
    let mut ids: Vec<_> = rows.into_iter().map(|row| row.department_id).collect();
    ids.retain(|id| *id != tree::root());
    ids.sort();
    Ok(ids)
}
