//! A process that dies at some step: the next one goes on, and nothing is counted or kept twice.

use std::time::Duration;

use tenancy_files::{CHECK_JOB, REMOVE_JOB};
use tenancy_model::{ErrorCode, UploadState};
use tenancy_store::testing::World;

use crate::office::{Office, chunks, code, input, noise, png};

tenancy_store::testing::test_both_backends!(
    a_check_that_dies_at_any_moment_is_done_by_the_next,
    a_request_that_dies_at_any_moment_can_be_made_again,
    a_completed_object_whose_caller_died_is_found_again,
);

/// Lets a future live for a while and drops it where it stands.
async fn die_after<F: Future>(work: F, polls: usize) -> Option<F::Output> {
    let mut work = std::pin::pin!(work);
    for _ in 0..polls {
        if let Ok(done) = tokio::time::timeout(Duration::ZERO, &mut work).await {
            return Some(done);
        }
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    None
}

async fn a_check_that_dies_at_any_moment_is_done_by_the_next(world: World) {
    let office = Office::open(&world).await;
    let anna = office.anna();
    let mut died = 0;
    for n in 0..24_usize {
        let body = png(40 + u32::try_from(n).unwrap(), 30);
        let upload = office
            .put(anna, &format!("check-{n}"), &body)
            .await
            .unwrap();
        let jobs = office.jobs(CHECK_JOB).await;
        let job = jobs.last().unwrap();
        died += usize::from(die_after(office.run(job), 1 + n * n / 4).await.is_none());
        office.work(CHECK_JOB).await;
        let told = office.files.get_upload(anna, upload.id).await.unwrap();
        assert_eq!(told.state, UploadState::Ready, "{n}");
        let grant = office.grant(anna, told.file.unwrap()).await.unwrap();
        let read = office.read(anna, &grant).await.unwrap();
        assert!(read.starts_with(b"\x89PNG"));
    }
    assert!(died > 0, "none of them died");
    office.work(REMOVE_JOB).await;
    let keys = office.keys().await;
    assert_eq!(keys.len(), 48, "each has its picture and its thumbnail");
    let mut stored = 0;
    for key in keys {
        stored += office.blobs.head(&key).await.unwrap().size_bytes;
    }
    assert_eq!(office.used().await, stored);
}

async fn a_request_that_dies_at_any_moment_can_be_made_again(world: World) {
    let office = Office::open(&world).await;
    let anna = office.anna();
    for n in 0..16_usize {
        let (nonce, body) = (format!("request-{n}"), noise(n as u64, 70_000));
        let start = input(&nonce, 70_000);
        let put = office.files.put_small(anna, &start, chunks(&body));
        die_after(put, 1 + n * 2).await;
        let file = office.file(anna, &nonce, &body).await;
        let grant = office.grant(anna, file).await.unwrap();
        assert!(office.read(anna, &grant).await.unwrap() == body, "{n}");
    }
    assert_eq!(office.used().await, 16 * 70_000);
}

async fn a_completed_object_whose_caller_died_is_found_again(world: World) {
    let office = Office::open(&world).await;
    let (files, anna) = (&office.files, office.anna());
    for n in 0..12_usize {
        let nonce = format!("complete-{n}");
        let upload = files.start_upload(anna, &input(&nonce, 9)).await.unwrap();
        let part = files
            .upload_parts(anna, upload.id, &[1])
            .await
            .unwrap()
            .remove(0);
        assert_eq!(
            office
                .send(&part, format!("bytes-{n:03}").into_bytes())
                .await,
            200
        );
        die_after(files.complete_upload(anna, upload.id), 1 + n * 2).await;
        // What has arrived is never asked for again, joined or not.
        let told = files.get_upload(anna, upload.id).await.unwrap();
        if told.state == UploadState::Receiving {
            assert_eq!(told.received_parts, [1], "{n}");
        }
        let done = files.complete_upload(anna, upload.id).await.unwrap();
        assert_eq!(done.state, UploadState::Checking, "{n}");
    }
    assert_eq!(office.work(CHECK_JOB).await, 12);
    assert_eq!(office.used().await, 108);
    let empty = files.start_upload(anna, &input("empty", 9)).await.unwrap();
    let refused = files.complete_upload(anna, empty.id).await;
    assert_eq!(code(refused), ErrorCode::UploadIncomplete);
}
