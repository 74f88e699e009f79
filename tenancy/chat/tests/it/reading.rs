//! Read marks, unread counts and what of a log a member may read.

use proptest::{prelude::*, test_runner::TestCaseError};
use tenancy_chat::{EntriesInput, EntryRange, ReadMarkInput};
use tenancy_model::ConversationId;
use tenancy_store::testing::{World, test_both_backends};

use crate::{model, office::Office};

test_both_backends!(
    unread_is_what_others_said_behind_the_mark,
    a_mark_moves_only_forward_and_not_past_the_head,
    devices_that_read_at_once_agree,
    history_ends_where_membership_does,
    history_is_paged_both_ways,
);

/// What a person does in a conversation of three.
#[derive(Debug, Clone)]
enum Action {
    Say(usize),
    /// Reads up to so many hundredths of the log, and beyond.
    Read(usize, i64),
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        3 => (0..3_usize).prop_map(Action::Say),
        2 => (0..3_usize, 0..130_i64).prop_map(|(who, part)| Action::Read(who, part)),
    ]
}

async fn unread_is_what_others_said_behind_the_mark(world: World) {
    let office = Office::open(&world, 3).await;
    let actions = prop::collection::vec(action(), 1..40);
    model::check(24, &actions, |actions| unread_case(office.clone(), actions));
}

async fn unread_case(office: Office, actions: Vec<Action>) -> Result<(), TestCaseError> {
    let conversation = office.group(&[0, 1, 2]).await;
    let mut authors: Vec<usize> = Vec::new();
    let mut marks = [0_i64; 3];
    for action in actions {
        match action {
            Action::Say(who) => {
                authors.push(who);
                let nonce = format!("{conversation}-{}", authors.len());
                office.say(who, conversation, &nonce).await;
            }
            Action::Read(who, part) => {
                let head = authors.len() as i64;
                let seq = head * part / 100;
                let input = ReadMarkInput { conversation, seq };
                let moved = tenancy_chat::move_read_mark(&office.ctx(who), &input).await;
                marks[who] = marks[who].max(seq.min(head));
                prop_assert_eq!(moved.unwrap().read_seq, marks[who]);
            }
        }
        for who in 0..3 {
            let seen = tenancy_chat::get(&office.ctx(who), conversation)
                .await
                .unwrap();
            let behind = &authors[usize::try_from(marks[who]).unwrap()..];
            let unread = behind.iter().filter(|author| **author != who).count();
            prop_assert_eq!(seen.unread, unread as i64);
            prop_assert_eq!(seen.read_seq, marks[who]);
        }
    }
    Ok(())
}

async fn a_mark_moves_only_forward_and_not_past_the_head(world: World) {
    let office = Office::open(&world, 2).await;
    let conversation = office.direct(0, 1).await;
    for n in 0..5 {
        office.say(0, conversation, &format!("nonce-{n}")).await;
    }
    for (asked, stands) in [(3, 3), (2, 3), (-7, 3), (i64::MAX, 6), (1, 6)] {
        let input = ReadMarkInput {
            conversation,
            seq: asked,
        };
        let moved = tenancy_chat::move_read_mark(&office.ctx(1), &input).await;
        assert_eq!(moved.unwrap().read_seq, stands);
        let peer = tenancy_chat::get(&office.ctx(0), conversation)
            .await
            .unwrap();
        assert_eq!(peer.peer_read_seq, Some(stands));
    }
}

async fn devices_that_read_at_once_agree(world: World) {
    let office = Office::open(&world, 2).await;
    let conversation = office.direct(0, 1).await;
    let devices = (0..8).map(|device: i64| {
        let office = office.clone();
        tokio::spawn(async move {
            for n in 0..10 {
                let author = usize::from((device + n) % 2 == 0);
                office
                    .say(author, conversation, &format!("nonce-{device}-{n}"))
                    .await;
                let seq = 1 + device + 8 * n;
                let input = ReadMarkInput { conversation, seq };
                tenancy_chat::move_read_mark(&office.ctx(1), &input)
                    .await
                    .unwrap();
            }
        })
    });
    for device in futures::future::join_all(devices).await {
        device.unwrap();
    }
    let seen = tenancy_chat::get(&office.ctx(1), conversation)
        .await
        .unwrap();
    let log = office.log(conversation).await;
    let of_peer = log.iter().filter(|entry| {
        entry.seq > seen.read_seq
            && entry.count_to > 0
            && entry.author.as_ref().unwrap().0 == office.people[0]
    });
    assert_eq!(seen.unread, of_peer.count() as i64);
    let input = ReadMarkInput {
        conversation,
        seq: 81,
    };
    let all = tenancy_chat::move_read_mark(&office.ctx(1), &input)
        .await
        .unwrap();
    assert_eq!((all.unread, all.read_seq), (0, 81));
}

async fn history_ends_where_membership_does(world: World) {
    let office = Office::open(&world, 3).await;
    let group = office.group(&[0, 1]).await;
    let say = async |n: i64| office.say(0, group, &format!("nonce-{n}")).await.entry.seq;
    for n in 1..=3 {
        say(n).await;
    }
    office.leave(group, 1, 3).await;
    for n in 4..=6 {
        say(n).await;
    }
    let tx = office.store.begin().await.unwrap();
    office.join(&tx, group, 1, 7).await;
    tx.commit().await.unwrap();
    say(7).await;
    assert_eq!(office.readable(0, group).await, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(office.readable(1, group).await, [1, 2, 3, 7]);
    let seen = tenancy_chat::get(&office.ctx(1), group).await.unwrap();
    assert_eq!((seen.unread, seen.head_seq), (1, 7));
    let places: Vec<_> = (1..=7).map(|seq| (group, seq)).collect();
    for (place, readable) in places.iter().zip([1, 1, 1, 0, 0, 0, 1]) {
        let found = tenancy_chat::last_entries(&office.ctx(1), &[*place])
            .await
            .unwrap();
        assert_eq!(found.len(), readable);
    }
    let log = office.log(group).await;
    assert!(
        tenancy_chat::find_entry(&office.ctx(1), log[4].id)
            .await
            .is_err()
    );
    assert!(
        tenancy_chat::find_entry(&office.ctx(1), log[6].id)
            .await
            .is_ok()
    );
}

async fn history_is_paged_both_ways(world: World) {
    let office = Office::open(&world, 2).await;
    let conversation = office.direct(0, 1).await;
    for n in 0..9 {
        office.say(0, conversation, &format!("nonce-{n}")).await;
    }
    let page = async |range: EntryRange| {
        let input = EntriesInput {
            conversation,
            range,
        };
        let page = tenancy_chat::entries(&office.ctx(1), &input).await.unwrap();
        let seqs: Vec<i64> = page.entries.iter().map(|entry| entry.seq).collect();
        (seqs, page.has_previous, page.has_next)
    };
    let after = |after, count| EntryRange::After { count, after };
    let before = |before, count| EntryRange::Before { count, before };
    assert_eq!(
        page(before(i64::MAX, 4)).await,
        (vec![7, 8, 9, 10], true, false)
    );
    assert_eq!(page(before(7, 4)).await, (vec![3, 4, 5, 6], true, true));
    assert_eq!(page(before(3, 4)).await, (vec![1, 2], false, true));
    assert_eq!(page(after(0, 4)).await, (vec![1, 2, 3, 4], false, true));
    assert_eq!(page(after(8, 4)).await, (vec![9, 10], true, false));
    assert_eq!(page(after(10, 4)).await, (vec![], true, false));
    assert_eq!(page(before(1, 4)).await, (vec![], false, true));
    assert_eq!(page(after(4, 0)).await, (vec![], true, true));
    let gap = tenancy_chat::entries_after(&office.store, conversation, 6, 3)
        .await
        .unwrap();
    assert_eq!(
        gap.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
        [7, 8, 9]
    );
    let nowhere = ConversationId::new(&world.clock, &*world.rng);
    let gap = tenancy_chat::entries_after(&office.store, nowhere, 0, 3)
        .await
        .unwrap();
    assert!(gap.is_empty());
}
