//! Makes a tenant, atomically or not at all, whatever dies in the middle.
//!
//! What is not `active` is not there for anybody. A crash leaves a row that is still
//! `provisioning`, by which `sweep` finds and removes everything else of it. Whoever removes it
//! claims the row first, and what is claimed never becomes `active`: one of the two wins.

use kernel::Instant;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QuerySelect as _, sea_query::Expr,
};
use tenancy_access::DomainError;
use tenancy_directory::FirstAdministrator;
use tenancy_model::{
    EntitlementsSnapshot, ErrorCode, Language, MailBody, MailRequest, MemberId, Problem, SignupId,
    TenantId, TenantStatus,
};
use tenancy_store::{ControlTx, StoreError, control::tenant, is_unique_violation};

use crate::{
    FirstGrant, ProvisionStep, Registry, entity::signup, host_name, number, signup::enqueue, sweep,
};

/// Account of a tenant's first administrator, unless another is given.
pub const FOUNDER_ACCOUNT: &str = "admin";

/// What a new tenant is made of. Texts are clean and checked.
#[derive(Debug, Clone)]
pub struct ProvisionRequest {
    /// 公司全称
    pub full_name: String,
    /// 组织机构域
    pub host_name: String,
    /// A key of [`crate::INDUSTRIES`].
    pub industry: String,
    /// The company's and the first administrator's address.
    pub email: String,
    /// The first administrator's name.
    pub contact_name: String,
    /// Language of mails.
    pub language: Language,
    /// Version of the operator's terms that was accepted.
    pub terms_version: String,
    /// When it was.
    pub terms_accepted_at: Instant,
    /// The first administrator's account.
    pub account: String,
    /// The hash of the first administrator's password.
    pub password_hash: String,
    /// What the tenant may use.
    pub grant: FirstGrant,
    /// Whether the operator vouches for the company.
    pub verified: bool,
    /// The sign-up it comes from; `None`: the operator made it.
    pub signup: Option<SignupId>,
}

/// A tenant of which there is nothing yet but its row.
pub(crate) struct Reserved {
    pub(crate) tenant: TenantId,
    pub(crate) terms: EntitlementsSnapshot,
    shard: String,
    request: ProvisionRequest,
}

/// Makes a tenant that did not come through public sign-up: CLI, demonstration.
///
/// # Errors
/// `HOST_NAME_TAKEN` and its like, or a database is away: then nothing is left.
pub async fn provision(
    registry: &Registry,
    request: ProvisionRequest,
) -> Result<tenant::Model, DomainError> {
    let shard = registry.services.stores.emptiest_shard().await?;
    let tx = registry.services.stores.control().begin().await?;
    host_name::require_free(&tx, &registry.config, &request.host_name, registry.now()).await?;
    let reserved = reserve(registry, &tx, shard, request).await?;
    tx.commit().await?;
    make(registry, &reserved).await
}

/// Writes the row of a tenant that is being made, and its first terms.
pub(crate) async fn reserve(
    registry: &Registry,
    tx: &ControlTx,
    shard: String,
    request: ProvisionRequest,
) -> Result<Reserved, DomainError> {
    let services = &registry.services;
    let now = registry.now();
    let taken = || Problem::field(ErrorCode::HostNameTaken, "hostName");
    if host_name::is_taken(tx, &request.host_name, now).await? {
        return Err(taken().into());
    }
    let tenant = TenantId::new(&*services.clock, &*services.rng);
    let number = number::draw(tx, &*services.rng).await?;
    let place = (shard.clone(), services.stores.schema_version());
    let row = new_row(&request, tenant, number, place, now);
    let insert = tenant::Entity::insert(tenant::ActiveModel::from(row));
    // Somebody else confirmed the same name in this very moment: the unique key decides.
    insert
        .exec_without_returning(tx)
        .await
        .map_err(|error| match is_unique_violation(&error) {
            true => DomainError::from(taken()),
            false => error.into(),
        })?;
    let terms = registry
        .first_terms
        .grant(tx, tenant, request.grant, now)
        .await?;
    Ok(Reserved {
        tenant,
        terms,
        shard,
        request,
    })
}

fn new_row(
    request: &ProvisionRequest,
    id: TenantId,
    number: String,
    (shard, schema_version): (String, i64),
    now: Instant,
) -> tenant::Model {
    tenant::Model {
        id,
        number,
        host_name: request.host_name.clone(),
        full_name: request.full_name.clone(),
        short_name: None,
        industry: request.industry.clone(),
        email: request.email.clone(),
        mobile: None,
        contact_name: request.contact_name.clone(),
        language: request.language,
        status: TenantStatus::Provisioning,
        status_reason: None,
        verified_at: request.verified.then_some(now),
        shard,
        schema_version,
        migration_error: None,
        terms_version: request.terms_version.clone(),
        terms_accepted_at: request.terms_accepted_at,
        created_at: now,
        changed_at: now,
        removing_at: None,
    }
}

/// Makes what was reserved; takes everything back when a step fails.
pub(crate) async fn make(
    registry: &Registry,
    reserved: &Reserved,
) -> Result<tenant::Model, DomainError> {
    match steps(registry, reserved).await {
        Ok(tenant) => Ok(tenant),
        Err(error) => {
            let tenant = reserved.tenant;
            match sweep::undo(registry, tenant, &reserved.shard).await {
                Ok(true) => {}
                // The last commit was kept, only its answer was lost.
                Ok(false) => tracing::warn!(%tenant, "a tenant was made, and its maker not told"),
                Err(left) => {
                    tracing::error!(%tenant, error = %left, "a half tenant waits for the sweep");
                }
            }
            Err(error)
        }
    }
}

/// 1. The row is there ([`reserve`]).
/// 2. Schema or file.
/// 3. The first administrator; the root department is the tenant itself.
/// 4. `active`, in the transaction that forgets the password of the form and writes to the founder;
///    refused when a sweep has claimed the row meanwhile, because its schema may be gone.
async fn steps(registry: &Registry, reserved: &Reserved) -> Result<tenant::Model, DomainError> {
    // 1
    registry.watcher.done(ProvisionStep::Reserved).await?;
    // 2
    let stores = &registry.services.stores;
    stores
        .create_schema(reserved.tenant, &reserved.shard)
        .await?;
    registry.watcher.done(ProvisionStep::SchemaMade).await?;
    // 3
    people(registry, reserved).await?;
    registry.watcher.done(ProvisionStep::PeopleMade).await?;
    // 4
    activate(registry, reserved).await
}

async fn people(registry: &Registry, reserved: &Reserved) -> Result<(), DomainError> {
    let (services, request) = (&registry.services, &reserved.request);
    let store = services.stores.tenant_for_upkeep(reserved.tenant).await?;
    let tx = store.begin().await?;
    let first = FirstAdministrator {
        id: MemberId::new(&*services.clock, &*services.rng),
        name: request.contact_name.clone(),
        account: request.account.clone(),
        email: Some(request.email.clone()),
        mobile: None,
        language: request.language,
        password_hash: request.password_hash.clone(),
        now: registry.now(),
    };
    tenancy_directory::first_administrator(&tx, &first).await?;
    tx.commit().await?;
    Ok(())
}

async fn activate(registry: &Registry, reserved: &Reserved) -> Result<tenant::Model, DomainError> {
    let tx = registry.services.stores.control().begin().await?;
    let row = tenant::Entity::find_by_id(reserved.tenant)
        .filter(tenant::Column::Status.eq(TenantStatus::Provisioning))
        .filter(tenant::Column::RemovingAt.is_null())
        .lock_exclusive()
        .one(&tx)
        .await?;
    let row = row.ok_or(StoreError::TenantUnknown(reserved.tenant))?;
    let mut change = row.into_active_model();
    change.status = Set(TenantStatus::Active);
    change.changed_at = Set(registry.now());
    let row = change.update(&tx).await?;
    if let Some(signup) = reserved.request.signup {
        forget_password(&tx, signup).await?;
        let mail = done_mail(&row, &reserved.request.account);
        enqueue(
            registry,
            &tx,
            &mail,
            format!("signup:{signup}"),
            registry.now(),
        )
        .await?;
    }
    tx.commit().await?;
    registry.services.stores.tenant_changed(row.id);
    Ok(row)
}

async fn forget_password(tx: &ControlTx, id: SignupId) -> Result<(), DomainError> {
    let Some(row) = signup::Entity::find_by_id(id).one(tx).await? else {
        return Ok(());
    };
    let body = signup::SignupBody {
        password_hash: String::new(),
        ..row.body
    };
    signup::Entity::update_many()
        .col_expr(signup::Column::Body, Expr::value(body))
        .filter(signup::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

fn done_mail(tenant: &tenant::Model, account: &str) -> MailRequest {
    MailRequest {
        recipient: tenant.email.clone(),
        language: tenant.language,
        body: MailBody::SignupDone {
            company: tenant.full_name.clone(),
            host_name: tenant.host_name.clone(),
            number: tenant.number.clone(),
            account: account.to_owned(),
        },
    }
}
