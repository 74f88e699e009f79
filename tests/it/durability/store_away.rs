//! The object store is stopped while files are at different steps: each waits with a clear word,
//! messages go on, and afterwards nothing has to be sent again that had arrived.

use hansa_tests::service::s3::S3;
use hansa_tests::{Browser, Column, Deployment, PATIENCE, Schema};
use serde_json::{Value, json};

use super::{Talk, send};

const PART_BYTES: usize = 8 << 20;
/// Two parts.
const FILE_BYTES: usize = PART_BYTES + 5_000;

both_columns! {
    /// covers: FIL-12
    files_at_any_step_wait_for_the_object_store_and_messages_go_on
}

async fn files_at_any_step_wait_for_the_object_store_and_messages_go_on(column: Column) {
    let mut store = S3::start().expect("Garage");
    let mut deployment = Deployment::start(column).await;
    for (name, value) in store.access().settings() {
        deployment.set(name, &value);
    }
    deployment.kill9();
    deployment.restart();
    let talk = Talk::start(&deployment.site).await;
    let (anna, conversation) = (&talk.people[0].browser, &talk.conversation);
    let (arrived, half) = (vec![1; FILE_BYTES], vec![2; FILE_BYTES]);
    let whole = begin(anna, "nonce-arrived", &arrived, &[1, 2]).await;
    let other = begin(anna, "nonce-half", &half, &[1]).await;
    let looked_at = anna.send_small("nonce-check", "check.txt", b"look").await;
    // Most likely in the middle of its check.
    store.stop();

    let looked_at = looked_at.body["upload"]["id"].as_str().map(str::to_owned);
    assert_eq!(complete(anna, &whole).await, "UNAVAILABLE");
    assert!(!anna.try_put_part(&other, 2, &half[PART_BYTES..]).await);
    let small = anna.send_small("nonce-small", "small.txt", b"later").await;
    let told = (
        small.status,
        &small.body["code"],
        &small.body["retryAfterS"],
    );
    assert_eq!(
        told,
        (503, &json!("UNAVAILABLE"), &json!(1)),
        "{}",
        small.body
    );
    let said = send(anna, conversation, "without-files").await;
    assert!(said.is_some(), "messages go on");

    store.restart().expect("Garage");
    assert_eq!(anna.upload(&whole).await["receivedParts"], json!([1, 2]));
    assert_eq!(complete(anna, &whole).await, "");
    assert_eq!(anna.upload(&other).await["receivedParts"], json!([1]));
    anna.put_part(&other, 2, &half[PART_BYTES..]).await;
    assert_eq!(complete(anna, &other).await, "");
    let small = anna.send_small("nonce-small", "small.txt", b"later").await;
    let small = small.body["upload"]["id"].as_str().map(str::to_owned);
    for (upload, bytes) in [
        (whole, &arrived[..]),
        (other, &half),
        (looked_at.expect("an upload"), b"look"),
        (small.expect("an upload"), b"later"),
    ] {
        // The object store away is a reason to try a check again, a little later each time.
        let upload = anna.checked_within(&upload, 3 * PATIENCE).await;
        let file = upload["file"]["id"].as_str();
        let file = file.unwrap_or_else(|| panic!("{upload}"));
        let path = anna.grant(file, "ORIGINAL", "ATTACHMENT").await;
        let (status, _, read) = anna.read(&path.expect("a grant"), &[]).await;
        assert_eq!(status, 200, "{upload}");
        assert!(read == bytes, "{upload}: other bytes came back");
    }
}

/// An upload of which some parts have arrived.
async fn begin(browser: &Browser, nonce: &str, bytes: &[u8], parts: &[u32]) -> String {
    let begun = browser
        .upload_start(nonce, "a.bin", bytes.len() as u64)
        .await;
    let id = begun["upload"]["id"].as_str().map(str::to_owned);
    let id = id.unwrap_or_else(|| panic!("{begun}"));
    for (number, part) in (1..).zip(bytes.chunks(PART_BYTES)) {
        if parts.contains(&number) {
            browser.put_part(&id, number, part).await;
        }
    }
    id
}

/// Asks to complete an upload; the code of the error, empty for none.
async fn complete(browser: &Browser, upload: &str) -> String {
    let query = "mutation($input: UploadCompleteInput!) { uploadComplete(input: $input) {
        problem { code } upload { state } } }";
    let asked = json!({ "input": { "id": upload } });
    let answer = browser.ask(Schema::Tenant, query, asked).await;
    let problem = &answer.body["data"]["uploadComplete"]["problem"];
    assert_eq!(*problem, Value::Null, "{}", answer.body);
    answer.code().unwrap_or_default().to_owned()
}
