//! What registry asks of billing: the first terms of a tenant, in the transaction that makes its
//! row, and the terms of all tenants at a glance.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use chrono::Duration;
use kernel::{Clock, Instant, Rng};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect};
use tenancy_model::{EntitlementsSnapshot, TenantId, TenantStatus};
use tenancy_registry::{FirstGrant, FirstTerms, TermsOverview, TermsReader, TrialOffer};
use tenancy_store::{ControlTx, StoreError, Stores, control::tenant};

use crate::{GIB, Issuer, LedgerBody, LedgerEvent, TrialConfig, append, entity::ledger, fold};

/// Tenants whose ledgers are read at a time when all are looked over.
const TENANTS_AT_ONCE: u64 = 2_000;
/// What the files of a licence without end may take (the demonstration's).
const ENDLESS_STORAGE_BYTES: u64 = 100 * GIB;

/// Terms out of the ledger.
pub struct LedgerTerms {
    stores: Stores,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    trial: TrialConfig,
}

impl LedgerTerms {
    /// With the trial that is on offer.
    #[must_use]
    pub fn new(
        stores: Stores,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        trial: TrialConfig,
    ) -> Arc<Self> {
        Arc::new(Self {
            stores,
            clock,
            rng,
            trial,
        })
    }

    fn first_event(&self, grant: FirstGrant, now: Instant) -> LedgerEvent {
        let (issuer, body) = match grant {
            FirstGrant::Trial => (
                Issuer::Signup,
                LedgerBody::Trial {
                    seats: self.trial.seats,
                    ends_at: now + Duration::days(self.trial.days.into()),
                    storage_bytes: u64::from(self.trial.storage_gib) * GIB,
                },
            ),
            FirstGrant::Endless { seats } => (
                Issuer::Operator,
                LedgerBody::License {
                    seats,
                    ends_at: None,
                    storage_bytes: ENDLESS_STORAGE_BYTES,
                },
            ),
        };
        LedgerEvent {
            issuer,
            order: 1,
            body,
        }
    }
}

#[async_trait]
impl FirstTerms for LedgerTerms {
    fn offer(&self) -> TrialOffer {
        TrialOffer {
            seats: self.trial.seats,
            days: self.trial.days,
        }
    }

    async fn grant(
        &self,
        tx: &ControlTx,
        tenant: TenantId,
        grant: FirstGrant,
        now: Instant,
    ) -> Result<EntitlementsSnapshot, StoreError> {
        let event = self.first_event(grant, now);
        append(tx, &*self.clock, &*self.rng, tenant, &event).await?;
        Ok(fold(&[event]))
    }

    async fn withdraw(&self, tx: &ControlTx, tenant: TenantId) -> Result<(), StoreError> {
        ledger::Entity::delete_many()
            .filter(ledger::Column::TenantId.eq(tenant))
            .exec(tx)
            .await?;
        Ok(())
    }
}

#[async_trait]
impl TermsReader for LedgerTerms {
    async fn overview(
        &self,
        now: Instant,
        before: Instant,
        max: usize,
    ) -> Result<TermsOverview, StoreError> {
        let tx = self.stores.control().read().await?;
        let mut trials = 0;
        let mut expiring: BTreeMap<(Instant, TenantId), ()> = BTreeMap::new();
        let mut last = None;
        // A page has whole ledgers, in the order of their tenants.
        loop {
            let page = page(&tx, last).await?;
            let Some(next) = page.last().map(|(tenant, _)| *tenant) else {
                break;
            };
            last = Some(next);
            for (tenant, events) in page {
                let value = fold(&events);
                trials += u64::from(value.trial && !value.ended(now));
                let Some(end) = value.ends_at.filter(|end| *end > now && *end < before) else {
                    continue;
                };
                expiring.insert((end, tenant), ());
                if expiring.len() > max {
                    expiring.pop_last();
                }
            }
        }
        let expiring = expiring.into_keys().map(|(_, tenant)| tenant).collect();
        Ok(TermsOverview { trials, expiring })
    }
}

/// The whole ledgers of the next tenants after `last` that are in use.
async fn page(
    tx: &ControlTx,
    last: Option<TenantId>,
) -> Result<Vec<(TenantId, Vec<LedgerEvent>)>, StoreError> {
    let mut tenants = tenant::Entity::find()
        .select_only()
        .column(tenant::Column::Id)
        .filter(tenant::Column::Status.is_in([TenantStatus::Active, TenantStatus::Suspended]))
        .order_by_asc(tenant::Column::Id)
        .limit(TENANTS_AT_ONCE);
    if let Some(last) = last {
        tenants = tenants.filter(tenant::Column::Id.gt(last));
    }
    let tenants: Vec<TenantId> = tenants.into_tuple().all(tx).await?;
    let rows = ledger::Entity::find()
        .filter(ledger::Column::TenantId.is_in(tenants.iter().copied()))
        .all(tx)
        .await?;
    let mut of: BTreeMap<TenantId, Vec<LedgerEvent>> = tenants
        .into_iter()
        .map(|tenant| (tenant, Vec::new()))
        .collect();
    for row in rows {
        of.entry(row.tenant_id).or_default().push(row.into());
    }
    Ok(of.into_iter().collect())
}
