//! Every limit refuses with its own name, and names itself and what is used.

use std::sync::Arc;

use hansa_tests::{Browser, Column};
use kernel::SystemClock;
use serde_json::{Value, json};

use super::{Office, told};

both_columns! {
    /// covers: FIL-02, FIL-03
    a_refusal_names_the_limit_and_the_usage
    a_full_storage_refuses_by_the_number_it_shows
    a_look_only_company_gives_nothing_to_keep
}

const GIB: u64 = 1024 * 1024 * 1024;

async fn set_policy(admin: &Browser, input: Value) {
    let query = "mutation($input: FilePolicyUpdateInput!) { filePolicyUpdate(input: $input) {
        problem { code } policy { fileBytesMax largeFiles } } }";
    let set = admin.gql(query, json!({ "input": input })).await;
    assert_eq!(set["filePolicyUpdate"]["problem"], Value::Null, "{set}");
}

async fn a_refusal_names_the_limit_and_the_usage(column: Column) {
    let office = Office::start_with(column, Arc::new(SystemClock), |config| {
        config.files.upload_mib_an_hour_max = 1;
    })
    .await;
    let (admin, anna) = (&office.company.admin.browser, &office.anna.browser);
    let empty = anna.upload_start("nonce-empty", "a.txt", 0).await;
    assert_eq!(told(&empty).0, "FILE_EMPTY");
    set_policy(
        admin,
        json!({ "fileBytesMax": 100, "largeFileBytesMax": 200 }),
    )
    .await;
    let start = async |nonce: &str, size: u64| anna.upload_start(nonce, "a.txt", size).await;
    assert_eq!(
        told(&start("nonce-101", 101).await),
        ("LARGE_FILES_OFF", 100, 101)
    );
    assert_eq!(
        told(&start("nonce-201", 201).await),
        ("FILE_TOO_LARGE", 100, 201)
    );
    set_policy(admin, json!({ "largeFiles": true })).await;
    assert_eq!(
        told(&start("nonce-201", 201).await),
        ("FILE_TOO_LARGE", 200, 201)
    );
    let in_parts = start("nonce-101", 101).await;
    assert_eq!(in_parts["problem"], Value::Null, "{in_parts}");
    // A file in one request is held to the same, and told in the same words.
    let small = anna.send_small("nonce-small", "a.txt", &[b'a'; 201]).await;
    assert_eq!(
        told(&small.body),
        ("FILE_TOO_LARGE", 200, 201),
        "{}",
        small.body
    );
    assert_eq!(small.body["problem"]["field"], "sizeBytes");
    // What a member starts within an hour is added up.
    set_policy(admin, json!({ "fileBytesMax": GIB })).await;
    let much = start("nonce-much", 1024 * 1024).await;
    assert_eq!(told(&much), ("UPLOAD_RATE", 1024 * 1024, 101));
    assert!(
        much["problem"]["retryAfterS"].as_u64() > Some(3_000),
        "{much}"
    );
    // The whole body is taken off the line, so that the page hears why.
    let large = vec![7; 3 * 1024 * 1024];
    let small = anna.send_small("nonce-large", "a.bin", &large).await;
    assert_eq!(told(&small.body), ("UPLOAD_RATE", 1024 * 1024, 101));
    let not_admin = "mutation { filePolicyUpdate(input: {}) { problem { code } } }";
    let refused = anna
        .ask(hansa_tests::Schema::Tenant, not_admin, json!({}))
        .await;
    assert_eq!(refused.code(), Some("FORBIDDEN"));
    office.world.running.stop().await;
}

async fn a_full_storage_refuses_by_the_number_it_shows(column: Column) {
    let office = Office::start_with(column, Arc::new(SystemClock), |config| {
        config.files.upload_mib_an_hour_max = 1_000_000;
    })
    .await;
    let (admin, anna) = (&office.company.admin.browser, &office.anna.browser);
    set_policy(admin, json!({ "fileBytesMax": 5 * GIB })).await;
    let usage = async || {
        let query = "{ storageUsage { usedBytes limitBytes fileCount } }";
        admin.gql(query, json!({})).await["storageUsage"].clone()
    };
    assert_eq!(
        usage().await,
        json!({ "usedBytes": 0, "limitBytes": 10 * GIB, "fileCount": 0 })
    );
    let first = anna.upload_start("nonce-first", "a.bin", 4 * GIB).await;
    anna.upload_start("nonce-second", "b.bin", 4 * GIB).await;
    let full = anna.upload_start("nonce-third", "c.bin", 4 * GIB).await;
    assert_eq!(told(&full), ("STORAGE_FULL", 10 * GIB, 8 * GIB));
    let small = anna.send_small("nonce-small", "a.txt", b"small").await;
    assert_eq!(small.body["problem"], Value::Null, "what fits is taken");
    anna.checked(small.body["upload"]["id"].as_str().expect("an id"))
        .await;
    assert_eq!(usage().await["usedBytes"], 8 * GIB + 5);
    let cancel = "mutation($input: UploadCancelInput!) { uploadCancel(input: $input) {
        problem { code } upload { state } } }";
    let id = &first["upload"]["id"];
    let cancelled = anna.gql(cancel, json!({ "input": { "id": id } })).await;
    assert_eq!(
        cancelled["uploadCancel"]["upload"]["state"], "CANCELLED",
        "{cancelled}"
    );
    assert_eq!(usage().await["usedBytes"], 4 * GIB + 5);
    let third = anna.upload_start("nonce-third", "c.bin", 4 * GIB).await;
    assert_eq!(third["problem"], Value::Null, "{third}");
    office.world.running.stop().await;
}

async fn a_look_only_company_gives_nothing_to_keep(column: Column) {
    let office = Office::start(column).await;
    let bo = &office.bo.browser;
    let text = office.sent_file("plan.txt", b"the plan").await;
    let picture = office.sent_file("site.png", super::PICTURE).await;
    let kept = bo
        .grant(&text, "ORIGINAL", "ATTACHMENT")
        .await
        .expect("a grant");
    set_policy(
        &office.company.admin.browser,
        json!({ "previewOnly": true }),
    )
    .await;
    // Also what was granted before.
    assert_eq!(bo.read(&kept, &[]).await.0, 404);
    let query = "query($input: FileGrantsInput!) { fileGrants(input: $input) {
        problem { code } grants { url } } }";
    for (file, disposition) in [
        (&text, "ATTACHMENT"),
        (&text, "INLINE"),
        (&picture, "ATTACHMENT"),
    ] {
        let input = json!({ "fileIds": [file], "disposition": disposition });
        let refused = bo.gql(query, json!({ "input": input })).await;
        assert_eq!(told(&refused["fileGrants"]).0, "DOWNLOAD_OFF", "{refused}");
    }
    let shown = bo
        .grant(&picture, "ORIGINAL", "INLINE")
        .await
        .expect("a grant");
    assert_eq!(bo.read(&shown, &[]).await.0, 200);
    office.world.running.stop().await;
}
