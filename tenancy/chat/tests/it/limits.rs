//! Every bound of a conversation: what it bounds, what it is called, and how it is refused.

use futures::future::join_all;
use tenancy_access::DomainError;
use tenancy_chat::{EntryRange, SyncInput};
use tenancy_model::{ErrorCode, Problem, limits};
use tenancy_store::testing::{World, test_both_backends};

use crate::office::Office;

test_both_backends!(
    a_message_and_its_nonce_are_bounded,
    pages_are_bounded,
    more_than_one_commit_holds_goes_into_several,
);

fn refused<T>(result: Result<T, DomainError>) -> Problem {
    match result {
        Err(DomainError::Refused(problem)) => problem,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("was not refused"),
    }
}

async fn a_message_and_its_nonce_are_bounded(world: World) {
    let office = Office::open(&world, 2).await;
    let talk = office.direct(0, 1).await;
    let text = "字".repeat(limits::MESSAGE_CHARS_MAX);
    let nonce = "n".repeat(limits::NONCE_CHARS_MAX);
    let longest = office.try_say(0, talk, &nonce, &text).await.unwrap();
    assert_eq!(longest.entry.text, Some(text.clone()));
    let cases = [
        (
            (&*"n".repeat(7), "x"),
            (ErrorCode::TooShort, "nonce", limits::NONCE_CHARS_MIN),
        ),
        (
            (&*format!("{nonce}n"), "x"),
            (ErrorCode::TooLong, "nonce", limits::NONCE_CHARS_MAX),
        ),
        (
            ("nonce-01", &*format!("{text}字")),
            (ErrorCode::MessageTooLong, "text", limits::MESSAGE_CHARS_MAX),
        ),
    ];
    for ((nonce, text), (code, field, limit)) in cases {
        let problem = refused(office.try_say(0, talk, nonce, text).await);
        assert_eq!((problem.code, problem.field), (code, Some(field)));
        assert_eq!(problem.limit, Some(limit as u64));
    }
    assert_eq!(office.log(talk).await.len(), 2, "created, and one message");
}

async fn pages_are_bounded(world: World) {
    let office = Office::open(&world, 1).await;
    let most = i32::try_from(limits::ENTRIES_PAGE_MAX).unwrap();
    assert!(EntryRange::new(Some(most), None, None, None).is_ok());
    assert!(EntryRange::new(None, None, Some(most), None).is_ok());
    for range in [
        EntryRange::new(Some(most + 1), None, None, None),
        EntryRange::new(None, None, Some(most + 1), None),
    ] {
        let problem = refused(range.map_err(DomainError::from));
        assert_eq!(problem.limit, Some(limits::ENTRIES_PAGE_MAX.into()));
        assert_eq!(problem.used, Some(u64::from(limits::ENTRIES_PAGE_MAX) + 1));
    }
    let most = i32::try_from(limits::PAGE_MAX).unwrap();
    let page = async |first| {
        let input = SyncInput {
            position: None,
            first,
        };
        tenancy_chat::sync(&office.ctx(0), &input).await
    };
    assert!(page(most).await.is_ok());
    let problem = refused(page(most + 1).await);
    assert_eq!(problem.limit, Some(limits::PAGE_MAX.into()));
}

async fn more_than_one_commit_holds_goes_into_several(world: World) {
    let office = Office::open(&world, 2).await;
    let talk = office.direct(0, 1).await;
    let many = 2 * limits::COMMIT_ROWS_MAX + 7;
    let sends = (0..many).map(|n| {
        let office = office.clone();
        async move { office.say(n % 2, talk, &format!("nonce-{n:04}")).await }
    });
    let sent = join_all(sends).await;
    let log = office.log(talk).await;
    assert_eq!(log.len(), many + 1);
    assert!((1..).zip(&log).all(|(seq, entry)| entry.seq == seq));
    assert!(sent.iter().all(|sent| !sent.duplicate));
}
