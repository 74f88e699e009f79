//! A new member (DIR-10 to DIR-12): by mail with a link, or with a slip that is printed once.

use kernel::{Instant, Secret};
use sea_orm::{ActiveValue::Set, EntityTrait as _, PaginatorTrait as _};
use tenancy_access::{
    DomainError, LinkPurpose, NewPassword, TenantContext, assign,
    audit_log::{Deed, append},
    contact::Contact,
    credential::write_password,
    initial_password, lock_row, mail_link, optional_line, required_line,
};
use tenancy_model::{
    DepartmentId, ErrorCode, Language, MemberId, MemberState, Permission, Problem, Role, limits,
};
use tenancy_store::{StoreError, TenantTx};

use crate::{
    MemberRecord, MembershipChange, MembershipObserver,
    department::department_set,
    entity::{member, placement},
    keys::{self, Key},
    member_record::record_in,
    publish_change, search, tree,
};

/// What the form says.
#[derive(Debug, Clone, Default)]
pub struct MemberCreateInput {
    /// 姓名.
    pub name: String,
    /// Letters and digits, unique, for ever (DIR-12).
    pub account: String,
    /// Empty: directly under the root.
    pub departments: Vec<DepartmentId>,
    /// At least one of e-mail and mobile, unless `slip`.
    pub email: Option<String>,
    /// At least one of e-mail and mobile, unless `slip`.
    pub mobile: Option<String>,
    /// 职位.
    pub position: Option<String>,
    /// 昵称.
    pub nickname: Option<String>,
    /// Print an initial password instead of mailing a link.
    pub slip: bool,
}

/// What the administrator prints once: the only place where an initial password is ever shown.
#[derive(Debug, Clone)]
pub struct PasswordSlip {
    /// 组织机构域.
    pub host_name: String,
    /// 企业号.
    pub enterprise_number: String,
    /// 登录帐号.
    pub account: String,
    /// 初始密码; must be changed at the first sign-in.
    pub initial_password: Secret,
}

/// A member, and how they learn of it.
#[derive(Debug, Clone)]
pub struct MemberCreated {
    /// The new member.
    pub record: MemberRecord,
    /// Where a slip was asked for, or there is no e-mail address.
    pub slip: Option<PasswordSlip>,
    /// Whether a link was mailed (TEN-12).
    pub mailed: bool,
}

/// A slip for a member, and the hash that goes with it.
pub(crate) async fn new_slip(
    ctx: &TenantContext,
    account: &str,
) -> Result<(PasswordSlip, String), DomainError> {
    let password = initial_password(ctx.rng());
    let passwords = &ctx.services.access.passwords;
    let hash = passwords.hash(ctx.rng(), &password).await?;
    let slip = PasswordSlip {
        host_name: ctx.tenant.host_name.clone(),
        enterprise_number: ctx.tenant.number.clone(),
        account: account.to_owned(),
        initial_password: password,
    };
    Ok((slip, hash))
}

/// The form, checked.
struct Checked {
    new: NewMember,
    departments: std::collections::BTreeSet<DepartmentId>,
    position: Option<String>,
}

fn check(ctx: &TenantContext, input: &MemberCreateInput) -> Result<Checked, Problem> {
    let chars = limits::NAME_CHARS_MAX;
    let name = required_line("name", &input.name, chars)?;
    let account = keys::account(&input.account)?;
    let departments = department_set(&input.departments)?;
    let email = keys::email(input.email.as_deref())?;
    let mobile = keys::mobile(input.mobile.as_deref())?;
    if email.is_none() && mobile.is_none() && !input.slip {
        return Err(Problem::field(ErrorCode::ContactRequired, "email"));
    }
    Ok(Checked {
        departments,
        position: optional_line("position", input.position.as_deref(), chars)?,
        new: NewMember {
            id: MemberId::new(ctx.clock(), ctx.rng()),
            name,
            nickname: optional_line("nickname", input.nickname.as_deref(), chars)?,
            account,
            email,
            mobile,
            language: None,
            now: ctx.now(),
        },
    })
}

/// Creates a member. With an e-mail address and no `slip` a link is mailed; otherwise a slip with
/// an initial password is returned, this once.
///
/// # Errors
/// [`DomainError::NOT_FOUND`] when a department is not there; `REQUIRED`, `TOO_LONG`,
/// `INVALID_ACCOUNT`, `INVALID_EMAIL`, `INVALID_MOBILE`, `CONTACT_REQUIRED`, `ACCOUNT_TAKEN`,
/// `EMAIL_TAKEN`, `MOBILE_TAKEN`, `TOO_MANY`.
pub async fn member_create(
    ctx: &TenantContext,
    observer: &dyn MembershipObserver,
    input: &MemberCreateInput,
) -> Result<MemberCreated, DomainError> {
    ctx.require(Permission::MembersManage)?;
    let Checked {
        new,
        departments,
        position,
    } = check(ctx, input)?;
    let by_slip = input.slip || new.email.is_none();
    let slip = match by_slip {
        true => Some(new_slip(ctx, &new.account.shown).await?),
        false => None,
    };
    let tx = ctx.store.begin().await?;
    // Of two who come at once for the last place, one finds it taken.
    lock_row(&tx, &ctx.services, "members").await?;
    tree::require_all(&tx, &departments).await?;
    let many = member::Entity::find().count(&tx).await?;
    if many >= limits::MEMBERS_MAX {
        let problem = Problem::new(ErrorCode::TooMany);
        return Err(problem.limit(limits::MEMBERS_MAX).used(many).into());
    }
    insert(&tx, &new).await?;
    let places: Vec<DepartmentId> = departments.iter().copied().collect();
    place(&tx, new.id, &places, (position, 0)).await?;
    let mut mailed = false;
    let slip = match slip {
        Some((slip, hash)) => {
            let password = NewPassword {
                member: new.id,
                hash,
                initial: true,
                now: ctx.now(),
            };
            write_password(&tx, &password).await?;
            Some(slip)
        }
        None => {
            mailed = mail_link(&tx, ctx, new.id, LinkPurpose::Activation).await?;
            None
        }
    };
    let change = MembershipChange {
        member: new.id,
        left: Vec::new(),
        joined: places,
        present: true,
    };
    observer.membership_changed(ctx, &tx, &change).await?;
    append(&tx, ctx, &Deed::new("member.create").to(&new.name, new.id)).await?;
    let record = record_in(ctx, &tx, new.id).await?;
    tx.commit().await?;
    publish_change(ctx).await;
    Ok(MemberCreated {
        record,
        slip,
        mailed,
    })
}

/// A member's row before it is written.
struct NewMember {
    id: MemberId,
    name: String,
    nickname: Option<String>,
    account: Contact,
    email: Option<Contact>,
    mobile: Option<Contact>,
    language: Option<Language>,
    now: Instant,
}

async fn insert(tx: &TenantTx, new: &NewMember) -> Result<(), DomainError> {
    keys::claim(tx, new.id, Key::Account, &new.account.folded).await?;
    if let Some(email) = &new.email {
        keys::claim(tx, new.id, Key::Email, &email.folded).await?;
    }
    if let Some(mobile) = &new.mobile {
        keys::claim(tx, new.id, Key::Mobile, &mobile.folded).await?;
    }
    let nickname = new.nickname.as_deref();
    let row = member::ActiveModel {
        id: Set(new.id),
        account: Set(new.account.shown.clone()),
        name: Set(new.name.clone()),
        nickname: Set(new.nickname.clone()),
        email: Set(new.email.as_ref().map(|email| email.shown.clone())),
        mobile: Set(new.mobile.as_ref().map(|mobile| mobile.shown.clone())),
        signature: Set(None),
        avatar_id: Set(None),
        search: Set(search::search_text(&new.name, nickname, &new.account.shown)),
        sort: Set(search::sort_text(&new.name)),
        state: Set(MemberState::Active),
        authorized_at: Set(None),
        language: Set(new.language),
        must_change_password: Set(true),
        failures: Set(0),
        locked_at: Set(None),
        last_sign_in_at: Set(None),
        created_at: Set(new.now),
    };
    member::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Places a member in departments, or directly under the root.
pub(crate) async fn place(
    tx: &TenantTx,
    member: MemberId,
    departments: &[DepartmentId],
    (position, weight): (Option<String>, i32),
) -> Result<(), StoreError> {
    let root = [tree::root()];
    let places = if departments.is_empty() {
        &root
    } else {
        departments
    };
    let rows = places.iter().map(|department| placement::ActiveModel {
        department_id: Set(*department),
        member_id: Set(member),
        position: Set(position.clone()),
        weight: Set(weight),
    });
    placement::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The person who signed the company up.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    /// Chosen by the caller, who may need it elsewhere.
    pub id: MemberId,
    /// As typed in the sign-up form.
    pub name: String,
    /// Letters and digits.
    pub account: String,
    /// Confirmed by a code.
    pub email: Option<String>,
    /// As typed.
    pub mobile: Option<String>,
    /// Of the sign-up.
    pub language: Language,
    /// Of the password of the sign-up form, which is the member's own.
    pub password_hash: String,
    /// When.
    pub now: Instant,
}

/// Writes the first administrator, an owner, in the transaction that provisions the tenant.
///
/// # Errors
/// As [`member_create`].
pub async fn first_administrator(
    tx: &TenantTx,
    first: &FirstAdministrator,
) -> Result<(), DomainError> {
    let new = NewMember {
        id: first.id,
        name: required_line("contactName", &first.name, limits::NAME_CHARS_MAX)?,
        nickname: None,
        account: keys::account(&first.account)?,
        email: keys::email(first.email.as_deref())?,
        mobile: keys::mobile(first.mobile.as_deref())?,
        language: Some(first.language),
        now: first.now,
    };
    insert(tx, &new).await?;
    place(tx, new.id, &[], (None, 0)).await?;
    let password = NewPassword {
        member: first.id,
        hash: first.password_hash.clone(),
        initial: false,
        now: first.now,
    };
    write_password(tx, &password).await?;
    assign(tx, first.id, Role::Owner, first.now).await?;
    Ok(())
}
