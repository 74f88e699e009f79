//! What every request to a tenant does, and what it must not: ask the control database, which all
//! tenants of a deployment share.

use std::net::IpAddr;

use api_server::{Options, RootConfig};
use hansa_tests::{Column, service};
use kernel::{ManualClock, Secret};
use tenancy_access::{Origin, authenticate, testing::Scene};
use tenancy_chat::{OpenDirectInput, SendFiles, SendInput, open_direct};
use tenancy_directory::{MemberFilter, members};
use tenancy_model::{DeviceType, Language, Surface};
use tenancy_registry::{FOUNDER_ACCOUNT, FirstGrant, ProvisionRequest, provision, visit_by_id};
use tenancy_store::{PageRequest, testing::control_transactions};

/// Requests of the test.
const REQUESTS: usize = 40;

both_columns! {
    a_request_asks_the_control_database_nothing
}

/// The domain without a server, whose background work looks at the control database once a second.
async fn a_request_asks_the_control_database_nothing(column: Column) {
    let data = tempfile::tempdir().expect("a folder");
    let mut config = RootConfig::for_testing(data.path());
    if column == Column::Scaled {
        let database = service::postgres::fresh_database().await;
        config.database.url = database.expect("PostgreSQL").url;
    }
    let parts = api_server::join(&config, &Options::default()).await;
    let gateway = parts.expect("the domain").gateway;
    let (registry, stores) = (&gateway.registry, &gateway.services.stores);
    let request = ProvisionRequest {
        full_name: "Acme GmbH".to_owned(),
        host_name: "acme".to_owned(),
        industry: "software".to_owned(),
        email: "founder@acme.example".to_owned(),
        contact_name: "Anna Li".to_owned(),
        language: Language::En,
        terms_version: "1".to_owned(),
        terms_accepted_at: gateway.services.clock.now(),
        account: FOUNDER_ACCOUNT.to_owned(),
        password_hash: String::new(),
        grant: FirstGrant::Trial,
        verified: false,
        signup: None,
    };
    let tenant = provision(registry, request).await.expect("a tenant").id;
    let origin = || Origin {
        ip: Some(IpAddr::from([127, 0, 0, 1])),
        device: "Firefox on Linux".to_owned(),
        device_type: DeviceType::Desktop,
        language: Language::En,
    };
    let visit = visit_by_id(registry, origin(), tenant).await;
    let scene = Scene {
        visit: visit.expect("a visit"),
        clock: ManualClock::default(),
    };
    let (anna, bo) = (
        scene.person("anna", &[]).await,
        scene.person("bo", &[]).await,
    );
    assert_ne!(anna, bo);
    let signed_in = scene.sign_in("anna", Surface::Member).await;
    let talk = open_direct(&signed_in.context, &OpenDirectInput { member: bo }).await;
    let conversation = talk.expect("a conversation").id;
    let token = Secret::from(signed_in.token.reveal());

    let before = control_transactions(stores);
    for n in 0..REQUESTS {
        let visit = visit_by_id(registry, origin(), tenant).await;
        let visit = visit.expect("a visit");
        let ctx = authenticate(&visit, Surface::Member, &token).await;
        let ctx = ctx.expect("a session");
        let send = SendInput {
            conversation,
            nonce: format!("nonce-{n:04}"),
            text: "hello".to_owned(),
            files: SendFiles::default(),
        };
        gateway.chat.send(&ctx, send).await.expect("sent");
        let page = PageRequest::new(20, None).expect("a page");
        let found = members(&ctx, &MemberFilter::default(), &page).await;
        assert_eq!(found.expect("members").total, 3);
    }
    assert_eq!(control_transactions(stores) - before, 0);
    stores.close().await;
}
