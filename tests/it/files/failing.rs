//! The object store is away: files wait with a clear word, messages go on. The server is killed in
//! the middle of an upload: the browser goes on where it stopped.

use std::sync::Arc;
use std::time::Duration;

use hansa_tests::{Column, Deployment, PATIENCE, Schema};
use kernel::SystemClock;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::Office;

both_columns! {
    without_the_object_store_files_wait_and_messages_go_on
    an_upload_goes_on_after_kill_9
}

/// A way to another server that can be cut, with everything that is under way on it.
struct Cuttable {
    address: String,
    open: watch::Sender<bool>,
}

impl Cuttable {
    async fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let (open, is_open) = watch::channel(true);
        let target = target.to_owned();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if *is_open.borrow() {
                    tokio::spawn(pass(near, target.clone(), is_open.clone()));
                }
            }
        });
        Self { address, open }
    }
}

async fn pass(mut near: TcpStream, target: String, mut is_open: watch::Receiver<bool>) {
    let Ok(mut far) = TcpStream::connect(target).await else {
        return;
    };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
        _ = is_open.wait_for(|open| !open) => {}
    }
}

/// Either column can keep its files in an S3 outside.
async fn without_the_object_store_files_wait_and_messages_go_on(column: Column) {
    let bucket = hansa_tests::service::s3::fresh_bucket().await.expect("S3");
    let mut s3 = bucket.config();
    let endpoint = s3.endpoint.clone().expect("an address");
    let way = Cuttable::to(endpoint.trim_start_matches("http://")).await;
    s3.endpoint = Some(format!("http://{}", way.address));
    s3.timeout_ms = 2_000;
    let change = |config: &mut api_server::RootConfig| config.s3 = s3;
    let office = Office::start_with(column, Arc::new(SystemClock), change).await;
    let (anna, bo) = (&office.anna.browser, &office.bo.browser);
    let file = office.sent_file("plan.txt", b"the plan").await;
    let url = bo
        .grant(&file, "ORIGINAL", "ATTACHMENT")
        .await
        .expect("a grant");
    way.open.send_replace(false);
    let small = anna.send_small("nonce-small", "later.txt", b"later").await;
    assert_eq!(
        (small.status, &small.body["code"]),
        (503, &json!("UNAVAILABLE")),
        "{}",
        small.body
    );
    let query = "mutation($input: UploadStartInput!) { uploadStart(input: $input) {
        problem { code } upload { id } } }";
    let input = json!({ "input": { "nonce": "nonce-parts", "name": "a.bin", "sizeBytes": 9 } });
    let parts = anna.ask(Schema::Tenant, query, input).await;
    assert_eq!(parts.code(), Some("UNAVAILABLE"), "{}", parts.body);
    assert_eq!(bo.read(&url, &[]).await.0, 503);
    let said = office
        .send(anna, "without-files", json!({ "text": "words go on" }))
        .await;
    assert_eq!(said["problem"], Value::Null, "{said}");
    // The same tries again, when it is back.
    way.open.send_replace(true);
    let small = anna.send_small("nonce-small", "later.txt", b"later").await;
    assert_eq!(small.body["problem"], Value::Null, "{}", small.body);
    let id = small.body["upload"]["id"].as_str().expect("an id");
    assert_eq!(anna.checked(id).await["state"], "READY");
    assert_eq!(bo.read(&url, &[]).await.0, 200);
    office.world.running.stop().await;
}

async fn an_upload_goes_on_after_kill_9(column: Column) {
    let mut server = Deployment::start(column).await;
    let company = server.site.company("killed").await;
    let anna = server
        .site
        .colleague(&company, "Anna", "anna")
        .await
        .browser;
    let whole: Vec<u8> = (0..9_000_000_u32)
        .map(|n| n.to_le_bytes()[n as usize % 3])
        .collect();
    let begun = anna
        .upload_start("nonce-parts", "large.bin", whole.len() as u64)
        .await;
    let upload = &begun["upload"];
    let id = upload["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{begun}"))
        .to_owned();
    let part = upload["partSizeBytes"].as_u64().expect("a size") as usize;
    assert_eq!(upload["partCount"], 2);
    anna.put_part(&id, 1, &whole[..part]).await;
    server.kill9();
    server.restart();
    // The browser asks what has arrived: by the id it knows, and by its nonce if it lost that too.
    assert_eq!(anna.upload(&id).await["receivedParts"], json!([1]));
    let again = anna
        .upload_start("nonce-parts", "large.bin", whole.len() as u64)
        .await;
    assert_eq!(again["upload"]["id"], json!(id), "{again}");
    let early = anna.upload_complete(&id).await;
    assert_eq!(early["problem"]["code"], "UPLOAD_INCOMPLETE", "{early}");
    anna.put_part(&id, 2, &whole[part..]).await;
    let done = anna.upload_complete(&id).await;
    assert_eq!(done["problem"], Value::Null, "{done}");
    // Killed while it is being checked, or right after.
    server.kill9();
    server.restart();
    // Its worker held it for a minute: only then another may know that it died.
    let held = Duration::from_secs(60);
    let checked = anna.checked_within(&id, held + PATIENCE).await;
    assert_eq!(checked["state"], "READY", "{checked}");
    let file = checked["file"]["id"].as_str().expect("a file");
    let url = anna
        .grant(file, "ORIGINAL", "ATTACHMENT")
        .await
        .expect("a grant");
    assert!(
        anna.read(&url, &[]).await.2 == whole,
        "other bytes came back"
    );
}
