//! The ledger and its cache over both databases.

use std::sync::Arc;

use chrono::Duration;
use tenancy_model::{Entitlements as _, EntitlementsSnapshot, TenantId};
use tenancy_registry::{FirstGrant, FirstTerms as _, TermsReader as _};
use tenancy_store::{StoreError, testing::World};

use crate::{
    BillingError, GIB, Issuer, LedgerBody, LedgerEntitlements, LedgerEvent, LedgerTerms,
    LicenseTerms, TrialConfig, append, license_grant,
};

tenancy_store::testing::test_both_backends!(
    a_trial_has_its_seats_and_its_end,
    a_trial_is_what_the_operator_offers,
    an_event_that_arrives_twice_is_kept_once,
    a_licence_is_in_force_in_every_process_after_its_next_look,
    licences_are_numbered_one_after_another,
    what_was_granted_in_a_transaction_that_failed_is_not_there,
    the_operator_sees_trials_and_what_ends_soon,
);

fn terms(world: &World) -> Arc<LedgerTerms> {
    let (clock, rng) = (Arc::new(world.clock.clone()), world.rng.clone());
    LedgerTerms::new(world.stores.clone(), clock, rng, TrialConfig::default())
}

async fn grant(world: &World, tenant: TenantId, grant: FirstGrant) -> EntitlementsSnapshot {
    let tx = world.stores.control().begin().await.unwrap();
    let value = terms(world)
        .grant(&tx, tenant, grant, world.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    value
}

fn of(seats: u32) -> LicenseTerms {
    LicenseTerms {
        seats,
        ends_at: None,
        storage_bytes: 100 * GIB,
    }
}

async fn license(world: &World, tenant: TenantId, seats: u32) {
    let means: (&dyn kernel::Clock, &dyn kernel::Rng) = (&world.clock, &*world.rng);
    license_grant(&world.stores, means, tenant, of(seats))
        .await
        .unwrap();
}

fn entitlements(world: &World) -> Arc<LedgerEntitlements> {
    LedgerEntitlements::new(world.stores.clone())
}

/// covers: LIC-02
async fn a_trial_has_its_seats_and_its_end(world: World) {
    let tenant = world.tenant_row().await.id;
    let promised = grant(&world, tenant, FirstGrant::Trial).await;
    let value = entitlements(&world).of(tenant).await.unwrap();
    assert_eq!(*value, promised);
    assert_eq!((value.seats, value.trial), (50, true));
    assert!(!value.ended(world.now() + Duration::days(14) - Duration::seconds(1)));
    assert!(value.ended(world.now() + Duration::days(14)));
}

/// covers: LIC-02
async fn a_trial_is_what_the_operator_offers(world: World) {
    let (clock, rng) = (Arc::new(world.clock.clone()), world.rng.clone());
    let small = TrialConfig {
        seats: 1,
        days: 1,
        storage_gib: 1,
    };
    let terms = LedgerTerms::new(world.stores.clone(), clock, rng, small);
    assert_eq!((terms.offer().seats, terms.offer().days), (1, 1));
    let tenant = world.tenant_row().await.id;
    let tx = world.stores.control().begin().await.unwrap();
    let first = terms.grant(&tx, tenant, FirstGrant::Trial, world.now());
    first.await.unwrap();
    tx.commit().await.unwrap();
    let value = entitlements(&world).of(tenant).await.unwrap();
    assert_eq!((value.seats, value.trial), (1, true));
    assert_eq!(value.storage_bytes, GIB);
    assert_eq!(value.ends_at, Some(world.now() + Duration::days(1)));
}

async fn an_event_that_arrives_twice_is_kept_once(world: World) {
    let tenant = world.tenant_row().await.id;
    let event = |order, seats| LedgerEvent {
        issuer: Issuer::Operator,
        order,
        body: LedgerBody::License {
            seats,
            ends_at: None,
            storage_bytes: GIB,
        },
    };
    let tx = world.stores.control().begin().await.unwrap();
    let mut kept = Vec::new();
    for event in [event(2, 20), event(1, 10), event(2, 20)] {
        kept.push(
            append(&tx, &world.clock, &*world.rng, tenant, &event)
                .await
                .unwrap(),
        );
    }
    assert_eq!(kept, [true, true, false]);
    tx.commit().await.unwrap();
    let value = entitlements(&world).of(tenant).await.unwrap();
    assert_eq!((value.version, value.seats), (2, 20));
}

async fn a_licence_is_in_force_in_every_process_after_its_next_look(world: World) {
    let tenant = world.tenant_row().await.id;
    grant(&world, tenant, FirstGrant::Trial).await;
    let other = world.open(&world.config).await;
    other.refresh(world.now()).await.unwrap();
    let (here, there) = (entitlements(&world), LedgerEntitlements::new(other.clone()));
    for process in [&here, &there] {
        assert_eq!(process.of(tenant).await.unwrap().seats, 50);
    }
    license(&world, tenant, 200).await;
    let value = here.of(tenant).await.unwrap();
    assert_eq!(
        (value.seats, value.trial, value.ends_at),
        (200, false, None)
    );
    other.refresh(world.now()).await.unwrap();
    assert_eq!(there.of(tenant).await.unwrap(), value);
    // In the same instant of the clock: the row moves all the same.
    license(&world, tenant, 300).await;
    other.refresh(world.now()).await.unwrap();
    assert_eq!(there.of(tenant).await.unwrap().seats, 300);
    other.close().await;
}

async fn licences_are_numbered_one_after_another(world: World) {
    let tenant = world.tenant_row().await.id;
    let (stores, clock, rng) = (world.stores.clone(), world.clock.clone(), world.rng.clone());
    let grants = (1..=5).map(|seats| {
        let (stores, clock, rng) = (stores.clone(), clock.clone(), rng.clone());
        tokio::spawn(
            async move { license_grant(&stores, (&clock, &*rng), tenant, of(seats)).await },
        )
    });
    for granted in grants.collect::<Vec<_>>() {
        granted.await.unwrap().unwrap();
    }
    let value = entitlements(&world).of(tenant).await.unwrap();
    assert_eq!(value.version, 5);
    let nobody = TenantId::new(&world.clock, &*world.rng);
    let missing = license_grant(&stores, (&clock, &*rng), nobody, of(1)).await;
    assert!(matches!(missing, Err(BillingError::NotFound)));
}

async fn what_was_granted_in_a_transaction_that_failed_is_not_there(world: World) {
    let tenant = world.tenant_row().await.id;
    let tx = world.stores.control().begin().await.unwrap();
    terms(&world)
        .grant(&tx, tenant, FirstGrant::Trial, world.now())
        .await
        .unwrap();
    drop(tx);
    assert_eq!(entitlements(&world).of(tenant).await.unwrap().seats, 0);
    grant(&world, tenant, FirstGrant::Trial).await;
    let tx = world.stores.control().begin().await.unwrap();
    terms(&world).withdraw(&tx, tenant).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(entitlements(&world).of(tenant).await.unwrap().seats, 0);
    let tx = world.stores.control().begin().await.unwrap();
    let nobody = TenantId::new(&world.clock, &*world.rng);
    let refused = terms(&world)
        .grant(&tx, nobody, FirstGrant::Trial, world.now())
        .await;
    assert!(matches!(refused, Err(StoreError::TenantUnknown(_))));
}

async fn the_operator_sees_trials_and_what_ends_soon(world: World) {
    let mut tenants = Vec::new();
    for n in 0..4 {
        let tenant = world.tenant_row().await.id;
        let first = if n == 3 {
            FirstGrant::Endless { seats: 9 }
        } else {
            FirstGrant::Trial
        };
        grant(&world, tenant, first).await;
        world.clock.advance(Duration::days(1));
        tenants.push(tenant);
    }
    license(&world, tenants[1], 5).await;
    let now = world.now();
    let soon = terms(&world)
        .overview(now, now + Duration::days(15), 20)
        .await
        .unwrap();
    assert_eq!(soon.trials, 2);
    assert_eq!(soon.expiring, [tenants[0], tenants[2]]);
    let one = terms(&world)
        .overview(now, now + Duration::days(15), 1)
        .await
        .unwrap();
    assert_eq!(one.expiring, [tenants[0]]);
    let later = now + Duration::days(30);
    let ended = terms(&world)
        .overview(later, later + Duration::days(15), 20)
        .await
        .unwrap();
    assert_eq!((ended.trials, ended.expiring.len()), (0, 0));
}
