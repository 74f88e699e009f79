//! Tests of this crate over both databases, with terms that need no billing.

mod lifecycle;
mod operators;
mod provisioning;
mod signing_up;

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use kernel::{Instant, Secret};
use parking_lot::Mutex;
use platform::bus::MemoryBus;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tenancy_access::{Access, AccessConfig, DomainError, Origin, Services};
use tenancy_model::{
    Entitlements, EntitlementsError, EntitlementsSnapshot, ErrorCode, MailBody, MailRequest,
    Problem, SignupId, TenantId,
};
use tenancy_store::{ControlTx, StoreError, testing::World};

use crate::{
    FirstGrant, FirstTerms, NoWatcher, Operator, OperatorForm, PlatformContext, ProvisionWatcher,
    Registry, RegistryConfig, RegistryParts, SignedUpTenant, SignupConfirm, SignupForm,
    SignupStarted, TermsOverview, TermsReader, TrialOffer, operator_create, operator_sign_in,
    signup_confirm, signup_start,
};

/// Terms in memory.
#[derive(Default)]
struct Terms(Mutex<HashMap<TenantId, EntitlementsSnapshot>>);

#[async_trait]
impl FirstTerms for Terms {
    fn offer(&self) -> TrialOffer {
        TrialOffer {
            seats: 50,
            days: 14,
        }
    }

    async fn grant(
        &self,
        _tx: &ControlTx,
        tenant: TenantId,
        grant: FirstGrant,
        now: Instant,
    ) -> Result<EntitlementsSnapshot, StoreError> {
        let (seats, ends_at) = match grant {
            FirstGrant::Trial => (50, Some(now + chrono::Duration::days(14))),
            FirstGrant::Endless { seats } => (seats, None),
        };
        let value = EntitlementsSnapshot {
            version: 1,
            seats,
            ends_at,
            trial: grant == FirstGrant::Trial,
            storage_bytes: 1 << 30,
        };
        self.0.lock().insert(tenant, value.clone());
        Ok(value)
    }

    async fn withdraw(&self, _tx: &ControlTx, tenant: TenantId) -> Result<(), StoreError> {
        self.0.lock().remove(&tenant);
        Ok(())
    }
}

#[async_trait]
impl TermsReader for Terms {
    async fn overview(
        &self,
        _now: Instant,
        before: Instant,
        max: usize,
    ) -> Result<TermsOverview, StoreError> {
        let terms = self.0.lock();
        let soon = terms
            .iter()
            .filter(|(_, v)| v.ends_at.is_some_and(|end| end < before));
        Ok(TermsOverview {
            trials: terms.values().filter(|value| value.trial).count() as u64,
            expiring: soon.map(|(tenant, _)| *tenant).take(max).collect(),
        })
    }
}

#[async_trait]
impl Entitlements for Terms {
    async fn of(&self, tenant: TenantId) -> Result<Arc<EntitlementsSnapshot>, EntitlementsError> {
        let value = self
            .0
            .lock()
            .get(&tenant)
            .cloned()
            .unwrap_or(EntitlementsSnapshot {
                version: 0,
                seats: 0,
                ends_at: None,
                trial: false,
                storage_bytes: 1 << 30,
            });
        Ok(Arc::new(value))
    }
}

fn registry_with(world: &World, watcher: Arc<dyn ProvisionWatcher>) -> Arc<Registry> {
    let terms = Arc::new(Terms::default());
    Registry::new(RegistryParts {
        services: Services {
            stores: world.stores.clone(),
            clock: Arc::new(world.clock.clone()),
            rng: world.rng.clone(),
            bus: Arc::new(MemoryBus::default()),
            access: Access::new(AccessConfig::for_testing()).unwrap(),
        },
        // Small enough to be met.
        config: RegistryConfig {
            signups_per_source_max: 8,
            signups_per_address_max: 4,
            trials_per_source_max: 2,
            trials_per_domain_max: 2,
            ..RegistryConfig::default()
        },
        first_terms: terms.clone(),
        terms: terms.clone(),
        entitlements: terms,
        watcher,
        local_mailbox: true,
        demonstration: true,
    })
}

fn registry(world: &World) -> Arc<Registry> {
    registry_with(world, Arc::new(NoWatcher))
}

/// The form of the company number `n`, from an address of its own.
fn form(n: u8) -> SignupForm {
    SignupForm {
        email: format!("founder@company{n}.example"),
        host_name: format!("company{n}"),
        ..crate::signup::form()
    }
}

fn origin(n: u8) -> Origin {
    Origin {
        ip: Some([192, 0, 2, n].into()),
        ..Origin::job()
    }
}

async fn start(registry: &Registry, n: u8) -> SignupStarted {
    signup_start(registry, &origin(n), &form(n)).await.unwrap()
}

async fn sign_up(registry: &Arc<Registry>, n: u8) -> SignedUpTenant {
    let started = start(registry, n).await;
    let confirm = SignupConfirm {
        signup: started.signup,
        code: code(registry, started.signup).await,
    };
    signup_confirm(registry, &confirm).await.unwrap()
}

/// Mails that wait to be written.
async fn waiting_mails(registry: &Registry) -> Vec<MailRequest> {
    let tx = registry.services.stores.control().read().await.unwrap();
    let jobs = job::Entity::find().all(&tx).await.unwrap();
    jobs.into_iter()
        .map(|job| serde_json::from_value(job.body).unwrap())
        .collect()
}

/// The code that waits to be mailed for a sign-up.
async fn code(registry: &Registry, signup: SignupId) -> Secret {
    let tx = registry.services.stores.control().read().await.unwrap();
    let key = job::Column::Key.eq(format!("signup:{signup}"));
    let job = job::Entity::find()
        .filter(key)
        .one(&tx)
        .await
        .unwrap()
        .unwrap();
    let mail: MailRequest = serde_json::from_value(job.body).unwrap();
    match mail.body {
        MailBody::SignupCode { code, .. } => code.into(),
        other => panic!("no code: {other:?}"),
    }
}

fn refusal<T: std::fmt::Debug>(result: Result<T, DomainError>) -> Problem {
    match result {
        Err(DomainError::Refused(problem)) => problem,
        other => panic!("not refused: {other:?}"),
    }
}

fn code_of<T: std::fmt::Debug>(result: Result<T, DomainError>) -> ErrorCode {
    refusal(result).code
}

fn operator_form() -> OperatorForm {
    OperatorForm {
        name: "Olga".to_owned(),
        email: "Olga@Example.com".to_owned(),
        password: "operator's secret".into(),
    }
}

async fn operator(registry: &Arc<Registry>) -> PlatformContext {
    operator_create(registry, &operator_form()).await.unwrap();
    let (from, password) = (origin(9), "operator's secret".into());
    let signed_in = operator_sign_in(registry, &from, "olga@example.com", &password).await;
    let operator: Operator = signed_in.unwrap().operator;
    PlatformContext::new(registry.clone(), operator, origin(9))
}

/// The control database's jobs, to read the mails that wait.
mod job {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "job")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub key: Option<String>,
        pub body: Json,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
