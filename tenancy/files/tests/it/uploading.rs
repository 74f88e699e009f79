//! Uploads in parts and at once, as a browser makes them.

use chrono::TimeDelta;
use tenancy_files::CHECK_JOB;
use tenancy_model::{ErrorCode, UploadState};
use tenancy_store::testing::World;

use crate::office::{Office, chunks, code, input, is_missing, noise, problem};

tenancy_store::testing::test_both_backends!(
    a_large_file_comes_in_parts_and_goes_on_where_it_stopped,
    a_part_of_another_length_is_refused,
    a_small_file_comes_in_one_request_and_twice_is_once,
    a_body_of_another_length_is_no_file_and_can_be_sent_again,
    a_cancelled_upload_gives_its_bytes_back_and_takes_no_part,
    a_strangers_upload_is_missing,
);

const MIB: usize = 1024 * 1024;

/// covers: MSG-08, FIL-12
async fn a_large_file_comes_in_parts_and_goes_on_where_it_stopped(world: World) {
    let office = Office::open(&world).await;
    let (files, anna) = (&office.files, office.anna());
    let body = noise(1, 8 * MIB + 5);
    let input = input("large", body.len() as u64);
    let upload = files.start_upload(anna, &input).await.unwrap();
    assert_eq!(
        (upload.part_count, upload.state),
        (2, UploadState::Receiving)
    );
    assert_eq!(office.used().await, body.len() as u64, "reserved");
    let parts = files.upload_parts(anna, upload.id, &[1, 2]).await.unwrap();
    assert_eq!(parts[1].size_bytes, 5);
    assert_eq!(office.send(&parts[1], body[8 * MIB..].to_vec()).await, 200);
    let early = problem(files.complete_upload(anna, upload.id).await);
    assert_eq!(early.code, ErrorCode::UploadIncomplete);
    assert_eq!(
        (early.used, early.limit),
        (Some(5), Some(body.len() as u64))
    );
    // The browser comes back with the same nonce.
    let again = files.start_upload(anna, &input).await.unwrap();
    assert_eq!((again.id, &again.received_parts[..]), (upload.id, &[2][..]));
    assert_eq!(office.used().await, body.len() as u64, "reserved once");
    let rest = files.upload_parts(anna, upload.id, &[1]).await.unwrap();
    assert_eq!(office.send(&rest[0], body[..8 * MIB].to_vec()).await, 200);
    for _ in 0..2 {
        let done = files.complete_upload(anna, upload.id).await.unwrap();
        assert_eq!(done.state, UploadState::Checking);
    }
    assert_ne!(office.send(&parts[1], vec![0; 5]).await, 200, "too late");
    assert_eq!(office.work(CHECK_JOB).await, 1);
    let file = files
        .get_upload(anna, upload.id)
        .await
        .unwrap()
        .file
        .unwrap();
    let grant = office.grant(anna, file).await.unwrap();
    assert!(office.read(anna, &grant).await.unwrap() == body);
    assert_eq!(office.used().await, body.len() as u64);
}

async fn a_part_of_another_length_is_refused(world: World) {
    let office = Office::open(&world).await;
    let (files, anna) = (&office.files, office.anna());
    let upload = files.start_upload(anna, &input("part", 10)).await.unwrap();
    let parts = files.upload_parts(anna, upload.id, &[1]).await.unwrap();
    for length in [9, 11] {
        assert_eq!(
            office.send(&parts[0], vec![1; length]).await,
            403,
            "{length}"
        );
    }
    let state = files.get_upload(anna, upload.id).await.unwrap();
    assert!(state.received_parts.is_empty());
    for number in [0, 2] {
        let refused = code(files.upload_parts(anna, upload.id, &[number]).await);
        assert_eq!(refused, ErrorCode::InvalidInput);
    }
    let many: Vec<u32> = (1..=33).collect();
    let refused = problem(files.upload_parts(anna, upload.id, &many).await);
    assert_eq!(
        (refused.code, refused.limit),
        (ErrorCode::TooMany, Some(32))
    );
}

/// covers: MSG-08
async fn a_small_file_comes_in_one_request_and_twice_is_once(world: World) {
    let office = Office::open(&world).await;
    let anna = office.anna();
    let body = noise(2, 300_000);
    let first = office.put(anna, "small", &body).await.unwrap();
    assert_eq!(first.state, UploadState::Checking);
    let again = office.put(anna, "small", &body).await.unwrap();
    assert_eq!((again.id, again.state), (first.id, UploadState::Checking));
    assert_eq!(office.work(CHECK_JOB).await, 1);
    let again = office.put(anna, "small", &body).await.unwrap();
    let file = again.file.unwrap();
    assert_eq!(office.used().await, 300_000);
    let grant = office.grant(anna, file).await.unwrap();
    assert!(office.read(anna, &grant).await.unwrap() == body);
    let other = office.put(anna, "small", b"something else").await;
    assert_eq!(code(other), ErrorCode::NonceReused);
    assert_eq!(office.keys().await.len(), 1);
}

async fn a_body_of_another_length_is_no_file_and_can_be_sent_again(world: World) {
    let office = Office::open(&world).await;
    let (files, anna) = (&office.files, office.anna());
    let body = noise(3, 100_000);
    for wrong in [&body[..99_999], &noise(4, 100_001)[..]] {
        let put = files
            .put_small(anna, &input("short", 100_000), chunks(wrong))
            .await;
        assert_eq!(code(put), ErrorCode::SizeMismatch);
    }
    assert_eq!(office.work(CHECK_JOB).await, 0);
    assert_eq!(office.used().await, 100_000, "reserved for the next try");
    let file = office.file(anna, "short", &body).await;
    let grant = office.grant(anna, file).await.unwrap();
    assert!(office.read(anna, &grant).await.unwrap() == body);
}

async fn a_cancelled_upload_gives_its_bytes_back_and_takes_no_part(world: World) {
    let office = Office::open(&world).await;
    let (files, anna) = (&office.files, office.anna());
    let upload = files
        .start_upload(anna, &input("gone", 1_000))
        .await
        .unwrap();
    let part = files
        .upload_parts(anna, upload.id, &[1])
        .await
        .unwrap()
        .remove(0);
    assert_eq!(office.send(&part, vec![1; 1_000]).await, 200);
    for _ in 0..2 {
        let cancelled = files.cancel_upload(anna, upload.id).await.unwrap();
        assert_eq!(cancelled.state, UploadState::Cancelled);
    }
    assert_eq!(office.used().await, 0, "given back once");
    assert_eq!(office.work(tenancy_files::REMOVE_JOB).await, 1);
    assert_eq!(office.send(&part, vec![1; 1_000]).await, 404);
    let completed = files.complete_upload(anna, upload.id).await;
    assert_eq!(code(completed), ErrorCode::UploadEnded);
    let parts = files.upload_parts(anna, upload.id, &[1]).await;
    assert_eq!(code(parts), ErrorCode::UploadEnded);
    assert!(office.keys().await.is_empty());
    office.advance(TimeDelta::hours(1));
}

async fn a_strangers_upload_is_missing(world: World) {
    let office = Office::open(&world).await;
    let (files, bernd) = (&office.files, office.bernd());
    let upload = files
        .start_upload(office.anna(), &input("mine", 10))
        .await
        .unwrap();
    assert!(is_missing(files.get_upload(bernd, upload.id).await));
    assert!(is_missing(files.upload_parts(bernd, upload.id, &[1]).await));
    assert!(is_missing(files.complete_upload(bernd, upload.id).await));
    assert!(is_missing(files.cancel_upload(bernd, upload.id).await));
    let other = Office::open(&world).await;
    assert!(is_missing(
        other.files.get_upload(other.anna(), upload.id).await
    ));
    assert_eq!(office.used().await, 10);
}
