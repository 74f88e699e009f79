//! Opening and listing conversations.

use futures::future::join_all;
use tenancy_access::{DomainError, FaultCode};
use tenancy_chat::{Conversation, OpenDirectInput};
use tenancy_model::{ConversationId, EntryKind, ErrorCode, MemberId, MemberState};
use tenancy_store::{
    PageRequest,
    testing::{World, test_both_backends},
};

use crate::office::Office;

test_both_backends!(
    a_pair_has_one_conversation_whoever_opens_it,
    who_cannot_be_talked_to_is_not_found,
    the_list_shows_the_newest_activity_first,
    foreign_conversations_are_not_found,
    last_entries_come_for_all_at_once,
    heads_are_of_whoever_is_in,
);

fn is_not_found<T>(result: &Result<T, DomainError>) -> bool {
    matches!(result, Err(DomainError::Fault(FaultCode::NotFound)))
}

async fn a_pair_has_one_conversation_whoever_opens_it(world: World) {
    let office = Office::open(&world, 2).await;
    let opens = (0..16).map(|n| {
        let office = office.clone();
        tokio::spawn(async move { office.direct(n % 2, (n + 1) % 2).await })
    });
    let opened = join_all(opens).await;
    let first = *opened[0].as_ref().unwrap();
    assert!(opened.iter().all(|id| *id.as_ref().unwrap() == first));
    let log = office.log(first).await;
    assert_eq!(log.len(), 1);
    assert_eq!(
        (log[0].seq, log[0].kind, log[0].count_to),
        (1, EntryKind::Created, 0)
    );
    for n in 0..2 {
        let seen = tenancy_chat::get(&office.ctx(n), first).await.unwrap();
        assert_eq!(seen.peer, Some(office.people[1 - n]));
        assert_eq!((seen.head_seq, seen.unread, seen.title), (1, 0, None));
    }
    let mut both = office.people.clone();
    both.sort_unstable();
    let mut found = tenancy_chat::participants(&office.ctx(0), first)
        .await
        .unwrap();
    found.sort_unstable();
    assert_eq!(found, both);
}

async fn who_cannot_be_talked_to_is_not_found(world: World) {
    let office = Office::open(&world, 4).await;
    let foreign = Office::open(&world, 1).await;
    office.set_state(2, MemberState::Disabled).await;
    office.set_state(3, MemberState::Resigned).await;
    let open = async |member: MemberId| {
        tenancy_chat::open_direct(&office.ctx(0), &OpenDirectInput { member }).await
    };
    let random = MemberId::new(&world.clock, &*world.rng);
    for member in [
        foreign.people[0],
        random,
        office.people[2],
        office.people[3],
    ] {
        assert!(is_not_found(&open(member).await));
    }
    match open(office.people[0]).await {
        Err(DomainError::Refused(problem)) => {
            assert_eq!(problem.code, ErrorCode::SelfNotAllowed);
        }
        other => panic!("with oneself: {other:?}"),
    }
}

async fn the_list_shows_the_newest_activity_first(world: World) {
    let office = Office::open(&world, 6).await;
    let mut ids = Vec::new();
    for peer in 1..6 {
        ids.push(office.direct(0, peer).await);
        world.clock.advance(chrono::Duration::milliseconds(5));
    }
    office.say(2, ids[1], "nonce-01").await;
    let order = [ids[1], ids[4], ids[3], ids[2], ids[0]];
    let mut after = None;
    let mut listed: Vec<Conversation> = Vec::new();
    loop {
        let request = PageRequest::new(2, after).unwrap();
        let page = tenancy_chat::list(&office.ctx(0), &request).await.unwrap();
        assert_eq!(page.total, 5);
        after = page.items.last().map(|(cursor, _)| cursor.clone());
        listed.extend(page.items.into_iter().map(|(_, item)| item));
        if !page.has_next {
            break;
        }
    }
    let found: Vec<_> = listed.iter().map(|found| found.id).collect();
    assert_eq!(found, order);
    assert_eq!(
        (listed[0].unread, listed[0].peer),
        (1, Some(office.people[2]))
    );
    let request = PageRequest::new(10, None).unwrap();
    let of_another = tenancy_chat::list(&office.ctx(3), &request).await.unwrap();
    assert_eq!(of_another.items.len(), 1);
}

async fn foreign_conversations_are_not_found(world: World) {
    let office = Office::open(&world, 3).await;
    let foreign = Office::open(&world, 2).await;
    let theirs = foreign.direct(0, 1).await;
    let of_colleagues = office.direct(1, 2).await;
    let random = ConversationId::new(&world.clock, &*world.rng);
    let entry = office.log(of_colleagues).await.remove(0);
    let ctx = office.ctx(0);
    for id in [theirs, of_colleagues, random] {
        assert!(is_not_found(&tenancy_chat::get(&ctx, id).await));
        assert!(is_not_found(&tenancy_chat::participants(&ctx, id).await));
        let mark = tenancy_chat::ReadMarkInput {
            conversation: id,
            seq: 1,
        };
        assert!(is_not_found(
            &tenancy_chat::move_read_mark(&ctx, &mark).await
        ));
        let range = tenancy_chat::EntryRange::new(None, None, None, None).unwrap();
        let input = tenancy_chat::EntriesInput {
            conversation: id,
            range,
        };
        assert!(is_not_found(&tenancy_chat::entries(&ctx, &input).await));
        assert!(
            tenancy_chat::summaries(&ctx, &[id])
                .await
                .unwrap()
                .is_empty()
        );
        assert!(
            tenancy_chat::last_entries(&ctx, &[(id, 1)])
                .await
                .unwrap()
                .is_empty()
        );
    }
    assert!(is_not_found(
        &tenancy_chat::find_entry(&ctx, entry.id).await
    ));
    let found = tenancy_chat::find_entry(&office.ctx(1), entry.id).await;
    assert_eq!(found.unwrap(), entry);
}

async fn last_entries_come_for_all_at_once(world: World) {
    let office = Office::open(&world, 8).await;
    let mut places = Vec::new();
    for peer in 1..8 {
        let id = office.direct(0, peer).await;
        for n in 0..peer {
            office.say(peer, id, &format!("nonce-{n}")).await;
        }
        places.push((id, peer as i64 + 1));
    }
    let last = tenancy_chat::last_entries(&office.ctx(0), &places)
        .await
        .unwrap();
    assert_eq!(last.len(), 7);
    for (id, seq) in places {
        let entry = &last[&id];
        assert_eq!((entry.conversation, entry.seq), (id, seq));
        assert_eq!(
            entry.text.as_deref(),
            Some(format!("nonce-{}", seq - 2).as_str())
        );
    }
}

async fn heads_are_of_whoever_is_in(world: World) {
    let office = Office::open(&world, 3).await;
    let (direct, group) = (office.direct(0, 1).await, office.group(&[0, 1, 2]).await);
    office.say(0, direct, "nonce-01").await;
    office.say(2, group, "nonce-02").await;
    let random = ConversationId::new(&world.clock, &*world.rng);
    let asked = [direct, group, random];
    let mut heads = tenancy_chat::heads(&office.store, &asked).await.unwrap();
    heads.sort_unstable();
    let mut expected = vec![(direct, 2), (group, 1)];
    expected.sort_unstable();
    assert_eq!(heads, expected, "what does not exist is left out");
    let of = async |people: &[MemberId]| {
        let heads = tenancy_chat::heads_of_members(&office.store, people).await;
        let mut heads: Vec<_> = heads
            .unwrap()
            .into_iter()
            .map(|head| (head.conversation, head.seq))
            .collect();
        heads.sort_unstable();
        heads
    };
    assert_eq!(of(&office.people[..1]).await, expected);
    assert_eq!(of(&office.people[2..]).await, [(group, 1)]);
    assert_eq!(of(&office.people).await.len(), 5);
    office.leave(group, 2, 1).await;
    assert_eq!(of(&office.people[2..]).await, []);
}
