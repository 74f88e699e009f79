//! SIGTERM under load: what was taken is answered, sockets are told, the process ends well, and the
//! next one goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hansa_tests::service::{postgres, redis::Redis};
use hansa_tests::{Browser, Column, PATIENCE, Socket};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use super::binary::Binary;
use super::{SEND, Talk};

/// Clients that send one message after the other, each over a connection that it keeps.
const SENDERS: usize = 8;
/// Answers after which the server is asked to stop.
const ENOUGH: u32 = 40;
const SOCKETS: usize = 5;

both_columns! {
    a_stop_under_load_drops_nothing_that_was_taken
}

async fn a_stop_under_load_drops_nothing_that_was_taken(column: Column) {
    let (database, redis) = match column {
        Column::Embedded => (None, None),
        Column::Scaled => (
            Some(postgres::fresh_database().await.expect("PostgreSQL")),
            Some(Redis::start().expect("Redis")),
        ),
    };
    let url = redis.as_ref().map(Redis::url);
    let scaled = database.as_ref().zip(url.as_deref());
    let drain = [("HANSA_HTTP_SOCKET_DRAIN_MS", "500")];
    let mut server = Binary::start(scaled, &drain).await;
    let talk = Arc::new(Talk::start(&server.site, "stopping").await);
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        sockets.push(Socket::open(&talk.bo.browser).await);
    }
    let load = Load::default();
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| tokio::spawn(load.clone().send_until_the_end(talk.clone(), sender)))
        .collect();
    let enough = tokio::time::timeout(PATIENCE, load.answers.acquire_many(ENOUGH)).await;
    enough.expect("answers in time").expect("answers").forget();
    server.terminate().await;

    for socket in &mut sockets {
        assert_eq!(socket.until_closed().await.0, 1001);
    }
    for sender in senders {
        sender
            .await
            .expect("every request that was taken is answered");
    }
    let status = server.ended().await;
    assert!(status.success(), "{status}: {}", server.log());
    let last = load.last.load(Ordering::SeqCst);
    assert!(last > 0, "connections end with an answer that says so");

    server.start_again().await;
    let query = "query($id: ID!) { conversation(id: $id) { headSeq } }";
    let id = json!({ "id": talk.conversation });
    let there = talk.anna.browser.gql(query, id).await;
    let kept = load.kept.load(Ordering::SeqCst);
    // The first entry is the opening of the conversation.
    assert_eq!(there["conversation"]["headSeq"], json!(kept + 1));
}

/// What the senders were answered.
#[derive(Clone)]
struct Load {
    answers: Arc<Semaphore>,
    kept: Arc<AtomicUsize>,
    last: Arc<AtomicUsize>,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            answers: Arc::new(Semaphore::new(0)),
            kept: Arc::default(),
            last: Arc::default(),
        }
    }
}

impl Load {
    /// Sends until nobody listens any more.
    async fn send_until_the_end(self, talk: Arc<Talk>, sender: usize) {
        let browser = &talk.anna.browser;
        let address = browser.base.trim_start_matches("http://");
        let mut n = 0;
        while let Ok(stream) = TcpStream::connect(address).await {
            let mut stream = BufReader::new(stream);
            loop {
                n += 1;
                let nonce = format!("nonce-{sender}-{n}");
                let body = json!({ "query": SEND, "variables": talk.message(&nonce, &nonce) });
                let Some(answer) = post(&mut stream, browser, &body.to_string()).await else {
                    break;
                };
                let kept = answer.body["data"]["messageSend"]["entry"].is_object();
                let limited = answer.body["errors"][0]["extensions"]["code"] == "RATE_LIMITED";
                assert!(kept || limited, "{}", answer.body);
                self.kept.fetch_add(usize::from(kept), Ordering::SeqCst);
                self.last
                    .fetch_add(usize::from(answer.last), Ordering::SeqCst);
                self.answers.add_permits(1);
                if answer.last {
                    break;
                }
            }
        }
    }
}

/// What came back.
struct Answer {
    /// Whether the server said that it is the connection's last.
    last: bool,
    body: Value,
}

/// Sends one request, its body only when the server said that it took the request: from then on
/// there must be an answer. `None` when it was not taken.
async fn post(stream: &mut BufReader<TcpStream>, browser: &Browser, body: &str) -> Option<Answer> {
    let (base, cookies) = (&browser.base, browser.cookie_header());
    let tenant = browser.tenant().expect("a tenant");
    let host = base.trim_start_matches("http://");
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {host}\r\norigin: {base}\r\ncookie: {cookies}\r\n\
         hansa-tenant: {tenant}\r\ncontent-type: application/json\r\nexpect: 100-continue\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    let taken = head_of(stream).await?;
    assert!(taken[0].starts_with("HTTP/1.1 100"), "{taken:?}");
    stream
        .write_all(body.as_bytes())
        .await
        .expect("the body of a request that was taken");
    let head = head_of(stream)
        .await
        .expect("the answer to a request that was taken");
    let length = head
        .iter()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length = length.and_then(|text| text.parse().ok()).expect("a length");
    let mut body = vec![0; length];
    stream
        .read_exact(&mut body)
        .await
        .expect("the whole answer");
    Some(Answer {
        last: head.iter().any(|line| line == "connection: close"),
        body: serde_json::from_slice(&body).expect("JSON"),
    })
}

/// The lines of a head; `None` when the connection ends before the first.
async fn head_of(stream: &mut BufReader<TcpStream>) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        let read = stream.read_line(&mut line).await.unwrap_or(0);
        match line.trim_end() {
            "" if read > 0 => return Some(lines),
            _ if read == 0 => {
                assert!(lines.is_empty(), "cut off after {lines:?}");
                return None;
            }
            text => lines.push(text.to_owned()),
        }
    }
}
