//! The composition root: the only place that names concrete implementations. Everything that a
//! command needs is made here out of the configuration, once.

use std::sync::Arc;

use api_graphql::{ActionLimiter, Gateway, platform_schema, tenant_schema};
use api_http::{Edge, EdgePorts, FanoutPorts, limited_action::LimitedActions};
use billing::{LedgerEntitlements, LedgerTerms};
use kernel::{Clock, Rng, SystemClock, SystemRng};
use platform::{
    bus::{Bus, MemoryBus, RedisBus},
    clock_watch::ClockWatch,
    ephemeral::{Ephemeral, MemoryEphemeral, RedisEphemeral},
    mail::MailTransport,
    rate_limit::RateLimiter,
    redis_service::RedisService,
    s3::{BlobStore, LocalS3},
};
use tenancy_access::{Access, Services};
use tenancy_chat::{Chat, Memberships, Presence};
use tenancy_files::{Files, FilesParts};
use tenancy_notify::{DeliveryParts, MailDelivery, Sender, UNVERIFIED_MAILS_A_DAY_MAX};
use tenancy_registry::{NoWatcher, Registry, RegistryParts};
use tenancy_store::{Stores, control::deployment_secret};
use tokio::runtime::Handle;

use crate::{
    RootConfig, StartError,
    ports::{Dependencies, Live, SchemaEvents, SessionAuthenticator},
};

/// What a start does not take from the configuration.
pub struct Options {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Whether to load the demonstration; refused where the server does not listen on loopback.
    pub demonstration: bool,
    /// The text of `/metrics`.
    pub render_metrics: api_http::edge::RenderMetrics,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            rng: Arc::new(SystemRng),
            demonstration: false,
            render_metrics: Arc::new(String::new),
        }
    }
}

/// Everything that commands work with.
pub struct Parts {
    /// What resolvers call.
    pub gateway: Gateway,
    /// Mails.
    pub delivery: Arc<MailDelivery>,
    /// Files.
    pub blobs: BlobStore,
    /// The object service of the embedded column.
    pub local_s3: Option<LocalS3>,
    pub(crate) redis: Option<RedisService>,
    pub(crate) clocks: Option<ClockWatch>,
}

/// Makes everything that commands work with. The databases must answer; Redis, S3 and SMTP may be
/// away.
///
/// # Errors
/// A database is away or its schema is newer than this program, or a setting cannot be used.
pub async fn join(config: &RootConfig, options: &Options) -> Result<Parts, StartError> {
    platform::tls::install_provider();
    std::fs::create_dir_all(&config.data)?;
    let stores = Stores::open(&config.database, &config.data).await?;
    let (clock, rng) = (options.clock.clone(), options.rng.clone());
    let redis = match config.redis.is_configured() {
        true => Some(RedisService::new(&config.redis).map_err(StartError::setting("redis"))?),
        false => None,
    };
    let watch = |redis| ClockWatch::new(redis, clock.clone(), &*rng);
    let clocks = redis.as_ref().map(watch);
    let (bus, ephemeral): (Arc<dyn Bus>, Arc<dyn Ephemeral>) = match &redis {
        Some(redis) => (
            Arc::new(RedisBus::start(redis, rng.clone())),
            Arc::new(RedisEphemeral::new(redis)),
        ),
        None => (
            Arc::new(MemoryBus::default()),
            Arc::new(MemoryEphemeral::new(clock.clone())),
        ),
    };
    let (blobs, local_s3) = blobs(config, options).await?;
    let services = Services {
        stores,
        clock: clock.clone(),
        rng,
        bus,
        access: Access::new(config.access.clone()).map_err(StartError::setting("access"))?,
    };
    let transport =
        MailTransport::from_config(&config.mail, clock).map_err(StartError::setting("mail"))?;
    let local_mailbox = matches!(transport, MailTransport::Local) && config.is_local();
    let registry = registry(config, options, &services, local_mailbox);
    let delivery = MailDelivery::new(
        services.clone(),
        DeliveryParts {
            transport,
            local_mailbox,
            sender: Sender {
                deployment: config.registry.deployment_name.clone(),
                public_url: config.public_url(),
            },
            unverified_mails_a_day_max: UNVERIFIED_MAILS_A_DAY_MAX,
        },
    );
    let files = files(config, &services, &blobs).await?;
    let gateway = Gateway {
        files,
        chat: Arc::new(Chat::new(services.clone())),
        presence: Arc::new(Presence::new(ephemeral, services.clone())),
        observer: Arc::new(()),
        services,
        registry,
    };
    let delivery = Arc::new(delivery);
    Ok(Parts {
        gateway,
        delivery,
        blobs,
        local_s3,
        redis,
        clocks,
    })
}

fn registry(
    config: &RootConfig,
    options: &Options,
    services: &Services,
    local_mailbox: bool,
) -> Arc<Registry> {
    let terms = LedgerTerms::new(
        services.stores.clone(),
        services.clock.clone(),
        services.rng.clone(),
        config.trial.clone(),
    );
    Registry::new(RegistryParts {
        services: services.clone(),
        config: config.registry.clone(),
        first_terms: terms.clone(),
        terms,
        entitlements: LedgerEntitlements::new(services.stores.clone()),
        watcher: Arc::new(NoWatcher),
        local_mailbox,
        demonstration: options.demonstration && config.is_local(),
    })
}

async fn files(
    config: &RootConfig,
    services: &Services,
    blobs: &BlobStore,
) -> Result<Arc<Files>, StartError> {
    let (control, now) = (services.stores.control(), services.clock.now());
    let parts = FilesParts {
        secret: deployment_secret(control, "file grants", &*services.rng, now).await?,
        services: services.clone(),
        blobs: blobs.clone(),
        spool: config.data.join("spool"),
        config: config.files.clone(),
    };
    Files::new(parts).map_err(StartError::setting("files"))
}

async fn blobs(
    config: &RootConfig,
    options: &Options,
) -> Result<(BlobStore, Option<LocalS3>), StartError> {
    if config.s3.is_remote() {
        let store = BlobStore::remote(&config.s3).map_err(StartError::setting("s3"))?;
        return Ok((store, None));
    }
    let folder = config.data.join("blobs");
    let local = LocalS3::open(&folder, options.clock.clone(), options.rng.clone()).await;
    let local = local.map_err(StartError::setting("s3"))?;
    Ok((BlobStore::local(&local, &config.public_url()), Some(local)))
}

/// Joins the edge to everything else.
pub(crate) fn edge(config: &RootConfig, parts: &Parts, options: &Options) -> Arc<Edge> {
    let gateway = &parts.gateway;
    let services = &gateway.services;
    let limiter = match &parts.redis {
        Some(redis) => RateLimiter::shared(services.clock.clone(), redis, &config.rate_limits),
        None => RateLimiter::local(services.clock.clone()),
    };
    let limits = Arc::new(LimitedActions::new(limiter));
    let resolver_limits: Arc<dyn ActionLimiter> = limits.clone();
    let (complexity, introspection) = (
        config.http.graphql.complexity_max,
        config.http.introspection,
    );
    let schema = tenant_schema(gateway.clone(), complexity, introspection);
    let live = Arc::new(Live {
        stores: services.stores.clone(),
        memberships: Memberships::default(),
        presence: gateway.presence.clone(),
    });
    let ports = EdgePorts {
        tenant: Arc::new(schema.clone()),
        platform: Arc::new(platform_schema(gateway.clone(), complexity, introspection)),
        authenticator: Arc::new(SessionAuthenticator {
            gateway: Arc::new(gateway.clone()),
            limiter: resolver_limits,
        }),
        limits,
        files: gateway.files.clone(),
        upload_origin: upload_origin(config),
        readiness: Arc::new(Dependencies {
            stores: services.stores.clone(),
            redis: parts.redis.clone(),
            blobs: parts.blobs.clone(),
            clocks: parts.clocks.clone(),
        }),
        render_metrics: options.render_metrics.clone(),
        fanout: FanoutPorts {
            bus: services.bus.clone(),
            events: Arc::new(SchemaEvents(schema)),
            recipients: live.clone(),
            log: live.clone(),
            presence: live,
        },
        rng: services.rng.clone(),
    };
    Edge::new(http_config(config), ports, Handle::current())
}

/// Where browsers put the parts of large files, when that is another server.
fn upload_origin(config: &RootConfig) -> Option<String> {
    let s3 = &config.s3;
    if !s3.is_remote() {
        return None;
    }
    let public = s3.public_endpoint.as_deref();
    let address = public.filter(|text| !text.is_empty());
    let address = address.or(s3.endpoint.as_deref())?;
    let (scheme, rest) = address.split_once("://")?;
    let host = rest.split('/').next()?;
    Some(match s3.path_style {
        true => format!("{scheme}://{host}"),
        false => format!("{scheme}://{}.{host}", s3.bucket),
    })
}

fn http_config(config: &RootConfig) -> api_http::HttpConfig {
    api_http::HttpConfig {
        public_url: config.public_url(),
        ..config.http.clone()
    }
}
