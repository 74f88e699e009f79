//! One body for both buses, and what only Redis can do: be away.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kernel::SeededRng;

use super::*;
use crate::testing::RedisServer;

async fn text(subscription: &mut Subscription) -> String {
    match subscription.next().await {
        Some(Delivery::Message(payload)) => String::from_utf8(payload.to_vec()).unwrap(),
        other => panic!("a message was expected, not {other:?}"),
    }
}

/// As if in a process of its own: no two have the same randomness.
fn started(server: &RedisServer) -> RedisBus {
    static SEED: AtomicU64 = AtomicU64::new(0);
    let rng = SeededRng::new(SEED.fetch_add(1, Ordering::Relaxed));
    RedisBus::start(&server.service(), Arc::new(rng))
}

async fn connected(server: &RedisServer) -> RedisBus {
    let bus = started(server);
    bus.connected().wait_for(|up| *up).await.unwrap();
    bus
}

async fn topics_are_apart_and_ordered(here: &dyn Bus, there: &dyn Bus) {
    let mut a = here.subscribe("a").await.unwrap();
    let mut also_a = there.subscribe("a").await.unwrap();
    let mut b = here.subscribe("b").await.unwrap();
    for n in 0..500 {
        there
            .publish("a", Bytes::from(format!("a{n}")))
            .await
            .unwrap();
    }
    there.publish("b", Bytes::from_static(b"b")).await.unwrap();
    for n in 0..500 {
        assert_eq!(text(&mut a).await, format!("a{n}"));
        assert_eq!(text(&mut also_a).await, format!("a{n}"));
    }
    assert_eq!(text(&mut b).await, "b");
}

async fn a_slow_subscriber_is_told(bus: &dyn Bus) {
    let mut slow = bus.subscribe("slow").await.unwrap();
    let mut quick = bus.subscribe("slow").await.unwrap();
    for n in 0..=SUBSCRIPTION_QUEUE_MAX {
        bus.publish("slow", Bytes::from(n.to_string()))
            .await
            .unwrap();
        assert_eq!(text(&mut quick).await, n.to_string());
    }
    assert_eq!(slow.next().await, Some(Delivery::Lagged));
    bus.publish("slow", Bytes::from_static(b"after"))
        .await
        .unwrap();
    assert_eq!(text(&mut slow).await, "after");
}

async fn a_dropped_subscription_can_come_back(bus: &dyn Bus) {
    for n in 0..20 {
        let mut again = bus.subscribe("again").await.unwrap();
        bus.publish("again", Bytes::from(n.to_string()))
            .await
            .unwrap();
        assert_eq!(text(&mut again).await, n.to_string());
    }
}

async fn what_is_too_large_is_refused(bus: &dyn Bus) {
    let long = "t".repeat(TOPIC_BYTES_MAX + 1);
    assert_eq!(bus.subscribe(&long).await.unwrap_err(), BusError::TooLarge);
    let large = Bytes::from(vec![0; PAYLOAD_BYTES_MAX + 1]);
    assert_eq!(
        bus.publish("t", large).await.unwrap_err(),
        BusError::TooLarge
    );
}

#[tokio::test]
async fn the_memory_bus_keeps_the_contract() {
    let bus = MemoryBus::default();
    topics_are_apart_and_ordered(&bus, &bus).await;
    a_slow_subscriber_is_told(&bus).await;
    a_dropped_subscription_can_come_back(&bus).await;
    what_is_too_large_is_refused(&bus).await;
    assert!(bus.is_connected());
}

#[tokio::test]
async fn the_redis_bus_keeps_the_contract() {
    let server = RedisServer::start();
    let (here, there) = (connected(&server).await, connected(&server).await);
    topics_are_apart_and_ordered(&here, &there).await;
    a_slow_subscriber_is_told(&here).await;
    a_dropped_subscription_can_come_back(&here).await;
    what_is_too_large_is_refused(&here).await;
    assert_eq!(*here.reconnects().borrow(), 0);
}

#[tokio::test]
async fn subscriptions_outlive_a_redis_that_was_away() {
    let mut server = RedisServer::start();
    let bus = connected(&server).await;
    let mut before = bus.subscribe("topic").await.unwrap();
    let mut reconnects = bus.reconnects();
    server.stop();
    bus.connected().wait_for(|up| !*up).await.unwrap();
    let mut during = bus.subscribe("topic").await.unwrap();
    // Who listens in the same process needs no Redis.
    bus.publish("topic", Bytes::from_static(b"here"))
        .await
        .unwrap();
    assert_eq!(text(&mut before).await, "here");
    assert_eq!(text(&mut during).await, "here");
    assert!(!bus.is_connected());
    server.resume();
    reconnects.wait_for(|count| *count == 1).await.unwrap();
    // The publisher's connection comes back by itself too; what it loses meanwhile is the contract.
    let publisher = connected(&server).await;
    publisher
        .publish("topic", Bytes::from_static(b"after"))
        .await
        .unwrap();
    loop {
        let first = text(&mut before).await;
        assert_eq!(first, text(&mut during).await);
        if first == "after" {
            break;
        }
    }
}

#[tokio::test]
async fn a_bus_that_never_had_redis_announces_its_first_connection() {
    let mut server = RedisServer::start();
    server.stop();
    let bus = started(&server);
    let mut early = bus.subscribe("topic").await.unwrap();
    let mut reconnects = bus.reconnects();
    server.resume();
    reconnects.wait_for(|count| *count == 1).await.unwrap();
    connected(&server)
        .await
        .publish("topic", Bytes::from_static(b"hello"))
        .await
        .unwrap();
    assert_eq!(text(&mut early).await, "hello");
}

#[tokio::test]
async fn publishing_without_redis_is_refused_once_the_queue_is_full_and_never_waits() {
    let mut server = RedisServer::start();
    let bus = connected(&server).await;
    server.stop();
    bus.connected().wait_for(|up| !*up).await.unwrap();
    let mut refused = false;
    // More than the queue and the batch under way can hold; no await in between gives way to them.
    for _ in 0..2 * redis::PUBLISH_QUEUE_MAX {
        refused |= bus.publish("topic", Bytes::new()).await == Err(BusError::Full);
    }
    assert!(refused);
}
