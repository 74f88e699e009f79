//! The product as it is put together for a server, over fresh databases of one column, and people
//! in its tenants.

use std::{net::IpAddr, sync::Arc};

use api_graphql::Gateway;
use api_http::HttpConfig;
use api_server::{Options, RootConfig, Running};
use hansa_tests::{Column, free_port, service};
use kernel::ManualClock;
use platform::redis_service::RedisConfig;
use tempfile::TempDir;
use tenancy_access::{Origin, TenantContext, testing::Scene};
use tenancy_model::{DeviceType, Language, Surface};
use tenancy_registry::{FOUNDER_ACCOUNT, FirstGrant, ProvisionRequest};
use tenancy_store::control::tenant;

/// Both, in the order of the printed figures.
pub(crate) const COLUMNS: [Column; 2] = [Column::Embedded, Column::Scaled];
/// More than any scenario has members.
const SEATS: u32 = 10_000;

/// How a column is called in the name of a figure.
pub(crate) fn name_of(column: Column) -> &'static str {
    match column {
        Column::Embedded => "embedded",
        Column::Scaled => "scaled",
    }
}

/// Fresh databases, and the configuration of a process that uses them.
pub(crate) struct Ground {
    /// As a server has it, save that password hashes cost nothing.
    pub(crate) config: RootConfig,
    /// PostgreSQL, in the scaled column.
    pub(crate) database: Option<service::postgres::Database>,
    /// Files of the embedded column.
    pub(crate) data: TempDir,
}

impl Ground {
    /// Of a column.
    pub(crate) async fn new(column: Column) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut config = RootConfig::for_testing(data.path());
        config.http = HttpConfig::default();
        // The addresses of parts name the port.
        config.listen.set_port(free_port().expect("a port"));
        let mut database = None;
        if column == Column::Scaled {
            let fresh = service::postgres::fresh_database().await;
            let fresh = fresh.expect("PostgreSQL");
            config.database.url.clone_from(&fresh.url);
            let redis = service::redis::fresh().expect("Redis");
            config.redis = RedisConfig::for_testing(&redis.url);
            config.s3 = service::s3::fresh_bucket().await.expect("S3").config();
            database = Some(fresh);
        }
        Self {
            config,
            database,
            data,
        }
    }

    /// Where PostgreSQL is, as its superuser.
    pub(crate) fn superuser_url(&self) -> Option<&str> {
        let database = self.database.as_ref();
        database.map(|database| database.superuser_url.as_str())
    }

    /// The domain without a server.
    pub(crate) async fn join(&self) -> Gateway {
        let parts = api_server::join(&self.config, &Options::default()).await;
        parts.expect("the domain").gateway
    }

    /// The whole server, on a free port.
    pub(crate) async fn start(&self) -> Running {
        let running = api_server::start(&self.config, Options::default()).await;
        running.expect("a server")
    }
}

/// Makes a tenant as the operator's command does.
pub(crate) async fn provision(gateway: &Gateway, n: usize) -> tenant::Model {
    let request = ProvisionRequest {
        full_name: format!("Company {n} GmbH"),
        host_name: format!("company-{n}"),
        industry: "software".to_owned(),
        email: format!("founder@company-{n}.example"),
        contact_name: "Anna Li".to_owned(),
        language: Language::En,
        terms_version: "1".to_owned(),
        terms_accepted_at: gateway.services.clock.now(),
        account: FOUNDER_ACCOUNT.to_owned(),
        password_hash: String::new(),
        grant: FirstGrant::Endless { seats: SEATS },
        verified: true,
        signup: None,
    };
    let tenant = tenancy_registry::provision(&gateway.registry, request).await;
    tenant.expect("a tenant")
}

/// Somebody who is signed in.
#[derive(Clone)]
pub(crate) struct Person {
    /// What they act with.
    pub(crate) context: TenantContext,
    /// What their browser shows.
    pub(crate) token: String,
}

/// `count` people of a tenant, each signed in to chat.
pub(crate) async fn people(gateway: &Gateway, tenant: &tenant::Model, count: usize) -> Vec<Person> {
    let origin = Origin {
        ip: Some(IpAddr::from([127, 0, 0, 1])),
        device: "Firefox on Linux".to_owned(),
        device_type: DeviceType::Desktop,
        language: Language::En,
    };
    let visit = tenancy_registry::visit_by_id(&gateway.registry, origin, tenant.id).await;
    let scene = Scene {
        visit: visit.expect("a visit"),
        clock: ManualClock::default(),
    };
    let mut people = Vec::with_capacity(count);
    for n in 0..count {
        let account = format!("person{n}");
        scene.person(&account, &[]).await;
        let signed_in = scene.sign_in(&account, Surface::Member).await;
        people.push(Person {
            token: signed_in.token.reveal().to_owned(),
            context: signed_in.context,
        });
    }
    people
}

/// A gateway and the people of its only tenant.
pub(crate) async fn company(gateway: &Gateway, count: usize) -> Arc<[Person]> {
    let tenant = provision(gateway, 0).await;
    people(gateway, &tenant, count).await.into()
}
