//! What ends by itself, what is held, and the nightly comparison.

use bytes::Bytes;
use chrono::TimeDelta;
use tenancy_files::{
    FilePolicyUpdateInput, RECONCILE_JOB, REMOVE_JOB, RetentionDays, TIDY_JOB, last_reconciliation,
    states,
};
use tenancy_model::{FileState, UploadState};
use tenancy_store::testing::World;

use crate::office::{Office, input, is_missing, noise, png};

tenancy_store::testing::test_both_backends!(
    an_upload_that_is_never_finished_gives_its_bytes_back,
    a_file_that_nobody_sends_goes_and_one_that_was_sent_stays,
    files_expire_by_kind_and_a_held_one_does_not,
    the_last_use_frees_the_bytes_and_a_hold_keeps_them,
    the_night_finds_what_no_row_names_and_what_is_missing,
);

async fn an_upload_that_is_never_finished_gives_its_bytes_back(world: World) {
    let office = Office::open(&world).await;
    let (files, anna) = (&office.files, office.anna());
    let upload = files.start_upload(anna, &input("slow", 700)).await.unwrap();
    office.advance(TimeDelta::hours(12));
    assert_eq!(office.work(TIDY_JOB).await, 0, "nothing is over yet");
    let later = files.start_upload(anna, &input("later", 50)).await.unwrap();
    office.advance(TimeDelta::hours(12) + TimeDelta::minutes(2));
    assert_eq!(office.work(TIDY_JOB).await, 1);
    assert_eq!(office.used().await, 50);
    let told = files.get_upload(anna, upload.id).await.unwrap();
    assert_eq!(told.state, UploadState::Cancelled);
    office.work(REMOVE_JOB).await;
    office.advance(TimeDelta::hours(12));
    assert_eq!(
        office.work(TIDY_JOB).await,
        1,
        "as soon as the next one is over"
    );
    assert_eq!(office.used().await, 0);
    office.advance(TimeDelta::hours(25));
    office.work(TIDY_JOB).await;
    assert!(
        is_missing(files.get_upload(anna, upload.id).await),
        "forgotten"
    );
    assert!(!is_missing(files.get_upload(anna, later.id).await) || office.used().await == 0);
}

async fn a_file_that_nobody_sends_goes_and_one_that_was_sent_stays(world: World) {
    let office = Office::open(&world).await;
    let anna = office.anna();
    let sent = office.file(anna, "sent", b"sent").await;
    let kept = office.file(anna, "kept", b"not sent").await;
    office.attach(sent, 1).await;
    office.advance(TimeDelta::hours(24) + TimeDelta::minutes(2));
    assert_eq!(office.work(TIDY_JOB).await, 1);
    assert_eq!(office.used().await, 4);
    let states = states(anna, &[sent, kept]).await.unwrap();
    assert_eq!(states.get(&sent), Some(&FileState::Available));
    assert_eq!(states.get(&kept), None);
    office.work(REMOVE_JOB).await;
    assert_eq!(office.keys().await.len(), 1);
}

/// covers: FIL-05, MSG-36
async fn files_expire_by_kind_and_a_held_one_does_not(world: World) {
    let office = Office::open(&world).await;
    let anna = office.anna();
    let picture = office.file(anna, "picture", &png(20, 20)).await;
    let plain = office.file(anna, "plain", b"words").await;
    let held = office.file(anna, "held", &png(21, 20)).await;
    for (seq, file) in [(1, picture), (2, plain), (3, held)] {
        office.attach(file, seq).await;
    }
    let job = office.scene.job();
    office.files.set_hold(&job, held, true).await.unwrap();
    let grant = office.grant(anna, picture).await.unwrap();
    let change = FilePolicyUpdateInput {
        retention_days: Some(RetentionDays {
            image: Some(7),
            ..Default::default()
        }),
        ..Default::default()
    };
    office.files.update_policy(&job, &change).await.unwrap();
    let told = async || {
        let found = states(anna, &[picture, plain, held]).await.unwrap();
        [found[&picture], found[&plain], found[&held]]
    };
    use FileState::{Available, Expired};
    office.work(TIDY_JOB).await;
    assert_eq!(told().await, [Available, Available, Available]);
    office.advance(TimeDelta::days(7) + TimeDelta::minutes(2));
    office.work(TIDY_JOB).await;
    assert_eq!(told().await, [Expired, Available, Available]);
    office.work(REMOVE_JOB).await;
    assert!(is_missing(
        office.files.open_download(anna, &grant).await.map(|_| ())
    ));
    assert!(office.grant(anna, picture).await.is_none());
    office.files.set_hold(&job, held, false).await.unwrap();
    office.advance(TimeDelta::days(1));
    office.work(TIDY_JOB).await;
    assert_eq!(told().await, [Expired, Available, Expired]);
    office.work(REMOVE_JOB).await;
    assert_eq!((office.used().await, office.keys().await.len()), (5, 1));
}

async fn the_last_use_frees_the_bytes_and_a_hold_keeps_them(world: World) {
    let office = Office::open(&world).await;
    let anna = office.anna();
    let body = noise(9, 5_000);
    let first = office.file(anna, "first", &body).await;
    let second = office.file(anna, "second", &body).await;
    let remove = async |file| {
        let tx = office.scene.begin().await;
        office.files.remove_uses(&tx, &[file]).await.unwrap();
        tx.commit().await.unwrap();
        office.work(REMOVE_JOB).await;
        (office.used().await, office.keys().await.len())
    };
    assert_eq!(remove(first).await, (5_000, 1), "there is another use");
    let job = office.scene.job();
    office.files.set_hold(&job, second, true).await.unwrap();
    assert_eq!(remove(second).await, (5_000, 1), "held");
    assert_eq!(
        states(anna, &[second]).await.unwrap()[&second],
        FileState::Removed
    );
    assert!(office.grant(anna, second).await.is_none());
    office.files.set_hold(&job, second, false).await.unwrap();
    office.work(REMOVE_JOB).await;
    assert_eq!((office.used().await, office.keys().await.len()), (0, 0));
}

async fn the_night_finds_what_no_row_names_and_what_is_missing(world: World) {
    let office = Office::open(&world).await;
    let anna = office.anna();
    let file = office.file(anna, "named", b"named").await;
    let lost = office.file(anna, "lost", &png(10, 10)).await;
    office.attach(file, 1).await;
    office.attach(lost, 2).await;
    office.work(REMOVE_JOB).await;
    let job = office.scene.job();
    assert_eq!(last_reconciliation(&job).await.unwrap(), None);
    office.advance(TimeDelta::days(2));
    assert_eq!(office.work(RECONCILE_JOB).await, 1);
    let clean = last_reconciliation(&job).await.unwrap().unwrap();
    assert!(clean.is_clean() && clean.objects == 3, "{clean:?}");

    let tenant = office.scene.visit.store.id().uuid().simple();
    let orphan = format!("t/{tenant}/{}-x", uuid::Uuid::from_u128(77).simple());
    office
        .blobs
        .put(&orphan, "", Bytes::from_static(b"nobody's"))
        .await
        .unwrap();
    let gone = office
        .keys()
        .await
        .into_iter()
        .find(|key| key.contains(&lost.uuid().simple().to_string()));
    office.blobs.delete(&gone.unwrap()).await.unwrap();
    let tx = office.scene.begin().await;
    let wrong = "UPDATE record SET body = '3' WHERE kind = 'counter' AND key = 'storage_bytes'";
    office.sql(&tx, wrong, []).await;
    tx.commit().await.unwrap();
    let used = async || office.used().await;
    office.advance(TimeDelta::days(2));
    assert_eq!(office.work(RECONCILE_JOB).await, 1);
    let found = last_reconciliation(&job).await.unwrap().unwrap();
    assert_eq!((found.objects, found.missing), (2, 1));
    assert!(found.difference_bytes > 0 && used().await == 3 + found.difference_bytes as u64);
    // An S3 of its own has its own clock: there the object is young.
    let old = world.column == tenancy_store::testing::Column::Embedded;
    assert_eq!(found.orphans, u64::from(old));
    assert_eq!(office.keys().await.contains(&orphan), !old);
    office
        .files
        .erase(office.scene.visit.store.id())
        .await
        .unwrap();
    assert!(office.keys().await.is_empty());
}
