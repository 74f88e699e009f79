//! A tenant is there wholly or not at all, wherever the process dies.

use std::time::Duration;

use parking_lot::Mutex;
use sea_orm::{ConnectionTrait as _, PaginatorTrait as _};
use tenancy_directory::{MemberFilter, members};
use tenancy_model::{Role, TenantStatus};
use tenancy_store::{PageRequest, control::tenant, testing::World};
use tokio::sync::Notify;

use super::*;
use crate::{ProvisionStep, demonstration_accounts, demonstration_ensure, signup::confirm, sweep};

tenancy_store::testing::test_both_backends!(
    a_crash_at_any_step_leaves_nothing_after_the_sweep,
    a_step_that_fails_takes_everything_back,
    a_caller_that_goes_away_leaves_a_whole_tenant,
    a_sweep_leaves_alone_what_is_being_made,
    a_slow_maker_whose_tenant_was_swept_fails_and_leaves_nothing,
    a_maker_cannot_finish_what_a_sweep_is_removing,
    a_sweep_that_comes_too_late_leaves_a_whole_tenant,
    a_claim_that_a_crash_left_is_taken_up_by_the_next_sweep,
    the_founder_is_owner_with_the_password_of_the_form,
    the_demonstration_is_made_once,
);

/// What happens at one step.
enum At {
    /// The process stops there for ever: a crash.
    Die,
    /// The store fails there.
    Fail,
    /// The process stops there until it is told to go on.
    Wait,
}

/// Makes something happen at a step, the first time it is reached.
struct Trap {
    step: ProvisionStep,
    at: At,
    sprung: Mutex<bool>,
    reached: Notify,
    go_on: Notify,
}

impl Trap {
    fn new(step: ProvisionStep, at: At) -> Arc<Self> {
        Arc::new(Self {
            step,
            at,
            sprung: Mutex::new(false),
            reached: Notify::new(),
            go_on: Notify::new(),
        })
    }
}

#[async_trait]
impl ProvisionWatcher for Trap {
    async fn done(&self, step: ProvisionStep) -> Result<(), StoreError> {
        if step != self.step || std::mem::replace(&mut *self.sprung.lock(), true) {
            return Ok(());
        }
        match self.at {
            At::Fail => Err(StoreError::NoShardOpen),
            At::Die => {
                self.reached.notify_one();
                std::future::pending().await
            }
            At::Wait => {
                self.reached.notify_one();
                self.go_on.notified().await;
                Ok(())
            }
        }
    }
}

const STEPS: [ProvisionStep; 3] = [
    ProvisionStep::Reserved,
    ProvisionStep::SchemaMade,
    ProvisionStep::PeopleMade,
];

async fn tenants_in_all(world: &World) -> u64 {
    let tx = world.stores.control().read().await.unwrap();
    tenant::Entity::find().count(&tx).await.unwrap()
}

/// Schemas or files of tenants, and roles: what nobody may leave behind.
async fn traces(world: &World) -> usize {
    if world.config.url.is_empty() {
        let folder = std::fs::read_dir(world.data.join("tenants")).unwrap();
        return folder.count();
    }
    let tx = world.stores.control().read().await.unwrap();
    let rows = tx.query_all_raw(sea_orm::Statement::from_string(
        tx.get_database_backend(),
        "SELECT 1 FROM pg_namespace WHERE nspname LIKE 't\\_%' \
         UNION ALL SELECT 1 FROM pg_roles WHERE rolname LIKE 't\\_%' \
         AND pg_has_role(current_user, oid, 'MEMBER')",
    ));
    rows.await.unwrap().len()
}

async fn a_crash_at_any_step_leaves_nothing_after_the_sweep(world: World) {
    for (n, step) in (1..).zip(STEPS) {
        let trap = Trap::new(step, At::Die);
        let registry = registry_with(&world, trap.clone());
        let started = start(&registry, n).await;
        let input = SignupConfirm {
            signup: started.signup,
            code: code(&registry, started.signup).await,
        };
        let before = traces(&world).await;
        tokio::select! {
            ended = confirm(&registry, &input) => panic!("{ended:?}"),
            () = trap.reached.notified() => {}
        }
        let half = confirm(&registry, &input).await;
        assert_eq!(code_of(half), ErrorCode::CodeUsed, "{step:?}");
        let others = tenants_in_all(&world).await - 1;
        assert_eq!(
            sweep(&registry, Duration::ZERO).await.unwrap(),
            1,
            "{step:?}"
        );
        assert_eq!(tenants_in_all(&world).await, others, "{step:?}");
        assert_eq!(traces(&world).await, before, "{step:?}");
        let whole = confirm(&registry, &input).await.unwrap();
        assert!(world.stores.tenant(whole.tenant).await.is_ok(), "{step:?}");
        assert_eq!(
            sweep(&registry, Duration::ZERO).await.unwrap(),
            0,
            "{step:?}"
        );
    }
}

async fn a_step_that_fails_takes_everything_back(world: World) {
    for (n, step) in (1..).zip(STEPS) {
        let registry = registry_with(&world, Trap::new(step, At::Fail));
        let started = start(&registry, n).await;
        let input = SignupConfirm {
            signup: started.signup,
            code: code(&registry, started.signup).await,
        };
        let (tenants, left) = (tenants_in_all(&world).await, traces(&world).await);
        let failed = signup_confirm(&registry, &input).await;
        assert!(matches!(failed, Err(DomainError::Store(_))), "{step:?}");
        assert_eq!(
            (tenants_in_all(&world).await, traces(&world).await),
            (tenants, left)
        );
        assert!(signup_confirm(&registry, &input).await.is_ok(), "{step:?}");
    }
}

async fn a_caller_that_goes_away_leaves_a_whole_tenant(world: World) {
    let registry = registry(&world);
    let started = start(&registry, 1).await;
    let input = SignupConfirm {
        signup: started.signup,
        code: code(&registry, started.signup).await,
    };
    let mut going = Box::pin(signup_confirm(&registry, &input));
    assert!(futures::poll!(&mut going).is_pending());
    drop(going);
    loop {
        let tx = world.stores.control().read().await.unwrap();
        let row = tenant::Entity::find().one(&tx).await.unwrap();
        if row.is_some_and(|row| row.status == TenantStatus::Active) {
            break;
        }
        drop(tx);
        tokio::task::yield_now().await;
    }
}

async fn a_sweep_leaves_alone_what_is_being_made(world: World) {
    let trap = Trap::new(ProvisionStep::SchemaMade, At::Die);
    let registry = registry_with(&world, trap.clone());
    let started = start(&registry, 1).await;
    let input = SignupConfirm {
        signup: started.signup,
        code: code(&registry, started.signup).await,
    };
    tokio::select! {
        ended = confirm(&registry, &input) => panic!("{ended:?}"),
        () = trap.reached.notified() => {}
    }
    let bound = registry.config.provisioning_for();
    assert_eq!(sweep(&registry, bound).await.unwrap(), 0);
    world
        .clock
        .advance(chrono::Duration::from_std(bound).unwrap());
    assert_eq!(sweep(&registry, bound).await.unwrap(), 1);
}

/// A confirmation that waits at a step.
struct Slow {
    registry: Arc<Registry>,
    input: SignupConfirm,
    trap: Arc<Trap>,
    maker: tokio::task::JoinHandle<Result<SignedUpTenant, DomainError>>,
}

impl Slow {
    async fn start(world: &World, n: u8, step: ProvisionStep) -> Self {
        let trap = Trap::new(step, At::Wait);
        let registry = registry_with(world, trap.clone());
        let started = start(&registry, n).await;
        let input = SignupConfirm {
            signup: started.signup,
            code: code(&registry, started.signup).await,
        };
        let (its, asked) = (registry.clone(), input.clone());
        let maker = tokio::spawn(async move { signup_confirm(&its, &asked).await });
        trap.reached.notified().await;
        Self {
            registry,
            input,
            trap,
            maker,
        }
    }

    async fn finish(self) -> (Arc<Registry>, Result<SignedUpTenant, DomainError>) {
        self.trap.go_on.notify_one();
        (self.registry, self.maker.await.unwrap())
    }
}

async fn a_slow_maker_whose_tenant_was_swept_fails_and_leaves_nothing(world: World) {
    for (n, step) in (1..).zip(STEPS) {
        let (tenants, left) = (tenants_in_all(&world).await, traces(&world).await);
        let slow = Slow::start(&world, n, step).await;
        let input = slow.input.clone();
        assert_eq!(sweep(&slow.registry, Duration::ZERO).await.unwrap(), 1);
        let (registry, made) = slow.finish().await;
        assert!(
            matches!(made, Err(DomainError::Store(_))),
            "{step:?}: {made:?}"
        );
        let now = (tenants_in_all(&world).await, traces(&world).await);
        assert_eq!(now, (tenants, left), "{step:?}");
        let again = signup_confirm(&registry, &input).await.unwrap();
        assert!(world.stores.tenant(again.tenant).await.is_ok(), "{step:?}");
    }
}

async fn a_maker_cannot_finish_what_a_sweep_is_removing(world: World) {
    let (tenants, left) = (tenants_in_all(&world).await, traces(&world).await);
    let slow = Slow::start(&world, 1, ProvisionStep::PeopleMade).await;
    let found = sweep::half_tenants(&slow.registry, world.now()).await;
    let found = found.unwrap().remove(0);
    assert!(sweep::claim(&slow.registry, found.id).await.unwrap());
    let dropped = world.stores.drop_schema(found.id, &found.shard).await;
    dropped.unwrap();
    let (_, made) = slow.finish().await;
    assert!(matches!(made, Err(DomainError::Store(_))), "{made:?}");
    let now = (tenants_in_all(&world).await, traces(&world).await);
    assert_eq!(now, (tenants, left));
}

async fn a_sweep_that_comes_too_late_leaves_a_whole_tenant(world: World) {
    let slow = Slow::start(&world, 1, ProvisionStep::PeopleMade).await;
    let found = sweep::half_tenants(&slow.registry, world.now()).await;
    let found = found.unwrap().remove(0);
    let (registry, made) = slow.finish().await;
    assert_eq!(made.unwrap().tenant, found.id);
    let gone = sweep::undo(&registry, found.id, &found.shard).await;
    assert!(!gone.unwrap());
    let store = world.stores.tenant(found.id).await.unwrap();
    let tx = store.read().await.unwrap();
    let people = crate::entity::member::Entity::find().count(&tx).await;
    assert_eq!(people.unwrap(), 1);
}

async fn a_claim_that_a_crash_left_is_taken_up_by_the_next_sweep(world: World) {
    let (tenants, left) = (tenants_in_all(&world).await, traces(&world).await);
    let slow = Slow::start(&world, 1, ProvisionStep::PeopleMade).await;
    let found = sweep::half_tenants(&slow.registry, world.now()).await;
    let id = found.unwrap()[0].id;
    slow.maker.abort();
    assert!(sweep::claim(&slow.registry, id).await.unwrap());
    assert!(sweep::claim(&slow.registry, id).await.unwrap());
    assert_eq!(sweep(&slow.registry, Duration::ZERO).await.unwrap(), 1);
    let now = (tenants_in_all(&world).await, traces(&world).await);
    assert_eq!(now, (tenants, left));
}

/// covers: TEN-01
async fn the_founder_is_owner_with_the_password_of_the_form(world: World) {
    let registry = registry(&world);
    let tenant = sign_up(&registry, 1).await;
    let store = world.stores.tenant(tenant.tenant).await.unwrap();
    let tx = store.read().await.unwrap();
    let found = crate::entity::member::Entity::find()
        .all(&tx)
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    let roles = tenancy_access::roles_of(&tx, &[found[0].id]).await.unwrap();
    assert!(roles[&found[0].id].contains(&Role::Owner));
    let control = world.stores.control().read().await.unwrap();
    let signup = crate::entity::signup::Entity::find()
        .one(&control)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        signup.body.password_hash, "",
        "the form's password is kept in the tenant alone"
    );
}

async fn the_demonstration_is_made_once(world: World) {
    let registry = registry(&world);
    let made = demonstration_ensure(&registry, &()).await.unwrap();
    assert_eq!(made.len(), 2);
    assert!(
        made.iter()
            .all(|company| company.is_new && company.members.len() >= 8)
    );
    assert!(
        made.iter()
            .all(|company| company.ctx.entitlements.ends_at.is_none())
    );
    let again = demonstration_ensure(&registry, &()).await.unwrap();
    assert!(again.iter().all(|company| !company.is_new));
    assert_eq!(again[0].members, made[0].members);
    let page = PageRequest::new(50, None).unwrap();
    let all = members(&made[0].ctx, &MemberFilter::default(), &page)
        .await
        .unwrap();
    assert_eq!(all.total, made[0].members.len() as u64);
    let accounts = demonstration_accounts();
    assert_eq!(accounts.len(), 6);
    let shown = registry.deployment(tenancy_model::Language::En);
    assert_eq!(shown.demonstration, accounts);
}
