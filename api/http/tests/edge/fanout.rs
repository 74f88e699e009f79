//! Events on their way to live sockets: one execution for all, order, gaps, who hears what,
//! revocation.

use std::sync::atomic::Ordering;

use futures::future::join_all;
use platform::bus::{Bus as _, SUBSCRIPTION_QUEUE_MAX};
use serde_json::json;
use tenancy_chat::heads_digest;
use tenancy_model::{EventBody, SessionEndReason, Surface, TenantEvent};

use crate::socket::Client;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn one_execution_serves_a_hundred_sockets() {
    let world = World::start().await;
    let mut people = Vec::new();
    let mut sockets = Vec::new();
    for n in 0..50 {
        let token = format!("person{n}");
        people.push(world.member(&token, Surface::Member));
        for _ in 0..2 {
            sockets.push(Client::listening(&world, &token).await);
        }
    }
    let talk = world.conversation(&people);
    for n in 1..=3 {
        world.publish(&world.write(talk, "hello")).await;
        let heard = join_all(sockets.iter_mut().map(Client::event)).await;
        assert!(
            heard
                .iter()
                .all(|event| event["seq"] == n && event["text"] == "hello")
        );
        assert_eq!(world.ports.executions.load(Ordering::SeqCst), n);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_distinct_document_is_executed_once_and_ids_are_the_sockets_own() {
    let world = World::start().await;
    let anna = world.member("anna", Surface::Member);
    let talk = world.conversation(&[anna]);
    let mut client = Client::signed_in(&world, "anna").await;
    let full = "subscription { events { seq text } }";
    client.subscribe("one", full).await;
    client.subscribe("two", full).await;
    client
        .subscribe("three", "subscription { events { seq } }")
        .await;
    client.settled().await;
    world.publish(&world.write(talk, "x")).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(
            client.until("next").await["id"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    ids.sort();
    assert_eq!(ids, ["one", "three", "two"]);
    assert_eq!(world.ports.executions.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_participants_hear_and_consoles_never_do() {
    let world = World::start().await;
    let anna = world.member("anna", Surface::Member);
    let console = world.member("console", Surface::Console);
    world.member("ben", Surface::Member);
    let secret = world.conversation(&[anna, console]);
    let mut participant = Client::listening(&world, "anna").await;
    let mut stranger = Client::listening(&world, "ben").await;
    let mut console = Client::listening(&world, "console").await;
    world.publish(&world.write(secret, "secret")).await;
    let directory = EventBody::Directory {
        version: "2".to_owned(),
    };
    world
        .publish(&TenantEvent {
            tenant: world.tenant,
            body: directory,
        })
        .await;
    assert_eq!(participant.event().await["text"], "secret");
    // What everybody hears comes first to those who did not hear the other.
    assert_eq!(stranger.event().await["kind"], "other");
    assert_eq!(console.event().await["kind"], "other");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_out_of_order_are_put_in_order_without_asking_the_store() {
    let world = World::start_with(|config| {
        config.fanout.gap_wait_ms = 60_000;
        config.fanout.head_check_ms = 60_000;
    })
    .await;
    let anna = world.member("anna", Surface::Member);
    let talk = world.conversation(&[anna]);
    world.write(talk, "before");
    let mut client = Client::listening(&world, "anna").await;
    let events: Vec<_> = (2..=5).map(|n| world.write(talk, &n.to_string())).collect();
    for place in [3, 1, 2, 0, 0] {
        world.publish(&events[place]).await;
    }
    for n in 2..=5 {
        assert_eq!(client.event().await["seq"], n);
    }
    assert_eq!(world.ports.fetches.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_is_fetched_once_for_all_sockets() {
    let world = World::start_with(|config| config.fanout.head_check_ms = 60_000).await;
    let people: Vec<_> = ["anna", "ben"]
        .map(|name| world.member(name, Surface::Member))
        .into();
    let talk = world.conversation(&people);
    let mut anna = Client::listening(&world, "anna").await;
    let mut ben = Client::listening(&world, "ben").await;
    // Two are lost on the way, the third arrives.
    let events: Vec<_> = (1..=3).map(|n| world.write(talk, &n.to_string())).collect();
    world.publish(&events[2]).await;
    for n in 1..=3 {
        assert_eq!(anna.event().await["seq"], n);
        assert_eq!(ben.event().await["seq"], n);
    }
    assert_eq!(world.ports.fetches.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_last_event_is_found_by_comparing_heads() {
    let world = World::start().await;
    let anna = world.member("anna", Surface::Member);
    let talk = world.conversation(&[anna]);
    let mut client = Client::listening(&world, "anna").await;
    world.write(talk, "nobody was told");
    assert_eq!(client.event().await["text"], "nobody was told");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ping_carries_the_digest_of_the_members_heads() {
    let world = World::start().await;
    let anna = world.member("anna", Surface::Member);
    let (one, two) = (world.conversation(&[anna]), world.conversation(&[anna]));
    world.write(one, "1");
    world.write(two, "1");
    let mut client = Client::listening(&world, "anna").await;
    let expected = |one_head, two_head| {
        json!(format!(
            "{:08x}",
            heads_digest([(one, one_head), (two, two_head)])
        ))
    };
    assert_eq!(
        client.until("ping").await["payload"]["heads"],
        expected(1, 1)
    );
    world.publish(&world.write(two, "2")).await;
    client.event().await;
    // A ping may have been on its way already.
    client.until("ping").await;
    assert_eq!(
        client.until("ping").await["payload"]["heads"],
        expected(1, 2)
    );
}

/// covers: SEC-17
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_is_told_and_closed_at_once() {
    let world = World::start_with(|config| config.socket.reauthenticate_ms = 600_000).await;
    let old = world.member("old", Surface::Member);
    world.member("other", Surface::Member);
    let mut ended = Client::listening(&world, "old").await;
    let mut other = Client::listening(&world, "other").await;
    let body = EventBody::SessionEnded {
        session: old.session,
        reason: SessionEndReason::Replaced,
        by: Some("Firefox".to_owned()),
    };
    world
        .publish(&TenantEvent {
            tenant: world.tenant,
            body,
        })
        .await;
    assert_eq!(ended.event().await["kind"], "session_ended");
    assert_eq!(ended.closed().await, 4403);
    other.settled().await;
    world
        .publish(&TenantEvent {
            tenant: world.tenant,
            body: EventBody::TenantClosed,
        })
        .await;
    assert_eq!(other.closed().await, 4403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_that_nobody_published_is_found_by_looking_again() {
    let world = World::start().await;
    world.member("anna", Surface::Member);
    let mut client = Client::listening(&world, "anna").await;
    world.ports.sessions.lock().clear();
    assert_eq!(client.closed().await, 4403);
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_follows_the_chat_sockets_of_a_member() {
    let world = World::start().await;
    let anna = world.member("anna", Surface::Member);
    world.member("console", Surface::Console);
    let first = Client::signed_in(&world, "anna").await;
    let mut second = Client::signed_in(&world, "anna").await;
    let _console = Client::signed_in(&world, "console").await;
    let present = || {
        world
            .ports
            .present
            .lock()
            .iter()
            .copied()
            .collect::<Vec<_>>()
    };
    assert_eq!(present(), [anna.member.unwrap()]);
    drop(first);
    second.settled().await;
    assert_eq!(present(), [anna.member.unwrap()]);
    drop(second);
    while !present().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_another_tenant_on_our_topic_is_dropped() {
    let world = World::start().await;
    world.member("anna", Surface::Member);
    let mut client = Client::listening(&world, "anna").await;
    let foreign = tenancy_model::TenantId::from(uuid::Uuid::nil());
    let body = EventBody::Directory {
        version: "1".to_owned(),
    };
    let payload = serde_json::to_vec(&TenantEvent {
        tenant: foreign,
        body,
    })
    .unwrap();
    let topic = tenancy_model::topic(world.tenant);
    world.bus.publish(&topic, payload.into()).await.unwrap();
    world.bus.publish(&topic, "no event".into()).await.unwrap();
    world
        .publish(&TenantEvent {
            tenant: world.tenant,
            body: EventBody::TenantClosed,
        })
        .await;
    assert_eq!(client.event().await["kind"], "tenant_closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_messages_of_a_new_conversation_are_told_even_when_their_events_were_lost() {
    let world = World::start_with(|config| config.fanout.head_check_ms = 60_000).await;
    let anna = world.member("anna", Surface::Member);
    let mut client = Client::listening(&world, "anna").await;
    let talk = world.conversation(&[anna]);
    world.write(talk, "one");
    world.write(talk, "two");
    let body = EventBody::Conversation {
        conversation: talk,
        members: vec![],
    };
    world
        .publish(&TenantEvent {
            tenant: world.tenant,
            body,
        })
        .await;
    assert_eq!(client.event().await["kind"], "other");
    assert_eq!(client.event().await["text"], "one");
    assert_eq!(client.event().await["text"], "two");
    world.publish(&world.write(talk, "three")).await;
    assert_eq!(client.event().await["text"], "three");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_bus_dropped_events_everything_is_looked_up_again() {
    let world = World::start_with(|config| {
        config.fanout.head_check_ms = 60_000;
        config.socket.queue_frames_max = 1_000_000;
        config.socket.queue_bytes_max = 1_000_000_000;
    })
    .await;
    let anna = world.member("anna", Surface::Member);
    let mut client = Client::listening(&world, "anna").await;
    let talk = world.conversation(&[anna]);
    world.write(talk, "never published");
    // More than a subscription holds, faster than they can be executed.
    for n in 0..4 * SUBSCRIPTION_QUEUE_MAX {
        let body = EventBody::Directory {
            version: n.to_string(),
        };
        world
            .publish(&TenantEvent {
                tenant: world.tenant,
                body,
            })
            .await;
    }
    loop {
        if client.event().await["text"] == "never published" {
            break;
        }
    }
    assert!(world.ports.forgotten.load(Ordering::SeqCst) > 0);
}
