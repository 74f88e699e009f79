//! Live sockets when something goes wrong: a session is revoked, a reader does not read, Redis
//! dies.

use std::sync::Arc;

use futures::SinkExt as _;
use hansa_tests::{Browser, Column, EVENTS, Heard, PATIENCE, Socket, World};
use kernel::SystemClock;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Message, http::HeaderValue};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::Talk;
use super::pair::{NEVER_MS, Pair};

/// How often the second process of a pair looks for itself.
const SOON_MS: u64 = 300;
/// What the kernel keeps for a reader that does not read, on this machine or a larger one.
const KERNEL_BYTES_MAX: usize = 8 * 1024 * 1024;

both_columns! {
    /// covers: SEC-28
    a_revocation_closes_the_socket_by_its_event_alone
}

async fn a_revocation_closes_the_socket_by_its_event_alone(column: Column) {
    let world = World::start_with(column, Arc::new(SystemClock), |config| {
        config.http.socket.reauthenticate_ms = NEVER_MS;
        config.http.socket.idle_ms = NEVER_MS;
    })
    .await;
    let talk = Talk::start(&world, "revoked").await;
    let mut anna = Socket::open(&talk.anna.browser).await;
    talk.revoke(&talk.company.admin.browser, &talk.anna).await;
    assert_eq!(anna.until_closed().await.0, 4403);
}

/// covers: SEC-28
#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_reaches_the_other_process_with_and_without_the_bus() {
    let mut pair = Pair::start(|place, config| {
        config.http.socket.reauthenticate_ms = [NEVER_MS, SOON_MS][place];
    })
    .await;
    let talk = Talk::start(&pair.first, "elsewhere").await;
    let admin = &talk.company.admin.browser;
    // The event comes from the other process; the first never looks for itself.
    let mut anna = Socket::open(&talk.anna.browser).await;
    talk.revoke(&pair.at_second(admin), &talk.anna).await;
    assert_eq!(anna.until_closed().await.0, 4403);

    pair.redis.kill9();
    let mut bo = Socket::open(&pair.at_second(&talk.bo.browser)).await;
    talk.revoke(admin, &talk.bo).await;
    assert_eq!(bo.until_closed().await.0, 4403);
}

/// covers: MSG-05
#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_at_one_process_is_heard_at_the_other_even_while_redis_is_dead() {
    let mut pair = Pair::start(|place, config| {
        config.http.fanout.head_check_ms = [NEVER_MS, SOON_MS][place];
    })
    .await;
    let talk = Talk::start(&pair.first, "fanout").await;
    let anna = &talk.anna.browser;
    let mut here = Socket::open(&talk.bo.browser).await;
    let mut there = Socket::open(&pair.at_second(&talk.bo.browser)).await;
    let mut own = Socket::open(&pair.at_second(anna)).await;
    talk.send(anna, "while all is well").await;
    for socket in [&mut here, &mut there, &mut own] {
        until_text(socket, "while all is well").await;
    }

    pair.redis.kill9();
    talk.send(anna, "at the first").await;
    // Its own process tells it at once. Nothing else is sent, and the other one finds it by
    // comparing heads.
    until_text(&mut here, "at the first").await;
    until_text(&mut there, "at the first").await;
    talk.send(&pair.at_second(anna), "at the second").await;
    until_text(&mut there, "at the second").await;
    // The first process never compares, except for when the bus is back.
    pair.redis.restart().expect("Redis");
    until_text(&mut here, "at the second").await;

    talk.send(&pair.at_second(anna), "after all").await;
    for socket in [&mut here, &mut there] {
        until_text(socket, "after all").await;
    }
}

async fn until_text(socket: &mut Socket, text: &str) {
    while socket.hear_type("MessageEvent").await["text"] != text {}
}

/// A reader that never reads is given up when as much waits as is allowed, not when it is silent or
/// stalled; a reader beside it that does read notices nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_does_not_read_is_closed_and_not_buffered_without_end() {
    let queue_bytes = 256 * 1024;
    let world = World::start_with(Column::Embedded, Arc::new(SystemClock), |config| {
        config.http.graphql.body_bytes_max = 256 * 1024;
        let socket = &mut config.http.socket;
        socket.queue_bytes_max = queue_bytes;
        socket.subscriptions_max = 8;
        socket.idle_ms = NEVER_MS;
        socket.stalled_ms = NEVER_MS;
        socket.reauthenticate_ms = NEVER_MS;
    })
    .await;
    let talk = Talk::start(&world, "slow").await;
    let mut bo = Socket::open(&talk.bo.browser).await;
    let slow = deaf(&talk.anna.browser, 8).await;
    presence(&mut bo, &talk.anna.member, true).await;

    let text = "字".repeat(9_900);
    let (mut sent, mut given_up) = (0_usize, false);
    while !given_up {
        assert!(
            sent * 8 * text.len() < 4 * KERNEL_BYTES_MAX,
            "it is never given up"
        );
        sent += 1;
        talk.send(&talk.bo.browser, &format!("{sent:08}{text}"))
            .await;
        given_up = hears_own(&mut bo, &talk.anna.member).await;
    }
    // What it had coming is thrown away: it reads no more than the kernel had.
    let read = rest(slow).await;
    assert!(read < KERNEL_BYTES_MAX + 2 * queue_bytes, "{read}");
    talk.send(&talk.bo.browser, "goes on").await;
    until_text(&mut bo, "goes on").await;
}

/// A socket of the member's with `count` subscriptions and the smallest buffer, which nobody reads.
async fn deaf(browser: &Browser, count: usize) -> WebSocketStream<TcpStream> {
    let address = browser.base.trim_start_matches("http://");
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4 * 1024).expect("a buffer");
    let address = address.parse().expect("an address");
    let stream = socket.connect(address).await.expect("a connection");
    let url = format!("ws://{address}/graphql");
    let mut request = url.into_client_request().expect("a request");
    let cookies = browser.cookie_header();
    for (name, value) in [
        ("Sec-WebSocket-Protocol", "graphql-transport-ws"),
        ("Origin", &browser.base),
        ("Cookie", &cookies),
    ] {
        let value = HeaderValue::from_str(value).expect("a header");
        request.headers_mut().insert(name, value);
    }
    let (mut stream, _) = client_async(request, stream).await.expect("an upgrade");
    let init = json!({ "tenant": browser.tenant(), "surface": browser.surface() });
    let mut messages = vec![json!({ "type": "connection_init", "payload": init })];
    for n in 0..count {
        messages.push(json!({ "id": n.to_string(), "type": "subscribe",
            "payload": { "query": EVENTS } }));
    }
    for message in messages {
        let message = Message::text(message.to_string());
        stream.send(message).await.expect("a live socket");
    }
    stream
}

async fn presence(socket: &mut Socket, member: &str, online: bool) {
    loop {
        let event = socket.hear_type("PresenceEvent").await;
        if event["memberId"] == member && event["online"] == online {
            return;
        }
    }
}

/// Hears the next message, and whether the member went offline before it.
async fn hears_own(socket: &mut Socket, member: &str) -> bool {
    let mut gone = false;
    loop {
        match socket.hear().await {
            Heard::Event(event) if event["__typename"] == "MessageEvent" => return gone,
            Heard::Event(event) => gone |= is_gone(&event, member),
            Heard::Closed(code, reason) => panic!("closed {code} {reason}"),
        }
    }
}

fn is_gone(event: &Value, member: &str) -> bool {
    event["__typename"] == "PresenceEvent"
        && event["memberId"] == member
        && event["online"] == false
}

/// Reads to the end; how many bytes there were.
async fn rest(mut stream: WebSocketStream<TcpStream>) -> usize {
    let mut bytes = vec![0; 64 * 1024];
    let mut all = 0;
    loop {
        let read = timeout(PATIENCE, stream.get_mut().read(&mut bytes)).await;
        match read.expect("an end in time") {
            Ok(0) | Err(_) => return all,
            Ok(some) => all += some,
        }
    }
}
