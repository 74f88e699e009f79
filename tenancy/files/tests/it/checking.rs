//! What becomes of an upload when it is looked at.

use tenancy_files::{CHECK_JOB, Disposition, FilesConfig, REMOVE_JOB, Variant, files, states};
use tenancy_model::{ErrorCode, FileKind, FileState, UploadState};
use tenancy_store::testing::World;

use crate::office::{Office, noise, png};

tenancy_store::testing::test_both_backends!(
    equal_content_is_one_object_of_a_tenant_and_never_of_two,
    the_same_bytes_at_once_are_one_object,
    a_picture_is_encoded_anew_with_a_thumbnail,
    what_only_looks_like_a_picture_is_refused_and_leaves_nothing,
    without_the_antivirus_nothing_passes,
);

/// covers: FIL-12
async fn equal_content_is_one_object_of_a_tenant_and_never_of_two(world: World) {
    let (office, other) = (Office::open(&world).await, Office::open(&world).await);
    let body = noise(5, 50_000);
    let first = office.file(office.anna(), "first", &body).await;
    let second = office.file(office.bernd(), "second", &body).await;
    assert_ne!(first, second);
    assert_eq!(office.used().await, 50_000, "charged once");
    office.work(REMOVE_JOB).await;
    assert_eq!(office.keys().await.len(), 1);
    let theirs = other.file(other.anna(), "first", &body).await;
    assert_eq!((other.used().await, other.keys().await.len()), (50_000, 1));
    for (office, ctx, file) in [
        (&office, office.anna(), first),
        (&office, office.bernd(), second),
        (&other, other.anna(), theirs),
    ] {
        let grant = office.grant(ctx, file).await.unwrap();
        assert!(office.read(ctx, &grant).await.unwrap() == body);
    }
    assert!(
        office.grant(office.bernd(), first).await.is_none(),
        "not by its bytes"
    );
}

async fn the_same_bytes_at_once_are_one_object(world: World) {
    let office = Office::open(&world).await;
    let body = noise(6, 20_000);
    for n in 0..4 {
        office
            .put(office.anna(), &format!("same-{n}"), &body)
            .await
            .unwrap();
    }
    let jobs = office.jobs(CHECK_JOB).await;
    let runs = jobs.iter().map(|job| office.run(job));
    for run in futures::future::join_all(runs).await {
        run.unwrap();
    }
    assert_eq!(office.used().await, 20_000);
    office.work(REMOVE_JOB).await;
    assert_eq!(office.keys().await.len(), 1);
}

/// covers: MSG-07
async fn a_picture_is_encoded_anew_with_a_thumbnail(world: World) {
    let office = Office::open(&world).await;
    let anna = office.anna();
    let body = png(900, 700);
    let file = office.file(anna, "picture", &body).await;
    let told = files(anna, &[file]).await.unwrap().remove(0);
    let facts = told.facts;
    assert_eq!(
        (told.state, facts.kind),
        (FileState::Available, FileKind::Image)
    );
    assert_eq!((facts.width, facts.height), (Some(900), Some(700)));
    assert_eq!(facts.content_type.as_deref(), Some("image/png"));
    assert!(facts.blur.is_some());
    let small = office
        .grant_of(anna, file, Variant::Thumbnail, Disposition::Inline)
        .await;
    let small = small.unwrap().unwrap();
    let download = office.files.open_download(anna, &small).await.unwrap();
    assert!(download.inline && download.content_type.starts_with("image/"));
    let size = download.size_bytes.unwrap();
    let thumbnail = office.read(anna, &small).await.unwrap();
    assert_eq!(thumbnail.len() as u64, size);
    let whole = office
        .read(anna, &office.grant(anna, file).await.unwrap())
        .await
        .unwrap();
    assert_eq!(whole.len() as u64, facts.size_bytes);
    assert_eq!(office.used().await, (whole.len() + thumbnail.len()) as u64);
    assert_eq!(office.keys().await.len(), 3);
    office.work(REMOVE_JOB).await;
    assert_eq!(office.keys().await.len(), 2, "what was uploaded is gone");
    assert_eq!(
        states(anna, &[file]).await.unwrap()[&file],
        FileState::Available
    );
}

/// covers: MSG-07
async fn what_only_looks_like_a_picture_is_refused_and_leaves_nothing(world: World) {
    let config = FilesConfig {
        picture_megapixels_max: 1,
        ..FilesConfig::for_testing()
    };
    let office = Office::with(&world, config).await;
    let anna = office.anna();
    let mut broken = png(64, 64);
    broken.truncate(60);
    for (nonce, body, why) in [
        ("broken", broken, ErrorCode::PictureBroken),
        ("bomb", png(2_000, 1_000), ErrorCode::PictureTooLarge),
    ] {
        let upload = office.put(anna, nonce, &body).await.unwrap();
        office.work(CHECK_JOB).await;
        let told = office.files.get_upload(anna, upload.id).await.unwrap();
        assert_eq!(
            (told.state, told.refusal),
            (UploadState::Refused, Some(why))
        );
        assert_eq!((told.file, office.used().await), (None, 0));
    }
    office.work(REMOVE_JOB).await;
    assert!(office.keys().await.is_empty());
}

async fn without_the_antivirus_nothing_passes(world: World) {
    let config = FilesConfig {
        clamd: Some("127.0.0.1:1".to_owned()),
        ..FilesConfig::for_testing()
    };
    let office = Office::with(&world, config).await;
    let anna = office.anna();
    let upload = office.put(anna, "scanned", b"hello").await.unwrap();
    let jobs = office.jobs(CHECK_JOB).await;
    assert!(office.run(&jobs[0]).await.is_err(), "tried again later");
    let told = office.files.get_upload(anna, upload.id).await.unwrap();
    assert_eq!((told.state, told.file), (UploadState::Checking, None));
}
