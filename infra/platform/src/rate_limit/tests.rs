//! The same decisions in this process and in Redis, and what happens without Redis.

use kernel::ManualClock;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::testing::RedisServer;

const FIVE_A_MINUTE: Quota = Quota::new("five_a_minute", 5, Duration::from_secs(60));

fn manual() -> (ManualClock, Arc<dyn Clock>) {
    let clock = ManualClock::default();
    (clock.clone(), Arc::new(clock))
}

/// Uses up `quota` and returns how often it was allowed and the refusal.
async fn use_up(limiter: &RateLimiter, quota: &Quota, key: &str) -> (u32, Limited) {
    for allowed in 0..1000 {
        if let Err(limited) = limiter.check(quota, key).await {
            return (allowed, limited);
        }
    }
    panic!("never limited");
}

#[tokio::test]
async fn a_burst_is_allowed_and_comes_back_evenly() {
    let (clock, shared) = manual();
    let limiter = RateLimiter::local(shared);
    let (allowed, limited) = use_up(&limiter, &FIVE_A_MINUTE, "anna").await;
    assert_eq!((allowed, limited.retry_after), (5, Duration::from_secs(12)));
    assert!(
        limiter.check(&FIVE_A_MINUTE, "ben").await.is_ok(),
        "another key is not affected"
    );
    clock.advance(chrono::Duration::seconds(11));
    let limited = limiter.check(&FIVE_A_MINUTE, "anna").await.unwrap_err();
    assert_eq!(limited.retry_after, Duration::from_secs(1));
    clock.advance(chrono::Duration::seconds(1));
    assert!(limiter.check(&FIVE_A_MINUTE, "anna").await.is_ok());
    assert!(limiter.check(&FIVE_A_MINUTE, "anna").await.is_err());
}

#[test]
fn redis_and_governor_decide_alike() {
    let server = RedisServer::start();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shared =
        runtime.block_on(async { SharedLimiter::new(server.service(), Duration::from_secs(10)) });
    let case = std::cell::Cell::new(0u32);
    let steps = vec((0..40_000i64, 0..3u8), 1..60);
    let strategy = (1..7u32, 1..100_000u64, steps);
    let run = |(burst, per_us, steps): (u32, u64, Vec<(i64, u8)>)| {
        case.set(case.get() + 1);
        let quota = Quota::new("alike", burst, Duration::from_micros(per_us));
        let (clock, as_clock) = manual();
        let local = LocalLimiter::new(as_clock);
        for (step_us, key) in steps {
            clock.advance(chrono::Duration::microseconds(step_us));
            let key = format!("{}-{key}", case.get());
            let now_us = clock.now().timestamp_micros();
            let theirs = runtime
                .block_on(shared.check_at(&quota, &key, Some(now_us)))
                .unwrap();
            prop_assert_eq!(local.check(&quota, &key), theirs);
        }
        Ok(())
    };
    let config = ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..<_>::default()
    };
    TestRunner::new(config).run(&strategy, run).unwrap();
}

#[tokio::test]
async fn processes_share_a_quota_through_redis_and_divide_it_without() {
    let mut server = RedisServer::start();
    let config = RateLimitConfig {
        processes: 2,
        redis_wait_ms: 5_000,
    };
    let quota = Quota::new("shared", 10, Duration::from_secs(3600));
    let process = || RateLimiter::shared(manual().1, &server.service(), &config);
    let (one, two) = (process(), process());
    assert_eq!(use_up(&one, &quota, "anna").await.0, 10);
    assert!(
        two.check(&quota, "anna").await.is_err(),
        "what one granted the other does not"
    );
    server.stop();
    assert_eq!(use_up(&one, &quota, "ben").await.0, 5);
    assert_eq!(use_up(&two, &quota, "ben").await.0, 5);
    let limited = one.check(&quota, "ben").await.unwrap_err();
    assert_eq!(
        limited.retry_after,
        Duration::from_secs(720),
        "one comes back in twice the time"
    );
    server.resume();
    // Redis is asked again after a pause; its count starts anew, bounded by one quota.
    tokio::time::sleep_until(Instant::now() + AWAY_FOR).await;
    assert_eq!(use_up(&one, &quota, "ben").await.0, 10);
    assert!(two.check(&quota, "carl").await.is_ok());
}

/// Waits until Redis has answered everything that was asked ahead.
async fn settled(limiter: &RateLimiter) {
    let asking = &limiter.shared.as_ref().unwrap().asking;
    let all = u32::try_from(ASKED_AHEAD_MAX).unwrap();
    drop(asking.acquire_many(all).await.unwrap());
}

#[tokio::test]
async fn what_is_decided_ahead_is_shared_as_soon_as_redis_has_answered() {
    let server = RedisServer::start();
    let quota = Quota::new("ahead", 10, Duration::from_secs(3600)).ahead();
    let process =
        || RateLimiter::shared(manual().1, &server.service(), &RateLimitConfig::default());
    let (one, two) = (process(), process());
    assert_eq!(use_up(&one, &quota, "anna").await.0, 10);
    settled(&one).await;
    assert!(
        two.check(&quota, "anna").await.is_ok(),
        "not known here yet"
    );
    settled(&two).await;
    let limited = two.check(&quota, "anna").await.unwrap_err();
    assert!(limited.retry_after <= Duration::from_secs(360));
    assert!(two.check(&quota, "ben").await.is_ok());
}

#[test]
fn a_flood_of_keys_is_bounded_and_swept() {
    let (clock, as_clock) = manual();
    let local = LocalLimiter::new(as_clock);
    for n in 0..KEYS_MAX + 50_000 {
        let _ = local.check(&FIVE_A_MINUTE, &n.to_string());
    }
    assert_eq!(local.keys(&FIVE_A_MINUTE), KEYS_MAX);
    for _ in 0..5 {
        let _ = local.check(&FIVE_A_MINUTE, "one more");
    }
    assert!(
        local.check(&FIVE_A_MINUTE, "one more").is_err(),
        "strangers are limited all the same"
    );
    assert!(
        local.check(&FIVE_A_MINUTE, "0").is_ok(),
        "those who were there keep their count"
    );
    clock.advance(chrono::Duration::minutes(2));
    local.check(&FIVE_A_MINUTE, "a").unwrap();
    local.check(&FIVE_A_MINUTE, "b").unwrap();
    assert!(
        local.keys(&FIVE_A_MINUTE) < 3,
        "{}",
        local.keys(&FIVE_A_MINUTE)
    );
}

#[tokio::test]
async fn long_keys_are_counted_by_their_hash() {
    let limiter = RateLimiter::local(manual().1);
    let key = "k".repeat(100_000);
    assert_eq!(use_up(&limiter, &FIVE_A_MINUTE, &key).await.0, 5);
    assert!(
        limiter
            .check(&FIVE_A_MINUTE, &format!("{key}k"))
            .await
            .is_ok()
    );
}
