//! Work is found, done at least once, tried again, and survives whoever was doing it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use std::time::Duration;

use parking_lot::Mutex;
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use tenancy_model::TenantStatus;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{Stores, TenantStore, due, statement::sql, testing::Column, testing::World};

crate::test_both_backends!(
    a_job_runs_when_it_is_due_and_once,
    work_of_this_process_is_done_at_once,
    a_failing_job_waits_longer_each_time_and_ends_dead_with_its_error,
    a_panic_and_a_refusal_for_good_are_the_jobs_own_matter,
    the_job_of_a_process_that_died_is_taken_over,
    a_recurring_job_survives_restarts_and_failures,
    a_job_that_enqueues_itself_goes_on,
    the_same_key_waits_once_and_ensure_keeps_what_waits,
    many_processes_share_the_work_and_do_each_job_once,
    only_tenants_with_work_are_visited,
    a_suspended_tenant_keeps_its_work,
    a_job_of_a_newer_process_waits_for_it,
    jobs_that_belong_to_no_tenant_are_done,
    a_transaction_that_is_rolled_back_leaves_no_work,
    a_stop_lets_what_runs_come_to_its_end,
);

/// What handlers did, in order.
#[derive(Clone, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    fn write(&self, line: impl Into<String>) {
        self.0.lock().push(line.into());
    }

    fn read(&self) -> Vec<String> {
        self.0.lock().clone()
    }
}

fn runner_of(world: &World, stores: &Stores, handlers: JobHandlers) -> JobRunner {
    let clock = Arc::new(world.clock.clone());
    JobRunner::new(stores.clone(), clock, world.rng.clone(), handlers)
}

fn runner(world: &World, handlers: JobHandlers) -> JobRunner {
    runner_of(world, &world.stores, handlers)
}

/// A handler of `note` that writes the body into a diary.
fn notes(diary: &Diary) -> JobHandlers {
    let mut handlers = JobHandlers::new();
    let diary = diary.clone();
    handlers.register("note", move |_, job: Job| {
        diary.write(job.body.as_str().unwrap_or_default());
        async { Ok(()) }
    });
    handlers
}

fn request(world: &World, kind: &'static str, key: Option<&str>, body: &str) -> JobRequest {
    JobRequest {
        id: JobId::new(&world.clock, &*world.rng),
        kind,
        key: key.map(str::to_owned),
        body: json!(body),
        due_at: world.now(),
    }
}

async fn add(store: &TenantStore, job: &JobRequest) {
    let tx = store.begin().await.unwrap();
    enqueue(&tx, job).await.unwrap();
    tx.commit().await.unwrap();
}

/// Attempts, error and whether it is dead, of every job that is left.
async fn left(store: &TenantStore) -> Vec<(i32, Option<String>, bool)> {
    let tx = store.read().await.unwrap();
    let text = "SELECT attempts, error, dead_at IS NOT NULL AS dead FROM job ORDER BY id";
    let rows = tx.query_all_raw(sql(&tx, text, [])).await.unwrap();
    rows.iter()
        .map(|row| {
            (
                row.try_get("", "attempts").unwrap(),
                row.try_get("", "error").unwrap(),
                row.try_get("", "dead").unwrap(),
            )
        })
        .collect()
}

impl World {
    fn pass(&self, seconds: i64) {
        self.clock.advance(chrono::Duration::seconds(seconds));
    }
}

async fn a_job_runs_when_it_is_due_and_once(world: World) {
    let store = world.tenant().await;
    let diary = Diary::default();
    let runner = runner(&world, notes(&diary));
    add(&store, &request(&world, "note", None, "now")).await;
    let mut later = request(&world, "note", None, "later");
    later.due_at += chrono::Duration::seconds(90);
    add(&store, &later).await;
    assert_eq!(runner.run_due().await.unwrap(), 1);
    assert_eq!(diary.read(), ["now"]);
    world.pass(89);
    assert_eq!(runner.run_due().await.unwrap(), 0);
    world.pass(1);
    assert_eq!(runner.run_due().await.unwrap(), 1);
    assert_eq!(diary.read(), ["now", "later"]);
    assert!(left(&store).await.is_empty());
    world.pass(3_600);
    assert_eq!(
        runner.run_due().await.unwrap(),
        0,
        "nothing is left to visit"
    );
}

async fn work_of_this_process_is_done_at_once(world: World) {
    let store = world.tenant().await;
    let (done, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let mut handlers = JobHandlers::new();
    handlers.register("note", move |_, job: Job| {
        let done = done.clone();
        async move {
            let _ = done.send(job.body);
            Ok(())
        }
    });
    let stop = CancellationToken::new();
    let (runner, token) = (runner(&world, handlers), stop.clone());
    let running = tokio::spawn(async move { runner.run(token).await });
    for n in ["one", "two", "three"] {
        add(&store, &request(&world, "note", None, n)).await;
        assert_eq!(seen.recv().await, Some(json!(n)));
    }
    stop.cancel();
    running.await.unwrap().unwrap();
}

async fn a_failing_job_waits_longer_each_time_and_ends_dead_with_its_error(world: World) {
    let store = world.tenant().await;
    let tries = Arc::new(AtomicUsize::new(0));
    let counter = tries.clone();
    let mut handlers = JobHandlers::new();
    handlers.register("note", move |_, _| {
        counter.fetch_add(1, Ordering::Relaxed);
        async { Err(JobError::Retry("the other side is away".to_owned())) }
    });
    let runner = runner(&world, handlers);
    add(&store, &request(&world, "note", None, "x")).await;
    runner.run_due().await.unwrap();
    let error = Some("the other side is away".to_owned());
    assert_eq!(left(&store).await, [(1, error.clone(), false)]);
    assert_eq!(
        runner.run_due().await.unwrap(),
        0,
        "not before its wait is over"
    );
    world.pass(2);
    runner.run_due().await.unwrap();
    assert_eq!(tries.load(Ordering::Relaxed), 2);
    for _ in 0..40 {
        world.pass(7_200);
        runner.run_due().await.unwrap();
    }
    assert_eq!(left(&store).await, [(24, error, true)]);
    assert_eq!(tries.load(Ordering::Relaxed), 24);
}

async fn a_panic_and_a_refusal_for_good_are_the_jobs_own_matter(world: World) {
    let store = world.tenant().await;
    let diary = Diary::default();
    let mut handlers = notes(&diary);
    handlers.register("panic", |_, _| async { panic!("a bug") });
    handlers.register("refused", |_, _| async {
        Err(JobError::Dead("no such address".repeat(100)))
    });
    for kind in ["panic", "refused", "note"] {
        add(&store, &request(&world, kind, None, "done")).await;
    }
    runner(&world, handlers).run_due().await.unwrap();
    assert_eq!(diary.read(), ["done"]);
    let left = left(&store).await;
    assert_eq!(left.iter().filter(|job| job.2).count(), 1);
    assert!(
        left.iter()
            .any(|job| job.1.as_deref() == Some("it panicked"))
    );
    assert!(left.iter().all(|job| job.1.as_ref().unwrap().len() <= 500));
}

async fn the_job_of_a_process_that_died_is_taken_over(world: World) {
    let store = world.tenant().await;
    let (begun, mut has_begun) = tokio::sync::mpsc::unbounded_channel();
    let mut stuck = JobHandlers::new();
    stuck.register("note", move |_, _| {
        let _ = begun.send(());
        std::future::pending()
    });
    let dying = runner(&world, stuck);
    add(&store, &request(&world, "note", None, "x")).await;
    let dying = tokio::spawn(async move { dying.run_due().await });
    has_begun.recv().await.unwrap();
    dying.abort();
    let _ = dying.await;

    let diary = Diary::default();
    let other = world.open(&world.config).await;
    let heir = runner_of(&world, &other, notes(&diary));
    assert_eq!(heir.run_due().await.unwrap(), 0, "its lease still holds");
    world.pass(61);
    heir.run_due().await.unwrap();
    assert_eq!(diary.read(), ["x"]);
    assert!(left(&store).await.is_empty());
    other.close().await;
}

async fn a_recurring_job_survives_restarts_and_failures(world: World) {
    let runs = Arc::new(AtomicUsize::new(0));
    let handlers = || {
        let runs = runs.clone();
        let mut handlers = JobHandlers::new();
        handlers.register_recurring("sweep", Duration::from_secs(60), move |_, _| {
            let run = runs.fetch_add(1, Ordering::Relaxed);
            async move {
                match run {
                    1 => Err(JobError::Dead("even this is tried again".to_owned())),
                    _ => Ok(()),
                }
            }
        });
        handlers
    };
    let first = runner(&world, handlers());
    first.run_due().await.unwrap();
    first.run_due().await.unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    world.pass(60);
    first.run_due().await.unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 2, "and this run failed");
    let other = world.open(&world.config).await;
    let second = runner_of(&world, &other, handlers());
    world.pass(60);
    second.run_due().await.unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 3);
    other.close().await;
}

async fn a_job_that_enqueues_itself_goes_on(world: World) {
    let store = world.tenant().await;
    let mut handlers = JobHandlers::new();
    let (clock, rng) = (world.clock.clone(), world.rng.clone());
    let diary = Diary::default();
    let book = diary.clone();
    handlers.register("daily", move |store: TenantStore, job: Job| {
        let next = JobRequest {
            id: JobId::new(&clock, &*rng),
            kind: "daily",
            key: job.key.clone(),
            body: json!(null),
            due_at: job.due_at + chrono::Duration::days(1),
        };
        book.write("day");
        async move {
            let tx = store.begin().await?;
            enqueue(&tx, &next).await?;
            tx.commit().await?;
            Ok(())
        }
    });
    let runner = runner(&world, handlers);
    add(&store, &request(&world, "daily", Some("d"), "")).await;
    for day in 1..4 {
        runner.run_due().await.unwrap();
        assert_eq!(diary.read().len(), day);
        world.pass(86_400);
    }
    assert_eq!(left(&store).await, [(0, None, false)]);
}

async fn the_same_key_waits_once_and_ensure_keeps_what_waits(world: World) {
    let store = world.tenant().await;
    let diary = Diary::default();
    let runner = runner(&world, notes(&diary));
    add(&store, &request(&world, "note", Some("k"), "first")).await;
    add(&store, &request(&world, "note", Some("k"), "second")).await;
    add(&store, &request(&world, "note", Some("other"), "third")).await;
    let tx = store.begin().await.unwrap();
    ensure(&tx, &request(&world, "note", Some("k"), "fourth"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    runner.run_due().await.unwrap();
    let mut lines = diary.read();
    lines.sort();
    assert_eq!(lines, ["second", "third"]);
}

async fn many_processes_share_the_work_and_do_each_job_once(world: World) {
    const TENANTS: usize = 6;
    const JOBS: usize = 12;
    let diary = Diary::default();
    for tenant in 0..TENANTS {
        let store = world.tenant().await;
        for n in 0..JOBS {
            add(
                &store,
                &request(&world, "note", None, &format!("{tenant}/{n}")),
            )
            .await;
        }
    }
    let (second, third) = (
        world.open(&world.config).await,
        world.open(&world.config).await,
    );
    let runners =
        [&world.stores, &second, &third].map(|stores| runner_of(&world, stores, notes(&diary)));
    let runs = runners.iter().map(JobRunner::run_due);
    for run in futures::future::join_all(runs).await {
        run.unwrap();
    }
    let mut lines = diary.read();
    assert_eq!(lines.len(), TENANTS * JOBS);
    lines.sort();
    lines.dedup();
    assert_eq!(lines.len(), TENANTS * JOBS);
    second.close().await;
    third.close().await;
}

async fn only_tenants_with_work_are_visited(world: World) {
    let stores = [
        world.tenant().await,
        world.tenant().await,
        world.tenant().await,
    ];
    let diary = Diary::default();
    let runner = runner(&world, notes(&diary));
    assert_eq!(runner.run_due().await.unwrap(), 0);
    for _ in 0..10 {
        add(&stores[1], &request(&world, "note", None, "x")).await;
    }
    assert_eq!(
        runner.run_due().await.unwrap(),
        1,
        "one visit for all its jobs"
    );
    assert_eq!(diary.read().len(), 10);
}

async fn a_suspended_tenant_keeps_its_work(world: World) {
    let store = world.tenant().await;
    let diary = Diary::default();
    let runner = runner(&world, notes(&diary));
    add(&store, &request(&world, "note", None, "x")).await;
    world.set_status(store.id(), TenantStatus::Suspended).await;
    world.stores.close_tenant(store.id());
    runner.run_due().await.unwrap();
    assert_eq!(
        runner.run_due().await.unwrap(),
        0,
        "it is not asked all the time"
    );
    world.set_status(store.id(), TenantStatus::Active).await;
    world.stores.close_tenant(store.id());
    world.stores.wake_tenant(store.id()).await.unwrap();
    runner.run_due().await.unwrap();
    assert_eq!(diary.read(), ["x"]);

    let store = world.stores.tenant(store.id()).await.unwrap();
    add(&store, &request(&world, "note", None, "never")).await;
    world.set_status(store.id(), TenantStatus::Erased).await;
    world.stores.close_tenant(store.id());
    runner.run_due().await.unwrap();
    world.pass(86_400);
    assert_eq!(runner.run_due().await.unwrap(), 0);
    assert_eq!(diary.read(), ["x"]);
}

async fn a_job_of_a_newer_process_waits_for_it(world: World) {
    let store = world.tenant().await;
    add(&store, &request(&world, "note", None, "x")).await;
    let old = runner(&world, JobHandlers::new());
    old.run_due().await.unwrap();
    assert_eq!(left(&store).await, [(0, None, false)]);
    let diary = Diary::default();
    let new = runner(&world, notes(&diary));
    assert_eq!(new.run_due().await.unwrap(), 0);
    world.pass(60);
    new.run_due().await.unwrap();
    assert_eq!(diary.read(), ["x"]);
}

async fn jobs_that_belong_to_no_tenant_are_done(world: World) {
    let diary = Diary::default();
    let book = diary.clone();
    let mut handlers = JobHandlers::new();
    handlers.register_control("note", move |_, job: Job| {
        book.write(format!("{} {}", job.attempt, job.body));
        async move {
            match job.attempt {
                1 => Err(JobError::Retry("busy".to_owned())),
                _ => Ok(()),
            }
        }
    });
    let runner = runner(&world, handlers);
    let tx = world.stores.control().begin().await.unwrap();
    enqueue_control(&tx, &request(&world, "note", None, "code"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    runner.run_due().await.unwrap();
    world.pass(2);
    runner.run_due().await.unwrap();
    assert_eq!(diary.read(), ["1 \"code\"", "2 \"code\""]);
    world.pass(86_400);
    assert_eq!(runner.run_due().await.unwrap(), 0);
}

async fn a_transaction_that_is_rolled_back_leaves_no_work(world: World) {
    let store = world.tenant().await;
    let diary = Diary::default();
    let tx = store.begin().await.unwrap();
    enqueue(&tx, &request(&world, "note", None, "x"))
        .await
        .unwrap();
    drop(tx);
    let runner = runner(&world, notes(&diary));
    assert_eq!(runner.run_due().await.unwrap(), 0);
    assert!(diary.read().is_empty());
}

async fn a_stop_lets_what_runs_come_to_its_end(world: World) {
    let store = world.tenant().await;
    let (begun, mut has_begun) = tokio::sync::mpsc::unbounded_channel();
    let go_on = Arc::new(tokio::sync::Notify::new());
    let (mut handlers, gate) = (JobHandlers::new(), go_on.clone());
    handlers.register("note", move |_, _| {
        let gate = gate.clone();
        let _ = begun.send(());
        async move {
            gate.notified().await;
            Ok(())
        }
    });
    let stop = CancellationToken::new();
    let (runner, token) = (runner(&world, handlers), stop.clone());
    let running = tokio::spawn(async move { runner.run(token).await });
    add(&store, &request(&world, "note", None, "x")).await;
    has_begun.recv().await.unwrap();
    stop.cancel();
    add(
        &store,
        &request(&world, "note", None, "for the next process"),
    )
    .await;
    go_on.notify_one();
    running.await.unwrap().unwrap();
    assert_eq!(left(&store).await, [(0, None, false)]);
}

/// The embedded column writes the due row before the tenant's commit: a visit in between waits for
/// it.
#[test]
fn work_that_is_being_committed_is_not_missed() {
    crate::testing::run(Column::Embedded, |world| async move {
        let store = world.tenant().await;
        let diary = Diary::default();
        let runner = runner(&world, notes(&diary));
        let tx = store.begin().await.unwrap();
        insert(&tx, &request(&world, "note", None, "x"), "")
            .await
            .unwrap();
        let control = world.stores.control().begin().await.unwrap();
        due::insert(&control, store.id(), world.now())
            .await
            .unwrap();
        control.commit().await.unwrap();
        let visit = tokio::spawn(async move { runner.run_due().await });
        let leased = "SELECT 1 AS one FROM due WHERE leased_until IS NOT NULL";
        loop {
            let control = world.stores.control().read().await.unwrap();
            let row = control
                .query_one_raw(sql(&control, leased, []))
                .await
                .unwrap();
            if row.is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        tx.commit().await.unwrap();
        assert_eq!(visit.await.unwrap().unwrap(), 1);
        assert_eq!(diary.read(), ["x"]);
    });
}
