//! An operator's account.

use kernel::Secret;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _,
};
use tenancy_access::{
    DomainError, PasswordRule,
    contact::{self, Contact},
    required_line,
};
use tenancy_model::{ErrorCode, Language, PlatformAccountId, Problem, limits};
use tenancy_store::{ControlTx, StoreError, is_unique_violation};

use crate::{PlatformContext, Registry, entity::platform_account as account};

/// The one kind of account so far.
pub(super) const OPERATOR: &str = "operator";

/// What an account is made of.
#[derive(Debug, Clone)]
pub struct OperatorForm {
    /// The operator's name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// At least as long as a member's.
    pub password: Secret,
}

/// The form with its texts clean and its password hashed.
pub(super) struct CleanOperator {
    name: String,
    email: Contact,
    password_hash: String,
}

impl OperatorForm {
    /// Checks the form and hashes the password; needs no database.
    pub(super) async fn check(&self, registry: &Registry) -> Result<CleanOperator, DomainError> {
        let name = required_line("name", &self.name, limits::NAME_CHARS_MAX)?;
        let email = contact::email("email", &self.email)?;
        PasswordRule::new(false).check("password", &self.password)?;
        let passwords = &registry.services.access.passwords;
        let password_hash = passwords
            .hash(&*registry.services.rng, &self.password)
            .await?;
        Ok(CleanOperator {
            name,
            email,
            password_hash,
        })
    }
}

/// Makes an operator; for the command line.
///
/// # Errors
/// A refusal naming the field, `EMAIL_TAKEN`, or the database is away.
pub async fn operator_create(
    registry: &Registry,
    form: &OperatorForm,
) -> Result<PlatformAccountId, DomainError> {
    let clean = form.check(registry).await?;
    let tx = registry.services.stores.control().begin().await?;
    let row = insert(registry, &tx, clean).await?;
    tx.commit().await?;
    Ok(row.id)
}

/// Chooses the language of an operator's pages; `None`: the browser's.
///
/// # Errors
/// The database is away.
pub async fn operator_language_set(
    ctx: &PlatformContext,
    language: Option<Language>,
) -> Result<(), DomainError> {
    let tx = ctx.registry.services.stores.control().begin().await?;
    let row = account::Entity::find_by_id(ctx.operator().account)
        .one(&tx)
        .await?;
    let mut change = row.ok_or(DomainError::UNAUTHENTICATED)?.into_active_model();
    change.language = Set(language);
    change.update(&tx).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) async fn insert(
    registry: &Registry,
    tx: &ControlTx,
    clean: CleanOperator,
) -> Result<account::Model, DomainError> {
    let services = &registry.services;
    let row = account::Model {
        id: PlatformAccountId::new(&*services.clock, &*services.rng),
        kind: OPERATOR.to_owned(),
        name: clean.name,
        email: clean.email.shown,
        email_folded: clean.email.folded,
        password_hash: clean.password_hash,
        language: None,
        failures: 0,
        locked_at: None,
        created_at: registry.now(),
    };
    let insert = account::Entity::insert(account::ActiveModel::from(row.clone()));
    insert
        .exec_without_returning(tx)
        .await
        .map_err(|error| match is_unique_violation(&error) {
            true => DomainError::from(Problem::field(ErrorCode::EmailTaken, "email")),
            false => error.into(),
        })?;
    Ok(row)
}

/// How many operators there are.
pub(super) async fn count(tx: &ControlTx) -> Result<u64, StoreError> {
    Ok(account::Entity::find().count(tx).await?)
}
