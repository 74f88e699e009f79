//! Two companies to look at, with departments and people. Their passwords are known to everybody,
//! so the demonstration is for a server on loopback alone (`api/server` sees to that).
//! Conversations are added by `api/server`, because this crate may not know chat.

use std::{collections::HashMap, sync::Arc};

use kernel::Secret;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tenancy_access::{
    Actor, DomainError, NewPassword, Origin, TenantContext, credential::write_password,
};
use tenancy_directory::{
    DepartmentCreateInput, MemberCreateInput, MemberFilter, MembershipObserver, department_create,
    departments, member_create, members,
};
use tenancy_model::{DepartmentId, ErrorCode, Language, MemberId, limits::PAGE_MAX};
use tenancy_store::{PageRequest, control::tenant};

use crate::{
    FOUNDER_ACCOUNT, FirstGrant, ProvisionRequest, Registry,
    demonstration_people::{COMPANIES, Company, PASSWORD, Person},
    provision,
};

/// Seats of each company.
const SEATS: u32 = 100;

/// An account that can be signed in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemonstrationAccount {
    /// Full name of the company.
    pub company: String,
    /// 组织机构域
    pub host_name: String,
    /// 登录帐号
    pub account: String,
    /// The password, known to everybody.
    pub password: String,
    /// Who it is, and what for.
    pub note: String,
}

/// A company of the demonstration.
#[derive(Clone)]
pub struct DemonstrationCompany {
    /// A context in it, of the job that loads the demonstration.
    pub ctx: TenantContext,
    /// Its members with their names, in the order of the demonstration; the founder first.
    pub members: Vec<(MemberId, String)>,
    /// Whether this call made it.
    pub is_new: bool,
}

/// Two accounts a company: its administrator, and somebody to talk to.
#[must_use]
pub fn demonstration_accounts() -> Vec<DemonstrationAccount> {
    COMPANIES.iter().flat_map(accounts_of).collect()
}

fn accounts_of(company: &Company) -> Vec<DemonstrationAccount> {
    let account = |account: &str, note: String| DemonstrationAccount {
        company: company.full_name.to_owned(),
        host_name: company.host_name.to_owned(),
        account: account.to_owned(),
        password: PASSWORD.to_owned(),
        note,
    };
    let founder = account(FOUNDER_ACCOUNT, format!("{} · 管理员", company.founder));
    let person = |person: &Person| account(person.account, person.name.to_owned());
    [founder]
        .into_iter()
        .chain(company.people.iter().take(2).map(person))
        .collect()
}

/// Makes what is missing of the demonstration; safe to call at every start.
///
/// # Errors
/// A database is away. What was made so far stays, and the next call goes on.
pub async fn demonstration_ensure(
    registry: &Registry,
    observer: &dyn MembershipObserver,
) -> Result<Vec<DemonstrationCompany>, DomainError> {
    let services = &registry.services;
    let password = Secret::from(PASSWORD);
    let hash = services
        .access
        .passwords
        .hash(&*services.rng, &password)
        .await?;
    let mut made = Vec::with_capacity(COMPANIES.len());
    for company in COMPANIES {
        made.push(ensure_company(registry, observer, company, &hash).await?);
    }
    Ok(made)
}

async fn ensure_company(
    registry: &Registry,
    observer: &dyn MembershipObserver,
    company: &Company,
    hash: &str,
) -> Result<DemonstrationCompany, DomainError> {
    let tx = registry.services.stores.control().read().await?;
    let found = tenant::Entity::find()
        .filter(tenant::Column::HostName.eq(company.host_name))
        .one(&tx)
        .await?;
    drop(tx);
    let is_new = found.is_none();
    let row = match found {
        Some(row) => row,
        None => provision(registry, request(registry, company, hash)).await?,
    };
    let ctx = context(registry, row).await?;
    let known = everybody(&ctx).await?;
    if known.len() <= company.people.len() {
        let departments = ensure_departments(&ctx, company).await?;
        let missing = company
            .people
            .iter()
            .filter(|p| !known.contains_key(p.account));
        for person in missing {
            add(&ctx, observer, person, &departments, hash).await?;
        }
    }
    let mut known = everybody(&ctx).await?;
    let order = std::iter::once(FOUNDER_ACCOUNT).chain(company.people.iter().map(|p| p.account));
    let members = order.filter_map(|account| known.remove(account)).collect();
    Ok(DemonstrationCompany {
        ctx,
        members,
        is_new,
    })
}

fn request(registry: &Registry, company: &Company, hash: &str) -> ProvisionRequest {
    ProvisionRequest {
        full_name: company.full_name.to_owned(),
        host_name: company.host_name.to_owned(),
        industry: company.industry.to_owned(),
        email: format!("{FOUNDER_ACCOUNT}@{}.example", company.host_name),
        contact_name: company.founder.to_owned(),
        language: Language::ZhCn,
        terms_version: registry.config.terms_version.clone(),
        terms_accepted_at: registry.now(),
        account: FOUNDER_ACCOUNT.to_owned(),
        password_hash: hash.to_owned(),
        grant: FirstGrant::Endless { seats: SEATS },
        verified: true,
        signup: None,
    }
}

async fn context(registry: &Registry, row: tenant::Model) -> Result<TenantContext, DomainError> {
    let entitlements = registry.entitlements.of(row.id).await;
    Ok(TenantContext {
        store: registry.services.stores.tenant(row.id).await?,
        tenant: Arc::new(row),
        actor: Actor::Job {
            name: "demonstration",
        },
        origin: Origin::job(),
        entitlements: entitlements
            .map_err(|error| DomainError::internal("the entitlements of a tenant", error))?,
        services: registry.services.clone(),
    })
}

fn first_page() -> Result<PageRequest, DomainError> {
    Ok(PageRequest::new(
        i32::try_from(PAGE_MAX).unwrap_or(i32::MAX),
        None,
    )?)
}

/// Members by account; a company of the demonstration has fewer than a page.
async fn everybody(
    ctx: &TenantContext,
) -> Result<HashMap<String, (MemberId, String)>, DomainError> {
    let page = members(ctx, &MemberFilter::default(), &first_page()?).await?;
    let members = page
        .items
        .into_iter()
        .map(|(_, m)| (m.account, (m.id, m.name)));
    Ok(members.collect())
}

async fn ensure_departments(
    ctx: &TenantContext,
    company: &Company,
) -> Result<HashMap<String, DepartmentId>, DomainError> {
    let page = departments(ctx, None, &first_page()?).await?;
    let mut known: HashMap<_, _> = page
        .items
        .into_iter()
        .map(|(_, d)| (d.name, d.id))
        .collect();
    for (number, name) in (1..).zip(company.departments) {
        if known.contains_key(*name) {
            continue;
        }
        let input = DepartmentCreateInput {
            parent: None,
            name: (*name).to_owned(),
            order_number: number,
        };
        let made = department_create(ctx, &input).await?;
        known.insert(made.name, made.id);
    }
    Ok(known)
}

async fn add(
    ctx: &TenantContext,
    observer: &dyn MembershipObserver,
    person: &Person,
    departments: &HashMap<String, DepartmentId>,
    hash: &str,
) -> Result<(), DomainError> {
    let input = MemberCreateInput {
        name: person.name.to_owned(),
        account: person.account.to_owned(),
        departments: departments
            .get(person.department)
            .copied()
            .into_iter()
            .collect(),
        position: Some(person.position.to_owned()),
        slip: true,
        ..MemberCreateInput::default()
    };
    let created = match member_create(ctx, observer, &input).await {
        Ok(created) => created,
        // Made and resigned since: whoever plays with the demonstration may do that.
        Err(DomainError::Refused(problem)) if problem.code == ErrorCode::AccountTaken => {
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let tx = ctx.store.begin().await?;
    let password = NewPassword {
        member: created.record.member.id,
        hash: hash.to_owned(),
        initial: false,
        now: ctx.now(),
    };
    write_password(&tx, &password).await?;
    tx.commit().await?;
    Ok(())
}
