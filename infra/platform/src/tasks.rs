//! Background tasks that are watched: each has a name, is started again with a growing pause when
//! it fails or panics, and all of them stop together within a deadline.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Backoff, Rng};
use parking_lot::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

/// Tasks of one process; a further one is refused, because they are started once and by name.
pub const TASKS_MAX: usize = 256;
/// Between the failure of a task and its next start.
const RESTART: Backoff = Backoff {
    first: Duration::from_millis(100),
    cap: Duration::from_secs(30),
};
/// A task that ran this long has recovered: its next failure counts as the first.
const RECOVERED_AFTER: Duration = Duration::from_secs(60);

/// What a task says when it ends before it was asked to.
pub type TaskResult = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// Starts, watches and stops tasks.
pub struct Tasks {
    rng: Arc<dyn Rng>,
    stop: CancellationToken,
    running: Mutex<JoinSet<&'static str>>,
}

impl Tasks {
    /// Nothing runs yet.
    #[must_use]
    pub fn new(rng: Arc<dyn Rng>) -> Self {
        Self {
            rng,
            stop: CancellationToken::new(),
            running: Mutex::default(),
        }
    }

    /// Is cancelled when the process begins to stop.
    #[must_use]
    pub fn stopping(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Runs what `start` makes until it ends with `Ok`, and again after every error or panic. The
    /// task gets a token and should end soon after it is cancelled. Returns false, and runs
    /// nothing, when stopping has begun or [`TASKS_MAX`] tasks run already.
    pub fn spawn<F, T>(&self, name: &'static str, start: F) -> bool
    where
        F: Fn(CancellationToken) -> T + Send + 'static,
        T: Future<Output = TaskResult> + Send + 'static,
    {
        let mut running = self.running.lock();
        while running.try_join_next().is_some() {}
        if self.stop.is_cancelled() || running.len() >= TASKS_MAX {
            return false;
        }
        let (stop, rng) = (self.stop.clone(), Arc::clone(&self.rng));
        running.spawn(async move {
            watch(name, start, stop, rng).await;
            name
        });
        true
    }

    /// Asks all tasks to end, waits for up to `within`, ends the rest, and returns how many those
    /// were.
    pub async fn stop(&self, within: Duration) -> usize {
        self.stop.cancel();
        let deadline = Instant::now() + within;
        let mut running = std::mem::take(&mut *self.running.lock());
        while let Ok(Some(ended)) = timeout_at(deadline, running.join_next()).await {
            if let Ok(name) = ended {
                tracing::debug!(task = name, "stopped");
            }
        }
        let left = running.len();
        if left > 0 {
            tracing::warn!(left, "tasks did not stop in time");
        }
        running.shutdown().await;
        left
    }
}

async fn watch<F, T>(name: &'static str, start: F, stop: CancellationToken, rng: Arc<dyn Rng>)
where
    F: Fn(CancellationToken) -> T + Send,
    T: Future<Output = TaskResult> + Send + 'static,
{
    let mut failures = 0u32;
    loop {
        let began = Instant::now();
        // In a set of its own, so that a panic is seen, and an end of the watcher ends the task.
        let mut one = JoinSet::new();
        one.spawn(start(stop.child_token()));
        let problem = match one.join_next().await {
            None | Some(Ok(Ok(()))) => return,
            Some(Ok(Err(error))) => error.to_string(),
            Some(Err(error)) => error.to_string(),
        };
        failures = if began.elapsed() >= RECOVERED_AFTER {
            1
        } else {
            failures.saturating_add(1)
        };
        let wait = RESTART.wait(failures, &*rng);
        metrics::counter!("task_failures_total", "task" => name).increment(1);
        tracing::error!(
            task = name,
            error = problem,
            failures,
            ?wait,
            "a task failed; starting it again"
        );
        tokio::select! {
            () = sleep(wait) => {}
            () = stop.cancelled() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use kernel::SeededRng;
    use tokio::sync::mpsc;

    use super::*;

    fn tasks() -> Tasks {
        Tasks::new(Arc::new(SeededRng::new(1)))
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_fails_or_panics_is_started_again() {
        let tasks = tasks();
        let starts = Arc::new(AtomicU32::new(0));
        let (done, mut wait) = mpsc::channel(1);
        let count = Arc::clone(&starts);
        assert!(tasks.spawn("unlucky", move |_| {
            let (n, done) = (count.fetch_add(1, Ordering::SeqCst), done.clone());
            async move {
                match n {
                    0 => Err("not yet".into()),
                    1 => panic!("not like this"),
                    _ => Ok(done.send(()).await?),
                }
            }
        }));
        wait.recv().await.unwrap();
        assert_eq!(tasks.stop(Duration::from_secs(1)).await, 0);
        assert_eq!(
            starts.load(Ordering::SeqCst),
            3,
            "one that ended well is not started again"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn stopping_waits_for_those_that_end_and_ends_the_others() {
        let tasks = tasks();
        let (said, mut heard) = mpsc::channel(1);
        tasks.spawn("tidy", move |stop| {
            let said = said.clone();
            async move {
                stop.cancelled().await;
                Ok(said.send("tidied up").await?)
            }
        });
        tasks.spawn("stubborn", |_| std::future::pending());
        tasks.spawn("failing", |_| async { Err("always".into()) });
        assert_eq!(tasks.stop(Duration::from_secs(10)).await, 1);
        assert_eq!(heard.recv().await, Some("tidied up"));
        assert!(!tasks.spawn("late", |_| async { Ok(()) }));
    }

    #[tokio::test]
    async fn there_are_never_more_tasks_than_the_bound() {
        let tasks = tasks();
        for _ in 0..TASKS_MAX {
            assert!(tasks.spawn("one of many", |_| std::future::pending()));
        }
        assert!(!tasks.spawn("one too many", |_| std::future::pending()));
        assert_eq!(tasks.stop(Duration::ZERO).await, TASKS_MAX);
    }
}
