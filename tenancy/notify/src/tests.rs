//! Delivery over both databases: what an administrator and an operator see afterwards.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use parking_lot::Mutex;
use platform::{
    bus::MemoryBus,
    mail::{Mail, MailError, MailTransport, Mailer},
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, IntoActiveModel as _};
use tenancy_access::{Access, AccessConfig, Actor, DomainError, Origin, Services, TenantContext};
use tenancy_model::{
    EntitlementsSnapshot, JobId, Language, MAIL_JOB, MailBody, MailRequest, Permission, SessionId,
    Surface,
};
use tenancy_store::{
    PageRequest, TenantStore,
    control::tenant,
    jobs::{JobHandlers, JobRunner},
    testing::World,
};

use crate::{
    Delivery, DeliveryParts, MAILBOX_MAX, MailDelivery, MailState, MailTask, Sender, TenantMail,
    platform_mail, platform_mails, release_held, tenant_mails,
};

tenancy_store::testing::test_both_backends!(
    the_local_mailbox_shows_texts_and_the_console_never_does,
    without_a_mailbox_no_text_is_kept,
    a_server_that_is_away_is_tried_again_and_a_refusal_is_final,
    a_mail_that_was_sent_is_not_sent_again,
    an_unverified_company_has_its_share_of_a_day,
    held_mails_go_at_once_when_the_company_is_verified,
    a_mail_is_not_held_by_what_was_known_before_the_company_was_verified,
    the_mailbox_has_a_bound,
    only_who_may_sees_the_mails_of_a_company,
);

/// Answers as told, and remembers what it was given.
#[derive(Default)]
struct Post {
    answers: Mutex<Vec<MailError>>,
    taken: Mutex<Vec<Mail>>,
}

#[async_trait]
impl Mailer for Post {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        if let Some(error) = self.answers.lock().pop() {
            return Err(error);
        }
        self.taken.lock().push(mail.clone());
        Ok(())
    }
}

fn services(world: &World) -> Services {
    Services {
        stores: world.stores.clone(),
        clock: Arc::new(world.clock.clone()),
        rng: world.rng.clone(),
        bus: Arc::new(MemoryBus::default()),
        access: Access::new(AccessConfig::for_testing()).unwrap(),
    }
}

fn delivery(world: &World, transport: MailTransport, local_mailbox: bool) -> MailDelivery {
    let parts = DeliveryParts {
        transport,
        local_mailbox,
        sender: Sender {
            deployment: "Hansa".to_owned(),
            public_url: "http://127.0.0.1:8080".to_owned(),
        },
        unverified_mails_a_day_max: 2,
    };
    MailDelivery::new(services(world), parts)
}

fn task(world: &World, token: &str) -> MailTask {
    MailTask {
        job: JobId::new(&world.clock, &*world.rng),
        key: None,
        last_try: false,
        mail: MailRequest {
            recipient: "li.na@example.com".to_owned(),
            language: Language::En,
            body: MailBody::Activation {
                company: "Haiyun".to_owned(),
                host_name: "haiyun".to_owned(),
                account: "lina".to_owned(),
                token: token.to_owned(),
                hours: 72,
            },
        },
    }
}

fn context(world: &World, tenant: &tenant::Model, store: &TenantStore) -> TenantContext {
    TenantContext {
        tenant: Arc::new(tenant.clone()),
        actor: Actor::Job { name: "test" },
        origin: Origin::job(),
        store: store.clone(),
        entitlements: Arc::new(EntitlementsSnapshot {
            version: 1,
            seats: 50,
            ends_at: None,
            trial: false,
            storage_bytes: 1 << 30,
        }),
        services: services(world),
    }
}

async fn company(world: &World) -> (tenant::Model, TenantStore) {
    let row = world.tenant_row().await;
    let store = world.stores.tenant(row.id).await.unwrap();
    (row, store)
}

fn page() -> PageRequest {
    PageRequest::new(50, None).unwrap()
}

async fn listed(world: &World, tenant: &tenant::Model, store: &TenantStore) -> Vec<TenantMail> {
    let mails = tenant_mails(&context(world, tenant, store), &page())
        .await
        .unwrap();
    mails.items.into_iter().map(|(_, mail)| mail).collect()
}

async fn the_local_mailbox_shows_texts_and_the_console_never_does(world: World) {
    let (tenant, store) = company(&world).await;
    let delivery = delivery(&world, MailTransport::Local, true);
    let task = task(&world, "t0k3n");
    let ended = delivery
        .deliver_for_tenant(&tenant, &store, &task)
        .await
        .unwrap();
    assert_eq!(ended, Delivery::Settled);
    let control = world.stores.control();
    let found = platform_mails(control, Some("LI.NA@"), &page())
        .await
        .unwrap();
    assert_eq!(found.total, 1);
    let mail = &found.items[0].1;
    assert_eq!(
        (mail.tenant, mail.state),
        (Some(tenant.id), MailState::Sent)
    );
    assert!(
        mail.body
            .as_ref()
            .unwrap()
            .contains("tenant=haiyun&token=t0k3n")
    );
    assert_eq!(
        platform_mail(control, mail.id).await.unwrap().as_ref(),
        Some(mail)
    );
    assert_eq!(
        platform_mails(control, Some("nobody"), &page())
            .await
            .unwrap()
            .total,
        0
    );
    let shown = listed(&world, &tenant, &store).await;
    assert_eq!((shown[0].id, shown[0].state), (mail.id, MailState::Sent));
    assert!(!format!("{shown:?}").contains("t0k3n"));
}

async fn without_a_mailbox_no_text_is_kept(world: World) {
    let post = Arc::new(Post::default());
    let by_smtp = delivery(&world, MailTransport::Smtp(post.clone()), false);
    by_smtp.deliver(&task(&world, "t0k3n")).await.unwrap();
    assert!(post.taken.lock()[0].text.contains("token=t0k3n"));
    let by_nothing = delivery(&world, MailTransport::Local, false);
    by_nothing.deliver(&task(&world, "t0k3n")).await.unwrap();
    let found = platform_mails(world.stores.control(), None, &page())
        .await
        .unwrap();
    let states: BTreeSet<_> = found
        .items
        .iter()
        .map(|(_, mail)| format!("{:?}", mail.state))
        .collect();
    assert_eq!(states.into_iter().collect::<Vec<_>>(), ["Failed", "Sent"]);
    assert!(!format!("{found:?}").contains("t0k3n"));
}

async fn a_server_that_is_away_is_tried_again_and_a_refusal_is_final(world: World) {
    let (tenant, store) = company(&world).await;
    let post = Arc::new(Post::default());
    let delivery = delivery(&world, MailTransport::Smtp(post.clone()), false);
    let first = task(&world, "a");
    post.answers
        .lock()
        .push(MailError::Transient("421 busy".to_owned()));
    let ended = delivery
        .deliver_for_tenant(&tenant, &store, &first)
        .await
        .unwrap();
    assert!(matches!(ended, Delivery::Again { why } if why.contains("421")));
    assert_eq!(
        listed(&world, &tenant, &store).await[0].state,
        MailState::Queued
    );
    delivery
        .deliver_for_tenant(&tenant, &store, &first)
        .await
        .unwrap();
    assert_eq!(
        listed(&world, &tenant, &store).await[0].state,
        MailState::Sent
    );

    let second = task(&world, "b");
    post.answers
        .lock()
        .push(MailError::Permanent("550 no such address".to_owned()));
    let ended = delivery
        .deliver_for_tenant(&tenant, &store, &second)
        .await
        .unwrap();
    assert_eq!(ended, Delivery::Settled);
    let shown = listed(&world, &tenant, &store).await;
    let failed = shown
        .iter()
        .find(|mail| mail.state == MailState::Failed)
        .unwrap();
    assert!(failed.error.as_ref().unwrap().contains("550"));

    let third = MailTask {
        last_try: true,
        ..task(&world, "c")
    };
    post.answers
        .lock()
        .push(MailError::Transient("421 busy".to_owned()));
    let ended = delivery.deliver(&third).await.unwrap();
    assert_eq!(ended, Delivery::Settled);
}

async fn a_mail_that_was_sent_is_not_sent_again(world: World) {
    let (tenant, store) = company(&world).await;
    let post = Arc::new(Post::default());
    let delivery = delivery(&world, MailTransport::Smtp(post.clone()), false);
    let (ours, theirs) = (task(&world, "a"), task(&world, "b"));
    for _ in 0..2 {
        delivery.deliver(&ours).await.unwrap();
        delivery
            .deliver_for_tenant(&tenant, &store, &theirs)
            .await
            .unwrap();
    }
    assert_eq!(post.taken.lock().len(), 2);
}

async fn an_unverified_company_has_its_share_of_a_day(world: World) {
    let (tenant, store) = company(&world).await;
    let post = Arc::new(Post::default());
    let delivery = delivery(&world, MailTransport::Smtp(post.clone()), false);
    let tasks: Vec<_> = (0..3).map(|n| task(&world, &n.to_string())).collect();
    for task in &tasks {
        delivery
            .deliver_for_tenant(&tenant, &store, task)
            .await
            .unwrap();
    }
    assert_eq!(post.taken.lock().len(), 2);
    let shown = listed(&world, &tenant, &store).await;
    assert_eq!(
        shown
            .iter()
            .filter(|mail| mail.state == MailState::Held)
            .count(),
        1
    );

    // Tomorrow the same mail comes again, under the key that says which it is.
    world.clock.advance(chrono::Duration::days(1));
    let again = MailTask {
        job: JobId::new(&world.clock, &*world.rng),
        key: Some(format!(
            "held:{}",
            tenancy_model::MailId::from(tasks[2].job.uuid())
        )),
        ..tasks[2].clone()
    };
    delivery
        .deliver_for_tenant(&tenant, &store, &again)
        .await
        .unwrap();
    assert_eq!(post.taken.lock().len(), 3);
    let shown = listed(&world, &tenant, &store).await;
    assert_eq!(shown.len(), 3);
    assert!(shown.iter().all(|mail| mail.state == MailState::Sent));

    let verified = verify(&world, &tenant).await;
    for n in 0..4 {
        let task = task(&world, &n.to_string());
        delivery
            .deliver_for_tenant(&verified, &store, &task)
            .await
            .unwrap();
    }
    assert_eq!(post.taken.lock().len(), 7);
}

/// As the command does it, but for the held mails.
async fn verify(world: &World, tenant: &tenant::Model) -> tenant::Model {
    let mut change = tenant.clone().into_active_model();
    change.verified_at = Set(Some(world.now()));
    let tx = world.stores.control().begin().await.unwrap();
    let verified = change.update(&tx).await.unwrap();
    tx.commit().await.unwrap();
    verified
}

async fn held_mails_go_at_once_when_the_company_is_verified(world: World) {
    let (tenant, store) = company(&world).await;
    let post = Arc::new(Post::default());
    let delivery = delivery(&world, MailTransport::Smtp(post.clone()), false);
    let delivery = Arc::new(delivery);
    for n in 0..5 {
        let task = task(&world, &n.to_string());
        let ended = delivery.deliver_for_tenant(&tenant, &store, &task).await;
        ended.unwrap();
    }
    let services = services(&world);
    let mut handlers = JobHandlers::new();
    let verified = verify(&world, &tenant).await;
    handlers.register(MAIL_JOB, move |store, job| {
        let (delivery, tenant) = (delivery.clone(), verified.clone());
        async move {
            let task = MailTask {
                job: job.id,
                key: job.key,
                last_try: false,
                mail: serde_json::from_value(job.body).unwrap(),
            };
            let ended = delivery.deliver_for_tenant(&tenant, &store, &task).await;
            assert_eq!(ended.unwrap(), Delivery::Settled);
            Ok(())
        }
    });
    let (stores, clock) = (services.stores.clone(), services.clock.clone());
    let runner = JobRunner::new(stores, clock, services.rng.clone(), handlers);
    runner.run_due().await.unwrap();
    assert_eq!(post.taken.lock().len(), 2, "the others wait for tomorrow");

    let tx = store.begin().await.unwrap();
    assert_eq!(release_held(&tx, &services).await.unwrap(), 3);
    tx.commit().await.unwrap();
    runner.run_due().await.unwrap();
    assert_eq!(post.taken.lock().len(), 5);
    let shown = listed(&world, &tenant, &store).await;
    assert_eq!(shown.len(), 5);
    assert!(shown.iter().all(|mail| mail.state == MailState::Sent));
    let tx = store.begin().await.unwrap();
    assert_eq!(release_held(&tx, &services).await.unwrap(), 0);
}

async fn a_mail_is_not_held_by_what_was_known_before_the_company_was_verified(world: World) {
    let (tenant, store) = company(&world).await;
    let post = Arc::new(Post::default());
    let delivery = delivery(&world, MailTransport::Smtp(post.clone()), false);
    verify(&world, &tenant).await;
    for n in 0..4 {
        let task = task(&world, &n.to_string());
        let ended = delivery.deliver_for_tenant(&tenant, &store, &task).await;
        ended.unwrap();
    }
    assert_eq!(post.taken.lock().len(), 4);
}

async fn the_mailbox_has_a_bound(world: World) {
    let row = |n: u64| crate::entity::mail::Model {
        id: JobId::new(&world.clock, &*world.rng).uuid().into(),
        tenant_id: None,
        recipient: format!("n{n}@example.com"),
        kind: "signup_code".to_owned(),
        state: MailState::Sent,
        subject: None,
        body: None,
        error: None,
        created_at: world.now(),
        sent_at: None,
    };
    let tx = world.stores.control().begin().await.unwrap();
    for n in 0..5 {
        world.clock.advance(chrono::Duration::seconds(1));
        crate::mailbox::keep(&tx, row(n), Some(3)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let found = platform_mails(world.stores.control(), None, &page())
        .await
        .unwrap();
    let kept: Vec<_> = found
        .items
        .iter()
        .map(|(_, mail)| mail.recipient.as_str())
        .collect();
    assert_eq!(kept, ["n4@example.com", "n3@example.com", "n2@example.com"]);
    assert_eq!(MAILBOX_MAX, 1_000);
}

async fn only_who_may_sees_the_mails_of_a_company(world: World) {
    let (tenant, store) = company(&world).await;
    let member = |permissions: BTreeSet<Permission>| TenantContext {
        actor: Actor::Member {
            member: tenancy_model::MemberId::new(&world.clock, &*world.rng),
            name: "Li Na".to_owned(),
            session: SessionId::new(&world.clock, &*world.rng),
            surface: Surface::Console,
            roles: BTreeSet::new(),
            permissions,
            must_change_password: false,
        },
        ..context(&world, &tenant, &store)
    };
    let refused = tenant_mails(&member(BTreeSet::new()), &page()).await;
    assert!(matches!(refused, Err(DomainError::Fault(_))));
    let allowed = member(BTreeSet::from([Permission::MailView]));
    assert!(tenant_mails(&allowed, &page()).await.is_ok());
}
