//! From the sender's socket to the receiver's, as the web client sends, at a steady rate through
//! the real server. Floor: a message through a bare socket and back, plus a bare insert, at that
//! rate.

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
    client::{self, EVENTS_ID, Pass, Socket, Voice},
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

/// Somebody's way to say something: their page's socket, and a conversation.
struct Sender {
    voice: Voice,
    conversation: String,
}

impl Sender {
    async fn say(&self, nonce: &str) {
        let input = json!({ "conversationId": self.conversation, "nonce": nonce,
            "text": "What a page sends at fifty a second" });
        let payload = json!({ "query": SEND, "variables": { "input": input } });
        let subscribe = json!({ "id": nonce, "type": "subscribe", "payload": payload });
        self.voice.say(&subscribe).await;
    }
}

async fn deliveries(ground: &Ground) -> Vec<Duration> {
    let running = ground.start().await;
    let base = format!("http://{}", running.address());
    let people = company(&running.parts().gateway, 2 * PAIRS).await;
    let (sent, waits) = (Sent::default(), Waits::default());
    let mut senders = Vec::new();
    let mut tasks = Vec::new();
    for pair in people.chunks_exact(2) {
        let [from, to] = pair else { continue };
        let member = to.context.require_member().expect("a member");
        let opened = open_direct(&from.context, &OpenDirectInput { member }).await;
        let receiver = Socket::open(&base, &Pass::of(to)).await;
        tasks.push(tokio::spawn(hear(receiver, sent.clone(), waits.clone())));
        let sender = Socket::open(&base, &Pass::of(from)).await;
        senders.push(Sender {
            voice: sender.voice.clone(),
            conversation: opened.expect("a conversation").id.to_string(),
        });
        tasks.push(tokio::spawn(acknowledged(sender)));
    }
    say_steadily(&senders, &sent).await;
    let gone = Instant::now();
    while !sent.lock().is_empty() {
        assert!(gone.elapsed() < LOST_AFTER, "messages were lost");
        sleep(Duration::from_millis(10)).await;
    }
    for task in &tasks {
        assert!(!task.is_finished(), "the server closed a socket");
        task.abort();
    }
    running.stop().await;
    std::mem::take(&mut *waits.lock()).split_off(WARM_UP)
}

/// A message each tick, whether or not earlier ones have arrived.
async fn say_steadily(senders: &[Sender], sent: &Sent) {
    let mut ticks = interval(Duration::from_secs(1) / EACH_SECOND);
    let count = WARM_UP + LASTS.as_secs() as usize * EACH_SECOND as usize;
    for (n, sender) in (0..count).zip(senders.iter().cycle()) {
        ticks.tick().await;
        let nonce = format!("nonce-{n:06}");
        sent.lock().insert(nonce.clone(), Instant::now());
        // By the same thread that took the time, as the floor is said: it waits for no answer.
        sender.say(&nonce).await;
    }
}

async fn hear(mut socket: Socket, sent: Sent, waits: Waits) {
    while let Some((_, data)) = socket.next().await {
        let nonce = data["events"]["nonce"].as_str().unwrap_or_default();
        if let Some(began) = sent.lock().remove(nonce) {
            waits.lock().push(began.elapsed());
        }
    }
}

/// Every answer that is no event has to be an entry of the log.
async fn acknowledged(mut socket: Socket) {
    while let Some((id, data)) = socket.next().await {
        let kept = id == EVENTS_ID || data["messageSend"]["entry"]["seq"].is_number();
        assert!(kept, "refused: {data}");
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
