//! People upload files and send them, and the server is killed at every step of it; the pages go on
//! where they stopped. Then every file is whole, in exactly one message, and the storage that is
//! counted is the storage that is taken.

use std::path::Path;
use std::time::Duration;

use hansa_tests::{Browser, Column, Company, Deployment, PATIENCE};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::Talk;
use super::uploader::{Step, Uploader};

/// A worker holds a check for so long: only then another may know that it died.
const HELD: Duration = Duration::from_secs(60);
/// Two parts of 8 MiB at most; a small file is sent in one request.
const LARGE_BYTES: usize = (8 << 20) + 100_000;
const SMALL_BYTES: usize = 4 << 20;
/// When the server is killed: so many milliseconds after a page of a large file came to a step.
const KILLS: [(Step, u64); 9] = [
    (Step::Started, 0),
    (Step::PartSent, 0),
    (Step::Completing, 0),
    (Step::Completing, 6),
    (Step::Completing, 12),
    (Step::Completing, 24),
    (Step::Complete, 0),
    (Step::Complete, 60),
    (Step::Sending, 3),
];
/// The same for a small file.
const SMALL_KILLS: [(Step, u64); 4] = [
    (Step::LastBytes, 20),
    (Step::LastBytes, 60),
    (Step::LastBytes, 120),
    (Step::Complete, 10),
];
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);

both_columns! {
    /// covers: FIL-12
    files_arrive_once_and_whole_whenever_the_server_is_killed
}

/// A file that somebody wants to arrive.
struct Sent {
    bytes: Vec<u8>,
    page: JoinHandle<String>,
}

async fn files_arrive_once_and_whole_whenever_the_server_is_killed(column: Column) {
    let mut deployment = Deployment::start(column).await;
    let company = deployment.site.company("uploads").await;
    let anna = deployment.site.colleague(&company, "Anna", "anna").await;
    let bo = deployment.site.colleague(&company, "Bo", "bo").await;
    let conversation = anna.browser.talk_to(&bo.member).await;
    let talk = Talk {
        conversation,
        people: [anna, bo],
    };
    let large = KILLS.map(|kill| (kill, false));
    let small = SMALL_KILLS.map(|kill| (kill, true));
    let mut files = Vec::new();
    for (n, ((step, millis), small)) in large.into_iter().chain(small).enumerate() {
        let (file, mut reached) = upload(&talk, n, small);
        files.push(file);
        // Those of before are still being checked; each may be anywhere.
        let there = timeout(HELD + PATIENCE, reached.wait_for(|at| *at >= step)).await;
        drop(there.expect("a page that goes on").expect("a page"));
        sleep(Duration::from_millis(millis)).await;
        deployment.kill9();
        deployment.restart();
    }
    let mut ids = Vec::new();
    for file in files {
        let id = timeout(HELD + PATIENCE, file.page).await;
        let id = id.expect("a message with the file").expect("a page");
        ids.push((id, file.bytes));
    }
    everything_is_sent_once(&talk, &ids).await;
    for (id, bytes) in &ids {
        is_whole(&talk.people[1].browser, id, bytes).await;
    }
    what_is_counted_is_there(&deployment, &company, &ids).await;
}

/// A page begins; how far it is.
fn upload(talk: &Talk, n: usize, small: bool) -> (Sent, watch::Receiver<Step>) {
    let size = if small { SMALL_BYTES } else { LARGE_BYTES };
    let bytes = noise(n, size);
    let (step, reached) = watch::channel(Step::Nothing);
    let page = Uploader {
        browser: talk.people[0].browser.clone(),
        conversation: talk.conversation.clone(),
        nonce: format!("upload-{n:04}"),
        bytes: bytes.clone(),
        small,
        step,
    };
    let page = tokio::spawn(page.run());
    (Sent { bytes, page }, reached)
}

/// Bytes that no other file has.
fn noise(n: usize, size: usize) -> Vec<u8> {
    let mut state = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    let mut bytes: Vec<u8> = words.take(size.div_ceil(8)).flatten().collect();
    bytes.truncate(size);
    bytes
}

/// The receiver sees each file in one message, and no other.
async fn everything_is_sent_once(talk: &Talk, ids: &[(String, Vec<u8>)]) {
    let query = "query($id: ID!) { conversation(id: $id) { entries(first: 50) {
        edges { node { attachments { id state } } } } } }";
    let asked = json!({ "id": talk.conversation });
    let found = talk.people[1].browser.gql(query, asked).await;
    let edges = found["conversation"]["entries"]["edges"].as_array();
    let attached = edges.expect("edges").iter().flat_map(|edge| {
        let files = edge["node"]["attachments"].as_array();
        files.expect("attachments").iter()
    });
    let mut there: Vec<&str> = attached
        .map(|file| {
            assert_eq!(file["state"], "AVAILABLE", "{file}");
            file["id"].as_str().expect("an id")
        })
        .collect();
    there.sort_unstable();
    let mut sent: Vec<&str> = ids.iter().map(|(id, _)| id.as_str()).collect();
    sent.sort_unstable();
    assert_eq!(there, sent);
}

async fn is_whole(reader: &Browser, file: &str, bytes: &[u8]) {
    let path = reader.grant(file, "ORIGINAL", "ATTACHMENT").await;
    let path = path.expect("an object behind the message");
    let (status, _, read) = reader.read(&path, &[]).await;
    assert_eq!(status, 200, "{file}");
    assert!(read == bytes, "{file}: other bytes came back");
}

/// The number that limits is what the files have, and what the object store holds. What tries
/// before had put is removed by jobs, which may have died too.
async fn what_is_counted_is_there(
    deployment: &Deployment,
    company: &Company,
    files: &[(String, Vec<u8>)],
) {
    let whole: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let query = "{ storageUsage { usedBytes fileCount } }";
    let usage = company.admin.browser.gql(query, json!({})).await;
    let usage = &usage["storageUsage"];
    assert_eq!(
        *usage,
        json!({ "usedBytes": whole, "fileCount": files.len() })
    );
    let until = Instant::now() + HELD + PATIENCE;
    loop {
        let stored = match &deployment.bucket {
            Some(bucket) => bucket.stored_bytes().await.expect("S3"),
            None => bytes_under(&deployment.data().join("blobs/files")),
        };
        if stored == whole as u64 {
            return;
        }
        let late = Instant::now() > until;
        assert!(!late, "{stored} bytes are there, and {whole} are counted");
        sleep(PAUSE).await;
    }
}

fn bytes_under(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let sizes = entries.map(|entry| {
        let entry = entry.expect("an entry");
        match entry.metadata() {
            Ok(about) if about.is_dir() => bytes_under(&entry.path()),
            // One that goes at this moment counts for nothing.
            about => about.map_or(0, |about| about.len()),
        }
    });
    sizes.sum()
}
