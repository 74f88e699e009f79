//! Pictures of members and of the company.

use tenancy_files::{
    CHECK_JOB, PictureChoice, REMOVE_JOB, UploadStartInput, company_logo, media::picture::Crop,
};
use tenancy_model::{ErrorCode, FileId, FilePurpose, UploadState};
use tenancy_store::testing::World;

use crate::office::{Office, chunks, code, input, is_missing, png};

tenancy_store::testing::test_both_backends!(
    a_member_has_a_square_picture_that_colleagues_see,
    only_a_picture_becomes_an_avatar,
);

const CROP: Crop = Crop {
    x: 10,
    y: 0,
    size: 100,
};

async fn uploaded(office: &Office, nonce: &str, purpose: FilePurpose, body: &[u8]) -> FileId {
    let input = UploadStartInput {
        purpose,
        ..input(nonce, body.len() as u64)
    };
    let anna = office.anna();
    let upload = office
        .files
        .put_small(anna, &input, chunks(body))
        .await
        .unwrap();
    office.work(CHECK_JOB).await;
    office
        .files
        .get_upload(anna, upload.id)
        .await
        .unwrap()
        .file
        .unwrap()
}

/// covers: DIR-56
async fn a_member_has_a_square_picture_that_colleagues_see(world: World) {
    let office = Office::open(&world).await;
    let (files, anna) = (&office.files, office.anna());
    let mut old = None;
    for (n, width) in [200, 300].into_iter().enumerate() {
        let nonce = format!("avatar-{n}");
        let file = uploaded(&office, &nonce, FilePurpose::Avatar, &png(width, 120)).await;
        assert!(
            is_missing(files.open_avatar(anna, file).await.map(|_| ())),
            "not used yet"
        );
        let choice = PictureChoice { file, crop: CROP };
        let outside = PictureChoice {
            crop: Crop { size: 121, ..CROP },
            ..choice
        };
        let refused = files.set_avatar(anna, Some(&outside)).await;
        assert_eq!(code(refused), ErrorCode::InvalidInput);
        assert!(is_missing(
            files.set_avatar(office.bernd(), Some(&choice)).await
        ));
        let new = files
            .set_avatar(anna, Some(&choice))
            .await
            .unwrap()
            .unwrap();
        let seen = files.open_avatar(office.bernd(), new).await.unwrap();
        assert!(seen.inline && seen.size_bytes.unwrap() > 0);
        assert!(
            is_missing(files.set_avatar(anna, Some(&choice)).await),
            "used up"
        );
        assert_ne!(old, Some(new));
        old = Some(new);
    }
    office.work(REMOVE_JOB).await;
    assert_eq!(office.keys().await.len(), 1, "the one in use");
    assert_eq!(files.set_avatar(anna, None).await.unwrap(), None);
    assert!(is_missing(
        files.open_avatar(anna, old.unwrap()).await.map(|_| ())
    ));
    office.work(REMOVE_JOB).await;
    assert_eq!((office.keys().await.len(), office.used().await), (0, 0));
    assert_eq!(company_logo(anna).await.unwrap(), None);
    assert!(files.set_company_logo(anna, None).await.is_err());
}

async fn only_a_picture_becomes_an_avatar(world: World) {
    let office = Office::open(&world).await;
    let anna = office.anna();
    let input = UploadStartInput {
        purpose: FilePurpose::Avatar,
        ..input("words", 5)
    };
    let upload = office
        .files
        .put_small(anna, &input, chunks(b"words"))
        .await
        .unwrap();
    office.work(CHECK_JOB).await;
    let told = office.files.get_upload(anna, upload.id).await.unwrap();
    assert_eq!(told.state, UploadState::Refused);
    assert_eq!(told.refusal, Some(ErrorCode::PictureRequired));
    assert_eq!(office.used().await, 0);
}
