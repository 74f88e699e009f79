//! For tests of this crate and of those above: a throw-away tenant with visits and contexts. Only
//! tests are built with this module.

use std::{fmt::Display, net::IpAddr, sync::Arc};

use kernel::{Clock as _, Instant, ManualClock};
use platform::bus::{Bus, MemoryBus};
use sea_orm::{ConnectionTrait as _, Statement};
use tenancy_model::{
    DeviceType, EntitlementsSnapshot, Language, MemberId, MemberState, Role, Surface,
};
use tenancy_store::{TenantTx, testing::World};

use crate::{
    Access, AccessConfig, Actor, NewPassword, Origin, Services, SignInInput, SignedIn,
    TenantContext, Visit, assign,
    credential::{KEY_ACCOUNT, KEY_EMAIL, KEY_MOBILE, write_password},
    sign_in,
};

/// The password of everybody whom [`Scene::person`] makes.
pub const PASSWORD: &str = "correct horse 7";

/// A tenant with 50 seats and no end, and a desk from which requests come.
#[derive(Clone)]
pub struct Scene {
    /// A request from a browser on the desk.
    pub visit: Visit,
    /// Moves only when told.
    pub clock: ManualClock,
}

/// What the test needs, or its end.
fn must<T, E: Display>(what: &str, result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("could not {what}: {error}"),
    }
}

/// Everything a process has, with cheap password hashes and a bus of its own.
#[must_use]
pub fn services(world: &World) -> Services {
    let clock = Arc::new(world.clock.clone());
    Services {
        stores: world.stores.clone(),
        clock,
        rng: world.rng.clone(),
        bus: Arc::new(MemoryBus::default()),
        access: must("hash", Access::new(AccessConfig::for_testing())),
    }
}

impl Scene {
    /// A new tenant of this world.
    pub async fn new(world: &World) -> Self {
        let row = world.tenant_row().await;
        let entitlements = EntitlementsSnapshot {
            version: 1,
            seats: 50,
            ends_at: None,
            trial: true,
            storage_bytes: 1 << 30,
        };
        let visit = Visit {
            store: must("open the tenant", world.stores.tenant(row.id).await),
            tenant: Arc::new(row),
            entitlements: Arc::new(entitlements),
            origin: Origin {
                ip: Some(IpAddr::from([10, 0, 0, 1])),
                device: "Firefox on Linux".to_owned(),
                device_type: DeviceType::Desktop,
                language: Language::En,
            },
            services: services(world),
        };
        Self {
            visit,
            clock: world.clock.clone(),
        }
    }

    /// The same with other entitlements.
    #[must_use]
    pub fn entitled(&self, seats: u32, ends_at: Option<Instant>) -> Self {
        let mut scene = self.clone();
        scene.visit.entitlements = Arc::new(EntitlementsSnapshot {
            seats,
            ends_at,
            ..(*self.visit.entitlements).clone()
        });
        scene
    }

    /// The same from another address and device.
    #[must_use]
    pub fn from(&self, ip: [u8; 4], device: &str, device_type: DeviceType) -> Self {
        let mut scene = self.clone();
        scene.visit.origin.ip = Some(IpAddr::from(ip));
        scene.visit.origin.device = device.to_owned();
        scene.visit.origin.device_type = device_type;
        scene
    }

    /// Now, by the world's clock.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The context of work of our own: may do what an owner may.
    #[must_use]
    pub fn job(&self) -> TenantContext {
        self.visit.context(Actor::Job { name: "test" })
    }

    /// Begins a transaction.
    pub async fn begin(&self) -> TenantTx {
        must("begin", self.visit.store.begin().await)
    }

    /// A member of this account and these roles with [`PASSWORD`] and an e-mail address, written
    /// without the directory's rules.
    pub async fn person(&self, account: &str, roles: &[Role]) -> MemberId {
        let services = &self.visit.services;
        let member = MemberId::new(&*services.clock, &*services.rng);
        let plain = PASSWORD.into();
        let hash = services.access.passwords.hash(&*services.rng, &plain);
        let password = NewPassword {
            member,
            hash: must("hash", hash.await),
            initial: false,
            now: self.now(),
        };
        let tx = self.begin().await;
        self.insert(&tx, member, account).await;
        must("set a password", write_password(&tx, &password).await);
        for role in roles {
            must("give a role", assign(&tx, member, *role, self.now()).await);
        }
        must("commit", tx.commit().await);
        member
    }

    async fn insert(&self, tx: &TenantTx, member: MemberId, account: &str) {
        let backend = tx.get_database_backend();
        let row = Statement::from_sql_and_values(
            backend,
            "INSERT INTO member (id, account, name, email, search, sort, state, \
             must_change_password, failures, created_at) \
             VALUES ($1, $2, $2, $3, $2, $2, $4, $5, 0, $6)",
            [
                member.into(),
                account.into(),
                email_of(account).into(),
                "active".into(),
                false.into(),
                self.now().into(),
            ],
        );
        must("insert a member", tx.execute_raw(row).await);
        let mobile = format!("+86138{:08}", account.len());
        let email = email_of(account);
        for (kind, folded) in [
            (KEY_ACCOUNT, kernel::fold(account)),
            (KEY_EMAIL, email),
            (KEY_MOBILE, mobile),
        ] {
            let key = Statement::from_sql_and_values(
                backend,
                "INSERT INTO member_key (kind, folded, member_id) VALUES ($1, $2, $3) \
                 ON CONFLICT DO NOTHING",
                [kind.into(), folded.into(), member.into()],
            );
            must("insert a key", tx.execute_raw(key).await);
        }
    }

    /// Sets a member's state without the directory's rules: sessions live on.
    pub async fn set_state(&self, member: MemberId, state: MemberState) {
        let tx = self.begin().await;
        let set = Statement::from_sql_and_values(
            tx.get_database_backend(),
            "UPDATE member SET state = $1 WHERE id = $2",
            [sea_orm::ActiveEnum::into_value(state).into(), member.into()],
        );
        must("set a state", tx.execute_raw(set).await);
        must("commit", tx.commit().await);
    }

    /// Signs in with [`PASSWORD`].
    pub async fn sign_in(&self, account: &str, surface: Surface) -> SignedIn {
        let input = SignInInput {
            account: account.to_owned(),
            password: PASSWORD.into(),
            surface,
            by_number: false,
        };
        match sign_in(&self.visit, &input).await {
            Ok(signed_in) => signed_in,
            Err(error) => panic!("{account} could not sign in: {error}"),
        }
    }

    /// The bus of this world.
    #[must_use]
    pub fn bus(&self) -> Arc<dyn Bus> {
        self.visit.services.bus.clone()
    }
}

/// The e-mail address of whom [`Scene::person`] makes.
#[must_use]
pub fn email_of(account: &str) -> String {
    format!("{}@company.example", kernel::fold(account))
}
