//! Who may read what: grants of one session, looked up again at every use.

use chrono::TimeDelta;
use futures::StreamExt as _;
use tenancy_access::{Actor, TenantContext};
use tenancy_files::{Disposition, FilePolicyUpdateInput, Files, Variant};
use tenancy_model::{ErrorCode, MemberState, SessionId};
use tenancy_store::testing::World;

use crate::office::{Office, code, is_missing, noise, png};

tenancy_store::testing::test_both_backends!(
    a_reader_of_the_message_reads_its_file_in_pieces,
    a_grant_is_worth_something_to_its_own_session_alone,
    a_grant_ends_with_its_time_and_with_the_membership,
    preview_only_shows_and_hands_nothing_out,
);

/// covers: MSG-08
async fn a_reader_of_the_message_reads_its_file_in_pieces(world: World) {
    let office = Office::open(&world).await;
    let body = noise(7, 100_000);
    let file = office.file(office.anna(), "read", &body).await;
    assert!(
        office.grant(office.bernd(), file).await.is_none(),
        "not sent yet"
    );
    office.attach(file, 3).await;
    let grant = office.grant(office.bernd(), file).await.unwrap();
    let open = async || {
        office
            .files
            .open_download(office.bernd(), &grant)
            .await
            .unwrap()
    };
    let download = open().await;
    assert_eq!(download.size_bytes, Some(100_000));
    assert_eq!(download.name, "周报 \"1\".txt");
    assert_eq!(download.etag, open().await.etag);
    assert!(!download.inline);
    for range in [0..=0, 10..=19_999, 99_999..=99_999] {
        let mut part = Vec::new();
        let mut bytes = open().await.read(Some(range.clone())).await.unwrap();
        while let Some(chunk) = bytes.next().await {
            part.extend_from_slice(&chunk.unwrap());
        }
        assert!(part == body[*range.start() as usize..=*range.end() as usize]);
    }
}

async fn a_grant_is_worth_something_to_its_own_session_alone(world: World) {
    let (office, other) = (Office::open(&world).await, Office::open(&world).await);
    let anna = office.anna();
    let file = office.file(anna, "mine", b"secret").await;
    let theirs = other.file(other.anna(), "theirs", b"secret").await;
    assert!(office.grant(anna, theirs).await.is_none());
    let place = office.attach(file, 1).await;
    assert_eq!(place.seq, 1);
    let grant = office.grant(anna, file).await.unwrap();
    let opened = async |files: &Files, ctx: &TenantContext, grant: &str| {
        files.open_download(ctx, grant).await.map(|_| ())
    };
    assert!(opened(&office.files, anna, &grant).await.is_ok());
    // A colleague in the same conversation, the same member on another device, another company.
    assert!(is_missing(
        opened(&office.files, office.bernd(), &grant).await
    ));
    let mut elsewhere = anna.clone();
    if let Actor::Member { session, .. } = &mut elsewhere.actor {
        *session = SessionId::new(&office.scene.clock, office.rng());
    }
    assert!(is_missing(opened(&office.files, &elsewhere, &grant).await));
    assert!(is_missing(opened(&other.files, other.anna(), &grant).await));
    let forged = format!("{}A", &grant[..grant.len() - 1]);
    for bad in [forged.as_str(), "", "x", &grant[1..]] {
        assert!(is_missing(opened(&office.files, anna, bad).await), "{bad}");
    }
}

async fn a_grant_ends_with_its_time_and_with_the_membership(world: World) {
    let office = Office::open(&world).await;
    let (anna, bernd) = (office.anna(), office.bernd());
    let file = office.file(anna, "ends", b"words").await;
    let place = office.attach(file, 5).await;
    let grant = office.grant(bernd, file).await.unwrap();
    let opened = async || office.files.open_download(bernd, &grant).await.map(|_| ());
    assert!(opened().await.is_ok());
    let leave = async |to_seq: i64| {
        let tx = office.scene.begin().await;
        let text =
            "UPDATE participant SET to_seq = $1 WHERE conversation_id = $2 AND member_id = $3";
        let member = bernd.actor.member().unwrap();
        let values = [to_seq.into(), place.conversation.into(), member.into()];
        office.sql(&tx, text, values).await;
        tx.commit().await.unwrap();
    };
    leave(5).await;
    assert!(opened().await.is_ok(), "it was said while he was there");
    leave(4).await;
    assert!(is_missing(opened().await), "it was said after he had left");
    assert!(office.grant(bernd, file).await.is_none());
    leave(9).await;
    let member = bernd.actor.member().unwrap();
    office.scene.set_state(member, MemberState::Disabled).await;
    assert!(is_missing(opened().await));
    office.scene.set_state(member, MemberState::Active).await;
    assert!(opened().await.is_ok());
    office.advance(TimeDelta::minutes(10));
    assert!(is_missing(opened().await), "its time is over");
}

async fn preview_only_shows_and_hands_nothing_out(world: World) {
    let office = Office::open(&world).await;
    let anna = office.anna();
    let picture = office.file(anna, "shown", &png(30, 20)).await;
    let plain = office.file(anna, "plain", b"words").await;
    let before = office.grant(anna, plain).await.unwrap();
    let change = FilePolicyUpdateInput {
        preview_only: Some(true),
        ..Default::default()
    };
    let job = office.scene.job();
    office.files.update_policy(&job, &change).await.unwrap();
    let grant = async |file, disposition| {
        let granted = office
            .grant_of(anna, file, Variant::Original, disposition)
            .await;
        granted.map(|grant| grant.is_some())
    };
    assert!(grant(picture, Disposition::Inline).await.unwrap());
    for (file, disposition) in [
        (picture, Disposition::Attachment),
        (plain, Disposition::Inline),
        (plain, Disposition::Attachment),
    ] {
        assert_eq!(code(grant(file, disposition).await), ErrorCode::DownloadOff);
    }
    let old = office.files.open_download(anna, &before).await.map(|_| ());
    assert!(is_missing(old), "a grant from before is worth nothing");
}
