//! A file becomes part of one message.

use tenancy_files::attach::{self, AttachState, FileUse, FolderUse, MessagePlace};
use tenancy_files::{CHECK_JOB, Disposition, Variant, files};
use tenancy_model::{FileId, FileKind, MessageId};
use tenancy_store::testing::World;

use crate::office::{Office, nobody, noise};

tenancy_store::testing::test_both_backends!(
    a_file_is_ready_when_it_is_checked_and_part_of_one_message,
    a_folder_is_one_message_and_one_zip,
);

/// covers: MSG-08
async fn a_file_is_ready_when_it_is_checked_and_part_of_one_message(world: World) {
    let office = Office::open(&world).await;
    let anna = office.anna();
    let upload = office.put(anna, "attach", b"words").await.unwrap();
    let file = FileId::from(upload.id.uuid());
    let look = async || {
        let tx = office.scene.begin().await;
        let found = attach::lock(&tx, &[file, nobody()]).await.unwrap();
        assert!(!found.contains_key(&nobody()));
        assert_eq!(Some(found[&file].owner), anna.actor.member());
        found[&file].clone()
    };
    assert_eq!(look().await.state, AttachState::NotReady);
    office.work(CHECK_JOB).await;
    let ready = look().await;
    assert_eq!(
        (ready.state, ready.facts.size_bytes),
        (AttachState::Ready, 5)
    );
    assert_eq!(ready.facts.name, upload.name);
    office.attach(file, 4).await;
    assert_eq!(look().await.state, AttachState::Attached);
}

/// covers: MSG-09
async fn a_folder_is_one_message_and_one_zip(world: World) {
    let office = Office::open(&world).await;
    let (anna, bernd) = (office.anna(), office.bernd());
    let place = MessagePlace {
        conversation: office.conversation(1, None).await,
        message: MessageId::new(&office.scene.clock, office.rng()),
        seq: 2,
        at: office.now(),
    };
    let folder = FileId::new(&office.scene.clock, office.rng());
    let mut uses = Vec::new();
    for (n, path) in ["a/one.bin", "b/二.bin", "../../etc/passwd"]
        .iter()
        .enumerate()
    {
        let file = office
            .file(anna, &format!("folder-{n}"), &noise(n as u64, 1_000))
            .await;
        uses.push(FileUse {
            file,
            place,
            folder: Some((folder, (*path).to_owned())),
        });
    }
    let made = FolderUse {
        folder,
        owner: anna.actor.member().unwrap(),
        name: "资料".to_owned(),
        size_bytes: 3_000,
        place,
    };
    let tx = office.scene.begin().await;
    attach::write(&tx, &uses, &[made]).await.unwrap();
    tx.commit().await.unwrap();
    let told = files(bernd, &[folder]).await.unwrap().remove(0).facts;
    assert_eq!((told.kind, told.files), (FileKind::Folder, Some(3)));
    let grant = office
        .grant_of(bernd, folder, Variant::Zip, Disposition::Attachment)
        .await;
    let grant = grant.unwrap().unwrap();
    let zip = office.read(bernd, &grant).await.unwrap();
    assert_eq!(&zip[..4], b"PK\x03\x04");
    let has = |text: &str| zip.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(has("b/二.bin") && has("etc/passwd") && !has("../"));
    let one = office.grant(bernd, uses[0].file).await.unwrap();
    assert!(office.read(bernd, &one).await.unwrap() == noise(0, 1_000));
    assert!(
        office.grant(bernd, folder).await.is_none(),
        "a folder is read as a zip"
    );
}
