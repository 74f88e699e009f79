//! From the sender's POST to the receiver's socket, at a steady rate through the real server.
//! Floor: a message through a bare socket and back, plus a bare insert, at the same rate.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{SinkExt as _, StreamExt as _};
use hansa_tests::Column;
use parking_lot::Mutex;
use serde_json::json;
use tenancy_chat::{OpenDirectInput, open_direct};
use tokio::time::{interval, sleep};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    client::{self, Pass},
    deployment::{Ground, company, name_of},
    echo::Echo,
    figure::{Figure, percentile},
    insert,
};

const EACH_SECOND: u32 = 50;
const LASTS: Duration = Duration::from_secs(20);
/// Messages that are sent before and not counted.
const WARM_UP: usize = 100;
const FLOOR_LASTS: Duration = Duration::from_secs(10);
/// Enough that nobody sends more often than the product allows.
const PAIRS: usize = 10;
/// After it, a message that did not come is lost.
const LOST_AFTER: Duration = Duration::from_secs(5);
const SEND: &str = "mutation($input: MessageSendInput!) { messageSend(input: $input) { \
                    problem { code } entry { id seq } } }";

/// When a message that nobody has heard yet was sent, by its nonce.
type Sent = Arc<Mutex<HashMap<String, Instant>>>;
type Waits = Arc<Mutex<Vec<Duration>>>;

/// Prints the figures of a column.
pub(crate) async fn measure(column: Column) {
    let ground = Ground::new(column).await;
    let mut waits = deliveries(&ground).await;
    let mut echo = echoes().await;
    let mut inserts = insert::waits(&ground, EACH_SECOND, FLOOR_LASTS).await;
    for percent in [50, 99] {
        let (echo, insert) = (
            percentile(&mut echo, percent),
            percentile(&mut inserts, percent),
        );
        Figure {
            name: format!("delivery.p{percent}.{}", name_of(column)),
            value: percentile(&mut waits, percent),
            unit: "ms",
            floor: echo + insert,
            beside: vec![
                ("floor_echo", format!("{echo:.3}")),
                ("floor_insert", format!("{insert:.3}")),
                ("messages", waits.len().to_string()),
            ],
        }
        .print();
    }
}

/// Somebody's way to say something: cookies and a conversation.
struct Sender {
    http: reqwest::Client,
    base: String,
    pass: Pass,
    conversation: String,
}

impl Sender {
    async fn say(&self, nonce: &str) {
        let input = json!({ "conversationId": self.conversation, "nonce": nonce,
            "text": "What a page sends at fifty a second" });
        let request = self.http.post(format!("{}{}", self.base, client::PATH));
        let response = request
            .header("Origin", &self.base)
            .header("Sec-Fetch-Site", "same-origin")
            .header("Hansa-Tenant", &self.pass.tenant)
            .header("Hansa-Surface", "member")
            .header("Cookie", self.pass.cookie())
            .json(&json!({ "query": SEND, "variables": { "input": input } }))
            .send();
        let text = response.await.expect("a server").text().await;
        let text = text.expect("a body");
        assert!(text.contains("\"seq\""), "refused: {text}");
    }
}

async fn deliveries(ground: &Ground) -> Vec<Duration> {
    let running = ground.start().await;
    let base = format!("http://{}", running.address());
    let people = company(&running.parts().gateway, 2 * PAIRS).await;
    let http = reqwest::Client::builder().no_proxy().build();
    let http = http.expect("a client");
    let (sent, waits) = (Sent::default(), Waits::default());
    let mut senders = Vec::new();
    let mut receivers = Vec::new();
    for pair in people.chunks_exact(2) {
        let [from, to] = pair else { continue };
        let member = to.context.require_member().expect("a member");
        let opened = open_direct(&from.context, &OpenDirectInput { member }).await;
        let stream = client::open(&base, &Pass::of(to)).await;
        receivers.push(tokio::spawn(hear(stream, sent.clone(), waits.clone())));
        senders.push(Arc::new(Sender {
            http: http.clone(),
            base: base.clone(),
            pass: Pass::of(from),
            conversation: opened.expect("a conversation").id.to_string(),
        }));
    }
    say_steadily(&senders, &sent).await;
    let gone = Instant::now();
    while !sent.lock().is_empty() {
        assert!(gone.elapsed() < LOST_AFTER, "messages were lost");
        sleep(Duration::from_millis(10)).await;
    }
    receivers.iter().for_each(tokio::task::JoinHandle::abort);
    running.stop().await;
    std::mem::take(&mut *waits.lock()).split_off(WARM_UP)
}

/// A message each tick, whether or not earlier ones have arrived.
async fn say_steadily(senders: &[Arc<Sender>], sent: &Sent) {
    let mut ticks = interval(Duration::from_secs(1) / EACH_SECOND);
    let count = WARM_UP + LASTS.as_secs() as usize * EACH_SECOND as usize;
    for (n, sender) in (0..count).zip(senders.iter().cycle()) {
        ticks.tick().await;
        let (nonce, sender) = (format!("nonce-{n:06}"), sender.clone());
        sent.lock().insert(nonce.clone(), Instant::now());
        tokio::spawn(async move { sender.say(&nonce).await });
    }
}

async fn hear(mut stream: client::Stream, sent: Sent, waits: Waits) {
    while let Some(event) = client::event(&mut stream).await {
        let nonce = event["nonce"].as_str().unwrap_or_default();
        if let Some(began) = sent.lock().remove(nonce) {
            waits.lock().push(began.elapsed());
        }
    }
}

async fn echoes() -> Vec<Duration> {
    let echo = Echo::start();
    let mut stream = client::connect(&echo.base, "").await;
    let mut ticks = interval(Duration::from_secs(1) / EACH_SECOND);
    let began = Instant::now();
    let mut waits = Vec::new();
    while began.elapsed() < FLOOR_LASTS {
        ticks.tick().await;
        let sent = Instant::now();
        let message = Message::text("What a page sends at fifty a second");
        stream.send(message).await.expect("a live socket");
        let heard = stream.next().await.expect("an echo");
        heard.expect("an echo");
        waits.push(sent.elapsed());
    }
    drop(stream);
    echo.stop().await;
    waits
}
