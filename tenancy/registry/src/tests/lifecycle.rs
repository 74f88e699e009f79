//! Suspending, closing and erasing; what other processes see of it; the operator's lists.

use tenancy_access::audit_log;
use tenancy_model::{EventBody, TenantEvent, TenantStatus};
use tenancy_store::{
    PageRequest,
    control::tenant,
    jobs::{self, JobRequest},
    testing::{World, control_transactions},
};

use super::*;
use crate::{
    Steward, TenantFilter, host_name_check, operator_summary, tenant_close, tenant_erase,
    tenant_migrate, tenant_resume, tenant_suspend, tenant_usage, tenant_verify,
};

tenancy_store::testing::test_both_backends!(
    suspending_closes_the_handle_at_once_and_resuming_opens_it,
    another_process_learns_of_it_at_its_next_look,
    a_visit_sees_every_change_at_once_and_asks_only_after_one,
    verifying_lets_held_mails_go,
    every_change_is_in_the_tenants_own_log,
    erasing_leaves_the_number_and_lets_the_name_rest,
    the_operator_finds_tenants_and_sees_what_they_use,
    a_foreign_id_is_not_found,
);

async fn suspending_closes_the_handle_at_once_and_resuming_opens_it(world: World) {
    let registry = registry(&world);
    let id = sign_up(&registry, 1).await.tenant;
    let ctx = operator(&registry).await;
    let store = world.stores.tenant(id).await.unwrap();
    let open = store.begin().await.unwrap();
    let mut bus = registry
        .services
        .bus
        .subscribe(&tenancy_model::topic(id))
        .await
        .unwrap();

    let empty = tenant_suspend(&Steward::from(&ctx), id, " ").await;
    assert_eq!(code_of(empty), ErrorCode::Required);
    drop(open);
    let view = tenant_suspend(&Steward::from(&ctx), id, "abuse")
        .await
        .unwrap();
    assert_eq!(view.tenant.status, TenantStatus::Suspended);
    assert!(matches!(
        store.begin().await,
        Err(StoreError::TenantClosed(_))
    ));
    assert!(matches!(
        world.stores.tenant(id).await,
        Err(StoreError::TenantClosed(_))
    ));
    let Some(platform::bus::Delivery::Message(bytes)) = bus.next().await else {
        panic!("nothing was published")
    };
    let event: TenantEvent = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((event.tenant, event.body), (id, EventBody::TenantClosed));

    tenant_suspend(&Steward::from(&ctx), id, "again")
        .await
        .unwrap();
    let view = tenant_resume(&Steward::from(&ctx), id).await.unwrap();
    assert_eq!(
        (view.tenant.status, view.tenant.status_reason),
        (TenantStatus::Active, None)
    );
    assert!(world.stores.tenant(id).await.unwrap().begin().await.is_ok());
}

async fn another_process_learns_of_it_at_its_next_look(world: World) {
    let registry = registry(&world);
    let id = sign_up(&registry, 1).await.tenant;
    let other = world.open(&world.config).await;
    other.refresh(world.now()).await.unwrap();
    let store = other.tenant(id).await.unwrap();
    tenant_suspend(&Steward::command_line(&registry), id, "abuse")
        .await
        .unwrap();
    assert!(store.is_open());
    assert_eq!(other.refresh(world.now()).await.unwrap(), [id]);
    assert!(!store.is_open());
    other.close().await;
}

async fn a_visit_sees_every_change_at_once_and_asks_only_after_one(world: World) {
    let registry = registry(&world);
    let id = sign_up(&registry, 1).await.tenant;
    let steward = Steward::command_line(&registry);
    let visit = async || crate::visit_by_id(&registry, origin(1), id).await;
    let first = visit().await.unwrap();
    let before = control_transactions(&world.stores);
    for _ in 0..3 {
        visit().await.unwrap();
    }
    assert_eq!(control_transactions(&world.stores), before);

    let ctx = crate::lifecycle::context(&steward, (*first.tenant).clone()).await;
    let update = crate::CompanyUpdate {
        short_name: Some("Haiyun".to_owned()),
        ..crate::CompanyUpdate::default()
    };
    crate::company_update(&ctx.unwrap(), &update).await.unwrap();
    let named = visit().await.unwrap().tenant;
    assert_eq!(named.short_name.as_deref(), Some("Haiyun"));
    tenant_verify(&steward, id).await.unwrap();
    assert!(visit().await.unwrap().tenant.verified_at.is_some());
    tenant_suspend(&steward, id, "abuse").await.unwrap();
    assert_eq!(code_of(visit().await.map(drop)), ErrorCode::TenantSuspended);
    tenant_resume(&steward, id).await.unwrap();
    assert!(visit().await.is_ok());
    tenant_close(&steward, id, "asked for").await.unwrap();
    assert_eq!(code_of(visit().await.map(drop)), ErrorCode::TenantClosed);
    tenant_erase(&steward, id).await.unwrap();
    assert_eq!(code_of(visit().await.map(drop)), ErrorCode::TenantUnknown);
}

async fn verifying_lets_held_mails_go(world: World) {
    let registry = registry(&world);
    let id = sign_up(&registry, 1).await.tenant;
    let store = world.stores.tenant(id).await.unwrap();
    let tx = store.begin().await.unwrap();
    for (key, days) in [("held:a", 1), ("held:b", 1), ("other", 1)] {
        let held = JobRequest {
            id: tenancy_model::JobId::new(&world.clock, &*world.rng),
            kind: tenancy_model::MAIL_JOB,
            key: Some(key.to_owned()),
            body: serde_json::Value::Null,
            due_at: world.now() + chrono::Duration::days(days),
        };
        jobs::enqueue(&tx, &held).await.unwrap();
    }
    tx.commit().await.unwrap();
    let ran = Arc::new(Mutex::new(Vec::new()));
    let mut handlers = jobs::JobHandlers::new();
    let noted = ran.clone();
    handlers.register(tenancy_model::MAIL_JOB, move |_, job| {
        noted.lock().push(job.key.unwrap_or_default());
        async { Ok(()) }
    });
    let (clock, rng) = (Arc::new(world.clock.clone()), world.rng.clone());
    let runner = jobs::JobRunner::new(world.stores.clone(), clock, rng, handlers);
    runner.run_due().await.unwrap();
    assert!(ran.lock().is_empty());
    let steward = Steward::command_line(&registry);
    tenant_verify(&steward, id).await.unwrap();
    runner.run_due().await.unwrap();
    ran.lock().sort_unstable();
    assert_eq!(*ran.lock(), ["held:a", "held:b"]);
}

async fn every_change_is_in_the_tenants_own_log(world: World) {
    let registry = registry(&world);
    let id = sign_up(&registry, 1).await.tenant;
    let ctx = operator(&registry).await;
    let view = tenant_verify(&Steward::from(&ctx), id).await.unwrap();
    assert!(view.tenant.verified_at.is_some());
    world.clock.advance(chrono::Duration::seconds(1));
    tenant_suspend(&Steward::from(&ctx), id, "abuse")
        .await
        .unwrap();
    world.clock.advance(chrono::Duration::seconds(1));
    tenant_resume(&Steward::command_line(&registry), id)
        .await
        .unwrap();
    let made = crate::lifecycle::context(&Steward::from(&ctx), view.tenant)
        .await
        .unwrap();
    let page = PageRequest::new(20, None).unwrap();
    let log = audit_log::audit_log(&made, &page).await.unwrap();
    let lines: Vec<_> = log
        .items
        .iter()
        .map(|(_, e)| (e.action.as_str(), e.actor.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            ("tenant.resume", "operator (command line)"),
            ("tenant.suspend", "operator"),
            ("tenant.verify", "operator"),
        ]
    );
    assert_eq!(log.items[1].1.object.as_deref(), Some("abuse"));
}

async fn erasing_leaves_the_number_and_lets_the_name_rest(world: World) {
    let registry = registry(&world);
    let made = sign_up(&registry, 1).await;
    let steward = Steward::command_line(&registry);
    assert_eq!(
        code_of(tenant_erase(&steward, made.tenant).await),
        ErrorCode::InvalidInput
    );
    tenant_close(&steward, made.tenant, "asked for")
        .await
        .unwrap();
    assert_eq!(
        code_of(tenant_resume(&steward, made.tenant).await),
        ErrorCode::TenantClosed
    );
    tenant_erase(&steward, made.tenant).await.unwrap();
    tenant_erase(&steward, made.tenant).await.unwrap();
    let tx = world.stores.control().read().await.unwrap();
    let row = tenant::Entity::find_by_id(made.tenant)
        .one(&tx)
        .await
        .unwrap()
        .unwrap();
    drop(tx);
    assert_eq!(
        (row.status, row.number),
        (TenantStatus::Erased, made.number)
    );
    assert_eq!(row.status_reason.as_deref(), Some("asked for"));
    assert_eq!((row.full_name.as_str(), row.email.as_str()), ("", ""));
    assert!(
        world
            .stores
            .tenant_for_upkeep(made.tenant)
            .await
            .is_ok_and(|s| s.is_open())
    );
    let resting = host_name_check(&registry, "company1").await.unwrap();
    assert_eq!(resting.problem.unwrap().code, ErrorCode::HostNameTaken);
    world.clock.advance(chrono::Duration::days(365));
    assert_eq!(
        host_name_check(&registry, "company1")
            .await
            .unwrap()
            .problem,
        None
    );
}

async fn the_operator_finds_tenants_and_sees_what_they_use(world: World) {
    let registry = registry(&world);
    let mut made = Vec::new();
    for n in 1..=3 {
        world.clock.advance(chrono::Duration::seconds(1));
        made.push(sign_up(&registry, n).await);
    }
    let ctx = operator(&registry).await;
    tenant_suspend(&Steward::from(&ctx), made[1].tenant, "abuse")
        .await
        .unwrap();
    let find = async |search: Option<&str>, status, first| {
        let filter = TenantFilter {
            search: search.map(str::to_owned),
            status,
        };
        let page = PageRequest::new(first, None).unwrap();
        crate::tenants(&ctx, &filter, &page).await.unwrap()
    };
    let first = find(None, None, 2).await;
    assert_eq!((first.total, first.has_next), (3, true));
    assert_eq!(first.items[0].1.tenant.id, made[2].tenant);
    let rest = PageRequest::new(2, Some(first.items[1].0.clone())).unwrap();
    let rest = crate::tenants(&ctx, &TenantFilter::default(), &rest)
        .await
        .unwrap();
    assert_eq!(rest.items.len(), 1);
    assert_eq!(rest.items[0].1.tenant.id, made[0].tenant);
    let command_line = Steward::command_line(&registry);
    let same = PageRequest::new(2, Some(first.items[1].0.clone())).unwrap();
    let same = crate::tenants(command_line, &TenantFilter::default(), &same).await;
    assert_eq!(same.unwrap(), rest);
    assert_eq!(find(Some("COMPANY2"), None, 10).await.total, 1);
    assert_eq!(find(Some("海云"), None, 10).await.total, 3);
    assert_eq!(find(Some("%"), None, 10).await.total, 0);
    assert_eq!(find(Some(&made[0].number), None, 10).await.total, 1);
    assert_eq!(find(None, Some(TenantStatus::Suspended), 10).await.total, 1);

    let ids: Vec<_> = made.iter().map(|tenant| tenant.tenant).collect();
    let usage = tenant_usage(&ctx, &ids).await.unwrap();
    assert_eq!(usage.len(), 3, "a suspended tenant is counted too");
    assert_eq!(usage[&ids[0]].members, 1);

    let summary = operator_summary(&ctx).await.unwrap();
    assert_eq!((summary.tenants_active, summary.tenants_trial), (2, 3));
    assert_eq!((summary.signups_today, summary.expiring_soon.len()), (3, 3));
    assert_eq!(
        tenant_migrate(&Steward::from(&ctx), ids[0])
            .await
            .unwrap()
            .tenant
            .migration_error,
        None
    );
}

async fn a_foreign_id_is_not_found(world: World) {
    let registry = registry(&world);
    let ctx = operator(&registry).await;
    let nobody = TenantId::new(&world.clock, &*world.rng);
    let steward = Steward::from(&ctx);
    let is_fault = |result: Result<_, DomainError>| matches!(result, Err(DomainError::Fault(_)));
    assert!(is_fault(crate::tenant(&ctx, nobody).await));
    assert!(is_fault(tenant_suspend(&steward, nobody, "x").await));
    assert!(is_fault(tenant_resume(&steward, nobody).await));
    assert!(is_fault(tenant_verify(&steward, nobody).await));
    assert!(is_fault(tenant_migrate(&steward, nobody).await));
}
