//! Catching up: a client that hears only some events, and is away at random, ends equal to the
//! server.

use std::collections::BTreeMap;

use platform::bus::{Delivery, Subscription};
use proptest::{prelude::*, test_runner::TestCaseError};
use tenancy_chat::{Audience, Conversation, Memberships, ReadMarkInput, SyncInput};
use tenancy_model::{ConversationId, EventBody, MemberId, TenantEvent, topic};
use tenancy_store::testing::{World, test_both_backends};

use crate::{model, office::Office};

test_both_backends!(
    a_client_that_was_away_ends_equal,
    pages_of_a_run_give_everything_once,
    a_run_sees_what_changes_meanwhile,
    a_position_of_nobody_is_refused,
);

const PEOPLE: usize = 4;

/// What happens around a client.
#[derive(Debug, Clone)]
enum Action {
    /// Somebody writes to somebody (which may open their conversation).
    Say(usize, usize),
    /// Somebody reads what somebody wrote, up to so many hundredths.
    Read(usize, usize, i64),
    /// Time goes by.
    Wait(i64),
    /// The client hears what waits; `false`: it is lost.
    Hear(bool),
    /// The client returns, and fetches pages of so many.
    Return(i32),
}

fn action() -> impl Strategy<Value = Action> {
    let two = (0..PEOPLE, 1..PEOPLE).prop_map(|(a, step)| (a, (a + step) % PEOPLE));
    prop_oneof![
        6 => two.clone().prop_map(|(a, b)| Action::Say(a, b)),
        4 => (two, 0..110_i64).prop_map(|((a, b), part)| Action::Read(a, b, part)),
        3 => (0..20_000_i64).prop_map(Action::Wait),
        4 => any::<bool>().prop_map(Action::Hear),
        2 => (1..4_i32).prop_map(Action::Return),
    ]
}

/// What a client keeps of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    head: i64,
    read: i64,
    peer_read: Option<i64>,
    unread: i64,
}

/// Person 0's client.
struct Client {
    known: BTreeMap<ConversationId, Known>,
    position: Option<String>,
    events: Subscription,
}

impl From<Conversation> for Known {
    fn from(conversation: Conversation) -> Self {
        Self {
            head: conversation.head_seq,
            read: conversation.read_seq,
            peer_read: conversation.peer_read_seq,
            unread: conversation.unread,
        }
    }
}

impl Client {
    async fn catch_up(&mut self, office: &Office, first: i32) {
        loop {
            let position = self.position.take();
            let input = SyncInput { position, first };
            let page = tenancy_chat::sync(&office.ctx(0), &input).await.unwrap();
            self.position = Some(page.position);
            for conversation in page.conversations {
                self.known.insert(conversation.id, conversation.into());
            }
            if !page.more {
                return;
            }
        }
    }

    fn waiting(&mut self) -> Vec<EventBody> {
        use futures::FutureExt as _;
        let mut events = Vec::new();
        while let Some(delivery) = self.events.next().now_or_never() {
            let Some(Delivery::Message(bytes)) = delivery else {
                panic!("the bus ended");
            };
            let event: TenantEvent = serde_json::from_slice(&bytes).unwrap();
            events.push(event.body);
        }
        events
    }

    /// Applies an event as the web client does, where nothing is missing before it.
    async fn apply(&mut self, office: &Office, me: MemberId, event: EventBody) {
        match event {
            EventBody::Entry {
                conversation,
                seq,
                author,
                ..
            } => {
                let Some(known) = self.known.get_mut(&conversation) else {
                    return;
                };
                if seq == known.head + 1 {
                    known.head = seq;
                    known.unread += i64::from(author.is_some_and(|(author, _)| author != me));
                }
            }
            EventBody::ReadMark {
                conversation,
                member,
                seq,
            } => {
                let Some(known) = self.known.get_mut(&conversation) else {
                    return;
                };
                if member != me {
                    known.peer_read = known.peer_read.max(Some(seq));
                } else if let Ok(now) = tenancy_chat::get(&office.ctx(0), conversation).await {
                    *known = now.into();
                }
            }
            EventBody::Conversation { conversation, .. } => {
                let now = tenancy_chat::get(&office.ctx(0), conversation)
                    .await
                    .unwrap();
                self.known.insert(conversation, now.into());
            }
            _ => {}
        }
    }
}

async fn a_client_that_was_away_ends_equal(world: World) {
    let actions = prop::collection::vec(action(), 1..50);
    let world = &world;
    model::check(12, &actions, |actions| async move {
        let office = Office::open(world, PEOPLE).await;
        lossy_case(world, office, actions).await
    });
}

async fn lossy_case(
    world: &World,
    office: Office,
    actions: Vec<Action>,
) -> Result<(), TestCaseError> {
    let memberships = Memberships::default();
    let me = office.people[0];
    let bus = office.services.bus.clone();
    let mut client = Client {
        known: BTreeMap::new(),
        position: None,
        events: bus.subscribe(&topic(office.store.id())).await.unwrap(),
    };
    for (n, action) in actions.into_iter().enumerate() {
        match action {
            Action::Say(a, b) => {
                let conversation = office.direct(a, b).await;
                office.say(a, conversation, &format!("nonce-{n:03}")).await;
            }
            Action::Read(a, b, part) => {
                let conversation = office.direct(a, b).await;
                let head = office.log(conversation).await.len() as i64;
                let input = ReadMarkInput {
                    conversation,
                    seq: head * part / 100,
                };
                tenancy_chat::move_read_mark(&office.ctx(a), &input)
                    .await
                    .unwrap();
            }
            Action::Wait(ms) => world.clock.advance(chrono::Duration::milliseconds(ms)),
            Action::Hear(heard) => {
                for event in client.waiting() {
                    let audience = memberships.hears(&office.store, &event).await.unwrap();
                    let Audience::Members(members) = audience else {
                        continue;
                    };
                    if heard && members.contains(&me) {
                        client.apply(&office, me, event).await;
                    }
                }
            }
            Action::Return(first) => {
                client.waiting();
                client.catch_up(&office, first).await;
            }
        }
    }
    client.waiting();
    client.catch_up(&office, 2).await;
    let position = client.position.take();
    let kept = std::mem::take(&mut client.known);
    client.catch_up(&office, 100).await;
    prop_assert_eq!(&kept, &client.known, "after a sync from {:?}", position);
    let heads = tenancy_chat::heads_of_members(&office.store, &[me])
        .await
        .unwrap();
    let theirs = heads.into_iter().map(|head| (head.conversation, head.seq));
    let ours = kept.into_iter().map(|(id, known)| (id, known.head));
    prop_assert_eq!(
        tenancy_chat::heads_digest(ours),
        tenancy_chat::heads_digest(theirs)
    );
    Ok(())
}

async fn pages_of_a_run_give_everything_once(world: World) {
    let office = Office::open(&world, 12).await;
    for peer in 1..12 {
        office.direct(0, peer).await;
        if peer % 3 == 0 {
            world.clock.advance(chrono::Duration::seconds(1));
        }
    }
    let mut position = None;
    let mut seen = Vec::new();
    let mut pages = 0;
    loop {
        let input = SyncInput { position, first: 4 };
        let page = tenancy_chat::sync(&office.ctx(0), &input).await.unwrap();
        pages += 1;
        seen.extend(
            page.conversations
                .iter()
                .map(|found| (found.changed_at, found.id)),
        );
        position = Some(page.position);
        if !page.more {
            break;
        }
    }
    assert_eq!((pages, seen.len()), (3, 11));
    assert!(seen.is_sorted(), "oldest change first, none twice");
    // The overlap gives what had just changed once more; a run later it is history.
    world.clock.advance(chrono::Duration::seconds(60));
    for expected in [11, 0] {
        let input = SyncInput {
            position,
            first: 100,
        };
        let page = tenancy_chat::sync(&office.ctx(0), &input).await.unwrap();
        assert_eq!(page.conversations.len(), expected);
        world.clock.advance(chrono::Duration::seconds(60));
        position = Some(page.position);
    }
}

async fn a_run_sees_what_changes_meanwhile(world: World) {
    let office = Office::open(&world, 6).await;
    let mut ids = Vec::new();
    for peer in 1..6 {
        ids.push(office.direct(0, peer).await);
        world.clock.advance(chrono::Duration::seconds(1));
    }
    let input = SyncInput {
        position: None,
        first: 2,
    };
    let first = tenancy_chat::sync(&office.ctx(0), &input).await.unwrap();
    assert!(first.more);
    // What the first page gave changes again, and time goes by before the rest is fetched.
    office.say(1, ids[0], "nonce-01").await;
    world.clock.advance(chrono::Duration::seconds(90));
    office.say(5, ids[4], "nonce-02").await;
    let input = SyncInput {
        position: Some(first.position),
        first: 100,
    };
    let rest = tenancy_chat::sync(&office.ctx(0), &input).await.unwrap();
    let found: Vec<_> = rest.conversations.iter().map(|found| found.id).collect();
    assert_eq!(found, [ids[2], ids[3], ids[0], ids[4]]);
    assert!(!rest.more);
    // The next run begins where this one began, not where it ended.
    let input = SyncInput {
        position: Some(rest.position),
        first: 100,
    };
    let next = tenancy_chat::sync(&office.ctx(0), &input).await.unwrap();
    assert!(next.conversations.iter().any(|found| found.id == ids[0]));
}

async fn a_position_of_nobody_is_refused(world: World) {
    let office = Office::open(&world, 1).await;
    for (position, first) in [
        (Some("x"), 10),
        (Some("1.2"), 10),
        (None, 101),
        (None, 0),
        (None, -1),
    ] {
        let position = position.map(str::to_owned);
        let input = SyncInput { position, first };
        assert!(tenancy_chat::sync(&office.ctx(0), &input).await.is_err());
    }
}
