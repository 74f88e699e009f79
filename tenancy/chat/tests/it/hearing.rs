//! Who hears an event, and who is connected.

use std::{collections::BTreeSet, sync::Arc};

use platform::{bus::Delivery, ephemeral::MemoryEphemeral};
use tenancy_chat::{Audience, Memberships, Presence};
use tenancy_model::{EventBody, MemberId, SessionEndReason, SessionId, TenantEvent, topic};
use tenancy_store::testing::{World, test_both_backends};

use crate::office::Office;

test_both_backends!(
    entries_are_heard_by_who_is_in_the_conversation,
    a_change_of_members_is_heard_at_once,
    presence_is_told_at_the_first_and_the_last_socket,
);

fn people(office: &Office, numbers: &[usize]) -> Audience {
    let members: BTreeSet<MemberId> = numbers.iter().map(|n| office.people[*n]).collect();
    Audience::Members(Arc::new(members))
}

async fn entries_are_heard_by_who_is_in_the_conversation(world: World) {
    let office = Office::open(&world, 4).await;
    let conversation = office.direct(0, 1).await;
    let memberships = Memberships::default();
    let hears = async |event: &EventBody| memberships.hears(&office.store, event).await.unwrap();
    let entry = office.say(0, conversation, "nonce-01").await.entry.event();
    assert_eq!(hears(&entry).await, people(&office, &[0, 1]));
    let member = office.people[1];
    let mark = EventBody::ReadMark {
        conversation,
        member,
        seq: 2,
    };
    assert_eq!(hears(&mark).await, people(&office, &[0, 1]));
    let named = EventBody::Conversation {
        conversation,
        members: vec![office.people[1]],
    };
    assert_eq!(hears(&named).await, people(&office, &[1]));
    let everybody = EventBody::Conversation {
        conversation,
        members: Vec::new(),
    };
    assert_eq!(hears(&everybody).await, people(&office, &[0, 1]));
    let directory = EventBody::Directory {
        version: "2".to_owned(),
    };
    assert_eq!(hears(&directory).await, Audience::All);
    let presence = EventBody::Presence {
        member,
        online: true,
    };
    assert_eq!(hears(&presence).await, Audience::All);
    let session = SessionId::new(&world.clock, &*world.rng);
    let reason = SessionEndReason::Revoked;
    let ended = EventBody::SessionEnded {
        session,
        reason,
        by: None,
    };
    assert_eq!(hears(&ended).await, Audience::Session(session));
    // The same conversation, asked about in another tenant: nobody there.
    let foreign = Office::open(&world, 1).await;
    let there = memberships.hears(&foreign.store, &entry).await.unwrap();
    assert_eq!(there, people(&office, &[]));
}

async fn a_change_of_members_is_heard_at_once(world: World) {
    let office = Office::open(&world, 3).await;
    let group = office.group(&[0, 1]).await;
    let memberships = Memberships::default();
    let first = office.say(0, group, "nonce-01").await.entry.event();
    let heard = memberships.hears(&office.store, &first).await.unwrap();
    assert_eq!(heard, people(&office, &[0, 1]));
    office.leave(group, 1, 1).await;
    let tx = office.store.begin().await.unwrap();
    office.join(&tx, group, 2, 2).await;
    tx.commit().await.unwrap();
    let changed = EventBody::Conversation {
        conversation: group,
        members: vec![office.people[2]],
    };
    memberships.hears(&office.store, &changed).await.unwrap();
    let second = office.say(0, group, "nonce-02").await.entry.event();
    let heard = memberships.hears(&office.store, &second).await.unwrap();
    assert_eq!(heard, people(&office, &[0, 2]));
    let again = memberships.hears(&office.store, &first).await.unwrap();
    assert_eq!(
        again,
        people(&office, &[0]),
        "who came later hears nothing older"
    );
}

async fn presence_is_told_at_the_first_and_the_last_socket(world: World) {
    let office = Office::open(&world, 2).await;
    let (tenant, anna) = (office.store.id(), office.people[0]);
    let mut events = office.services.bus.subscribe(&topic(tenant)).await.unwrap();
    let values = Arc::new(MemoryEphemeral::new(Arc::new(world.clock.clone())));
    let one = Presence::new(values.clone(), office.services.clone());
    let other = Presence::new(values, office.services.clone());
    one.opened(tenant, anna).await;
    other.opened(tenant, anna).await;
    assert_eq!(one.online(tenant, &office.people).await, [anna].into());
    one.closed(tenant, anna).await;
    assert_eq!(one.online(tenant, &office.people).await, [anna].into());
    other.closed(tenant, anna).await;
    assert!(other.online(tenant, &office.people).await.is_empty());
    for online in [true, false] {
        let Some(Delivery::Message(bytes)) = events.next().await else {
            panic!("the bus ended");
        };
        let event: TenantEvent = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(
            event.body,
            EventBody::Presence {
                member: anna,
                online
            }
        );
    }
    // A process that dies says nothing; its members run out.
    one.opened(tenant, anna).await;
    world.clock.advance(chrono::Duration::seconds(30));
    one.connected(tenant, &[anna]).await;
    world.clock.advance(chrono::Duration::seconds(30));
    assert_eq!(other.online(tenant, &[anna]).await.len(), 1);
    world.clock.advance(chrono::Duration::seconds(30));
    assert!(other.online(tenant, &[anna]).await.is_empty());
}
