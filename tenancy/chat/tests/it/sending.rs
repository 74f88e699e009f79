//! What an acknowledged send promises: kept once, in one order for all, whatever happens beside it.

use std::{collections::HashMap, sync::Arc};

use futures::future::join_all;
use kernel::Rng;
use platform::bus::{Delivery, MemoryBus};
use tenancy_access::{Access, AccessConfig, DomainError, FaultCode, Services};
use tenancy_chat::{Entry, Sent};
use tenancy_model::{
    ConversationId, EntryKind, ErrorCode, EventBody, MemberState, TenantEvent, topic,
};
use tenancy_store::testing::{Column, World, test_both_backends};

use crate::office::Office;

test_both_backends!(
    many_senders_make_one_gapless_log,
    a_retry_finds_its_first_entry,
    a_nonce_is_for_one_message,
    a_row_that_the_database_refuses_fails_alone,
    who_may_not_write_is_refused,
    events_follow_the_order_of_the_log,
    a_caller_that_goes_away_loses_nothing,
    two_processes_commit_side_by_side,
    the_same_send_in_two_processes_is_one_message,
);

const SENDERS: usize = 64;
const SENDS: usize = 50;

// covers: MSG-01
async fn many_senders_make_one_gapless_log(world: World) {
    let office = Office::open(&world, 16).await;
    let everybody: Vec<usize> = (0..16).collect();
    let mut conversations = Vec::new();
    for _ in 0..5 {
        conversations.push(office.group(&everybody).await);
    }
    let tasks = (0..SENDERS).map(|sender| {
        let (office, conversations) = (office.clone(), conversations.clone());
        tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for n in 0..SENDS {
                let conversation = conversations[(sender + n) % 5];
                let nonce = format!("nonce-{sender}-{n}");
                let sent = office.say(sender % 16, conversation, &nonce).await;
                assert!(!sent.duplicate);
                if n % 10 == 0 {
                    let again = office.say(sender % 16, conversation, &nonce).await;
                    assert!(again.duplicate);
                    assert_eq!(again.entry, sent.entry);
                }
                acknowledged.push(sent.entry);
            }
            acknowledged
        })
    });
    let mut acknowledged: HashMap<ConversationId, Vec<Entry>> = HashMap::new();
    for entries in join_all(tasks).await {
        for entry in entries.unwrap() {
            let of = acknowledged.entry(entry.conversation).or_default();
            of.push(entry);
        }
    }
    let mut kept = 0;
    for conversation in conversations {
        let log = office.log(conversation).await;
        for (place, entry) in log.iter().enumerate() {
            assert_eq!(entry.seq, place as i64 + 1, "gapless");
            assert_eq!(entry.count_to, entry.seq, "every one of them counts");
        }
        let mut acknowledged = acknowledged.remove(&conversation).unwrap();
        acknowledged.sort_by_key(|entry| entry.seq);
        assert_eq!(log, acknowledged, "what was acknowledged, once, as it was");
        kept += log.len();
        for n in 0..16 {
            let summary = tenancy_chat::get(&office.ctx(n), conversation)
                .await
                .unwrap();
            let of_others = log
                .iter()
                .filter(|entry| entry.author.as_ref().unwrap().0 != office.people[n]);
            assert_eq!(summary.unread, of_others.count() as i64);
            assert_eq!(summary.head_seq, log.len() as i64);
        }
    }
    assert_eq!(kept, SENDERS * SENDS);
}

async fn a_retry_finds_its_first_entry(world: World) {
    let office = Office::open(&world, 2).await;
    let conversation = office.direct(0, 1).await;
    let tries = (0..16).map(|_| {
        let office = office.clone();
        tokio::spawn(async move { office.say(0, conversation, "the same").await })
    });
    let sent: Vec<Sent> = join_all(tries)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(sent.iter().filter(|sent| !sent.duplicate).count(), 1);
    assert!(sent.iter().all(|one| one.entry == sent[0].entry));
    assert_eq!(
        office.log(conversation).await.len(),
        2,
        "created, and one message"
    );
    // Even where nobody can write any more: it was kept when one could.
    office.set_state(1, MemberState::Resigned).await;
    assert!(office.say(0, conversation, "the same").await.duplicate);
}

async fn a_nonce_is_for_one_message(world: World) {
    let office = Office::open(&world, 3).await;
    let (one, other) = (office.direct(0, 1).await, office.direct(0, 2).await);
    office.try_say(0, one, "nonce-01", "hello").await.unwrap();
    let reused = |result: Result<Sent, DomainError>| match result {
        Err(DomainError::Refused(problem)) => problem.code == ErrorCode::NonceReused,
        _ => false,
    };
    assert!(reused(office.try_say(0, one, "nonce-01", "bye").await));
    assert!(reused(office.try_say(0, other, "nonce-01", "hello").await));
    // Somebody else's nonce is their own; and both at once, in one batch.
    let (a, b) = tokio::join!(
        office.try_say(1, one, "nonce-01", "hello"),
        office.try_say(1, one, "nonce-01", "bye"),
    );
    assert!(a.is_ok() && reused(b));
}

/// The same id for every message, so that the database refuses all but the first.
struct SameBytes;

impl Rng for SameBytes {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

async fn a_row_that_the_database_refuses_fails_alone(world: World) {
    let office = Office::open(&world, 2).await;
    let conversation = office.direct(0, 1).await;
    let mut unlucky = office.clone();
    unlucky.services.rng = Arc::new(SameBytes);
    let say = |n: usize| {
        let office = if n % 8 == 3 { &unlucky } else { &office };
        async move {
            let nonce = format!("nonce-{n:02}");
            office.try_say(0, conversation, &nonce, &nonce).await
        }
    };
    let results = join_all((0..32).map(say)).await;
    for (n, result) in results.iter().enumerate() {
        let refused = n % 8 == 3 && n != 3;
        assert_eq!(result.is_err(), refused, "{n}: {result:?}");
    }
    let log = office.log(conversation).await;
    let texts: Vec<_> = log.iter().filter_map(|entry| entry.text.clone()).collect();
    let expected: Vec<_> = (0..32)
        .filter(|n| n % 8 != 3 || *n == 3)
        .map(|n| format!("nonce-{n:02}"))
        .collect();
    assert_eq!(texts, expected, "in the order in which they were sent");
    assert_eq!(log.last().unwrap().seq, log.len() as i64, "gapless");
}

async fn who_may_not_write_is_refused(world: World) {
    let office = Office::open(&world, 4).await;
    let foreign = Office::open(&world, 2).await;
    let conversation = office.direct(0, 1).await;
    let not_found = |result: Result<Sent, DomainError>| {
        matches!(result, Err(DomainError::Fault(FaultCode::NotFound)))
    };
    let of_another_tenant = foreign.direct(0, 1).await;
    let random = ConversationId::new(&world.clock, &*world.rng);
    for id in [of_another_tenant, random] {
        assert!(not_found(office.try_say(0, id, "nonce-01", "x").await));
    }
    assert!(
        not_found(office.try_say(2, conversation, "nonce-01", "x").await),
        "never been in it"
    );
    let group = office.group(&[0, 1, 2]).await;
    office.say(0, group, "nonce-02").await;
    office.leave(group, 2, 1).await;
    assert!(
        not_found(office.try_say(2, group, "nonce-03", "x").await),
        "has left"
    );
    office.set_state(0, MemberState::Disabled).await;
    let disabled = office.try_say(0, conversation, "nonce-04", "x").await;
    assert!(matches!(
        disabled,
        Err(DomainError::Fault(FaultCode::Forbidden))
    ));
    assert!(
        office
            .try_say(1, conversation, "nonce-05", "x")
            .await
            .is_ok(),
        "to somebody who is away for a while"
    );
    office.set_state(0, MemberState::Resigned).await;
    match office.try_say(1, conversation, "nonce-06", "x").await {
        Err(DomainError::Refused(problem)) => {
            assert_eq!(problem.code, ErrorCode::ConversationClosed);
        }
        other => panic!("to somebody who has left: {other:?}"),
    }
    office.say(1, group, "nonce-07").await;
}

async fn events_follow_the_order_of_the_log(world: World) {
    let office = Office::open(&world, 4).await;
    let conversations = [office.direct(0, 1).await, office.direct(2, 3).await];
    let bus = office.services.bus.clone();
    let mut events = bus.subscribe(&topic(office.store.id())).await.unwrap();
    let sends = (0..100).map(|n| {
        let office = office.clone();
        let (author, conversation) = (n % 4, conversations[n % 4 / 2]);
        tokio::spawn(async move {
            office
                .say(author, conversation, &format!("nonce-{n}"))
                .await
                .entry
        })
    });
    let mut sent: HashMap<ConversationId, Vec<Entry>> = HashMap::new();
    for entry in join_all(sends).await {
        let entry = entry.unwrap();
        sent.entry(entry.conversation).or_default().push(entry);
    }
    let mut heard: HashMap<ConversationId, Vec<EventBody>> = HashMap::new();
    for _ in 0..100 {
        let Some(Delivery::Message(bytes)) = events.next().await else {
            panic!("the bus ended");
        };
        let event: TenantEvent = serde_json::from_slice(&bytes).unwrap();
        let EventBody::Entry {
            conversation, kind, ..
        } = event.body
        else {
            panic!("not an entry: {event:?}");
        };
        assert_eq!(kind, EntryKind::Message);
        heard.entry(conversation).or_default().push(event.body);
    }
    for (conversation, mut entries) in sent {
        entries.sort_by_key(|entry| entry.seq);
        let expected: Vec<EventBody> = entries.iter().map(Entry::event).collect();
        assert_eq!(heard[&conversation], expected);
    }
}

async fn a_caller_that_goes_away_loses_nothing(world: World) {
    let office = Office::open(&world, 2).await;
    let conversation = office.direct(0, 1).await;
    for n in 0..20 {
        let nonce = format!("nonce-{n}");
        let send = office.say(0, conversation, &nonce);
        // Polled once, which queues it, and dropped.
        tokio::select! {
            biased;
            _ = send => {}
            () = std::future::ready(()) => {}
        }
    }
    let last = office.say(1, conversation, "the last").await.entry;
    assert_eq!(
        last.seq, 22,
        "created, twenty that nobody waited for, and this one"
    );
}

/// Another process over the same rows, as a load balancer would pick it for a retry.
async fn other_process(world: &World, one: &Office) -> Office {
    let mut other = one.clone();
    if world.column == Column::Scaled {
        other.services.stores = world.open(&world.config).await;
        let tenant = other.services.stores.tenant(one.store.id()).await;
        other.store = tenant.unwrap();
    }
    other.chat = tenancy_chat::Chat::new(other.services.clone());
    other
}

async fn the_same_send_in_two_processes_is_one_message(world: World) {
    let one = Office::open(&world, 2).await;
    let other = other_process(&world, &one).await;
    let talk = one.direct(0, 1).await;
    for round in 0..20 {
        let nonce = format!("nonce-{round:03}");
        let tries = (0..6).map(|n| {
            let office = [&one, &other][n % 2].clone();
            let nonce = nonce.clone();
            tokio::spawn(async move {
                loop {
                    match office.try_say(0, talk, &nonce, &nonce).await {
                        Err(DomainError::Fault(FaultCode::Unavailable)) => {}
                        sent => break sent.unwrap(),
                    }
                }
            })
        });
        let sent = join_all(tries).await;
        let sent: Vec<Sent> = sent.into_iter().map(Result::unwrap).collect();
        let new = sent.iter().filter(|sent| !sent.duplicate).count();
        assert_eq!(new, 1, "kept by one of the processes");
        assert!(sent.iter().all(|one| one.entry == sent[0].entry));
    }
    let log = one.log(talk).await;
    assert_eq!(log.len(), 21, "created, and one message a round");
    assert!((1..).zip(&log).all(|(seq, entry)| entry.seq == seq));
}

/// Both send into the same conversations, in opposite orders, and sometimes with the same nonce
/// into different ones, so that one process meets the other's key and goes on without the row.
async fn two_processes_commit_side_by_side(world: World) {
    let one = Office::open(&world, 6).await;
    let other = other_process(&world, &one).await;
    let everybody: Vec<usize> = (0..6).collect();
    let mut conversations = Vec::new();
    for _ in 0..4 {
        conversations.push(one.group(&everybody).await);
    }
    let senders = (0..24_usize).map(|sender| {
        let (office, conversations) = match sender % 2 {
            0 => (one.clone(), conversations.clone()),
            _ => (other.clone(), conversations.iter().rev().copied().collect()),
        };
        tokio::spawn(async move {
            let mut kept = 0;
            for n in 0..20 {
                let nonce = match n % 5 {
                    0 => format!("shared-{n}"),
                    _ => format!("nonce-{sender}-{n}"),
                };
                let conversation = conversations[n % 4];
                // As a client does: once more with the same nonce when nothing was done.
                let sent = loop {
                    let sent = office
                        .try_say(sender / 4, conversation, &nonce, &nonce)
                        .await;
                    match sent {
                        Err(DomainError::Fault(FaultCode::Unavailable)) => {}
                        sent => break sent,
                    }
                };
                match sent {
                    Ok(sent) => kept += usize::from(!sent.duplicate),
                    Err(DomainError::Refused(problem)) => {
                        assert_eq!(problem.code, ErrorCode::NonceReused);
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            kept
        })
    });
    let mut acknowledged = 0;
    for kept in join_all(senders).await {
        acknowledged += kept.unwrap();
    }
    // Six authors with four shared nonces each; all others are their senders' own.
    assert_eq!(acknowledged, 24 * 16 + 6 * 4);
    let mut found = 0;
    for conversation in conversations {
        let log = one.log(conversation).await;
        assert!(
            (1..)
                .zip(&log)
                .all(|(seq, entry)| entry.seq == seq && entry.count_to == seq)
        );
        found += log.len();
    }
    assert_eq!(found, acknowledged);
}

#[test]
fn a_committer_without_work_ends_and_another_begins() {
    tenancy_store::testing::run(Column::Embedded, |world| async move {
        let services = Services {
            stores: world.stores.clone(),
            clock: Arc::new(world.clock.clone()),
            rng: world.rng.clone(),
            bus: Arc::new(MemoryBus::default()),
            access: Access::new(AccessConfig::for_testing()).unwrap(),
        };
        let mut office = Office::with(&world, services.clone(), 2).await;
        office.chat = tenancy_chat::Chat::idle_for(services, std::time::Duration::ZERO);
        let conversation = office.direct(0, 1).await;
        for n in 0..50 {
            let sent = office.say(0, conversation, &format!("nonce-{n}")).await;
            assert_eq!(sent.entry.seq, n + 2);
            tokio::task::yield_now().await;
        }
        while office.chat.committers() > 0 {
            tokio::task::yield_now().await;
        }
        office.say(0, conversation, "once more").await;
    });
}
