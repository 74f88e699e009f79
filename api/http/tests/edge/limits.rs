//! Bounds: bodies, batches, documents, sockets, slow readers, and a graceful stop.

use std::time::Duration;

use futures::SinkExt as _;
use serde_json::{Value, json};
use tenancy_model::Surface;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::socket::{Client, EVENTS};
use crate::world::World;

/// Sends raw bytes; the answer until the server closes or nothing more comes.
async fn raw(world: &World, head: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(&world.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server may close while a body that is too large is still being sent.
    let _ = stream.write_all(body).await;
    let mut answer = vec![0; 4096];
    let length = stream.read(&mut answer).await.unwrap_or(0);
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

async fn posted(world: &World, body: &Value) -> String {
    let body = body.to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         accept: application/graphql-response+json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    raw(world, &head, body.as_bytes()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_body_is_refused_whether_or_not_it_says_so() {
    let world = World::start().await;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let told = raw(
        &world,
        &format!("{head}content-length: 9999999\r\n\r\n"),
        b"",
    )
    .await;
    assert!(told.starts_with("HTTP/1.1 413"), "{told}");
    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    let chunks = chunk.repeat(3);
    let head = format!("{head}transfer-encoding: chunked\r\n\r\n");
    let told = raw(&world, &head, chunks.as_bytes()).await;
    assert!(told.starts_with("HTTP/1.1 413"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_beyond_a_limit_are_refused_with_its_code() {
    let world = World::start().await;
    let deep = format!("{{{}hello{}}}", "deeper{".repeat(20), "}".repeat(20));
    let aliases: String = (0..20).map(|n| format!("a{n}:hello ")).collect();
    let directives = "@include(if:true)".repeat(11);
    for (query, code) in [
        (deep, "QUERY_TOO_DEEP"),
        (format!("{{{aliases}}}"), "QUERY_TOO_COMPLEX"),
        (format!("{{hello {directives}}}"), "QUERY_TOO_COMPLEX"),
        (
            format!("{{{}}}", "hello ".repeat(2_000)),
            "QUERY_TOO_COMPLEX",
        ),
        ("{a".repeat(2_000), "QUERY_TOO_DEEP"),
    ] {
        let told = posted(&world, &json!({ "query": query })).await;
        assert!(
            told.starts_with("HTTP/1.1 400") && told.contains(code),
            "{told}"
        );
    }
    let batch: Vec<_> = (0..4).map(|_| json!({ "query": "{hello}" })).collect();
    let told = posted(&world, &json!(batch)).await;
    assert!(told.starts_with("HTTP/1.1 413"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_message_and_too_many_sockets_of_a_member_are_closed() {
    let world = World::start_with(|config| config.socket.per_member_max = 2).await;
    world.member("anna", Surface::Api);
    let mut first = Client::signed_in(&world, "anna").await;
    let _second = Client::signed_in(&world, "anna").await;
    let mut third = Client::open(&world).await;
    third.init(&world, "anna").await;
    assert_eq!(third.closed().await, 4429);
    first
        .0
        .send(Message::text("x".repeat(17 * 1024)))
        .await
        .unwrap();
    assert_eq!(first.closed().await, 1009);
    // The place is free again.
    Client::signed_in(&world, "anna").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_on_a_socket_are_bounded_and_can_be_cancelled() {
    let world = World::start().await;
    world.member("anna", Surface::Api);
    let mut client = Client::signed_in(&world, "anna").await;
    for n in 0..4 {
        client
            .subscribe(&format!("q{n}"), "{ slow(ms: 600000) }")
            .await;
    }
    client.subscribe("q4", "{ hello }").await;
    let refused = client.until("error").await;
    assert_eq!(refused["payload"][0]["extensions"]["code"], "TOO_MANY");
    client
        .send(&json!({ "id": "q0", "type": "complete" }))
        .await;
    client.subscribe("q0", "{ hello }").await;
    assert_eq!(client.until("next").await["id"], "q0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_client_is_closed() {
    let world = World::start_with(|config| {
        config.socket.idle_ms = 600;
        config.socket.ping_ms = 60_000;
    })
    .await;
    world.member("anna", Surface::Api);
    let mut client = Client::signed_in(&world, "anna").await;
    assert_eq!(client.closed().await, 4408);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_does_not_read_is_given_up_and_the_others_go_on() {
    let world = World::start_with(|config| config.socket.idle_ms = 600_000).await;
    let anna = world.member("anna", Surface::Member);
    let ben = world.member("ben", Surface::Member);
    let talk = world.conversation(&[anna, ben]);
    let slow = Client::listening(&world, "anna").await;
    let mut quick = Client::listening(&world, "ben").await;
    assert_eq!(world.edge.sockets_open(), 2);
    let text = "x".repeat(8 * 1024);
    // What the kernel buffers between two ends of a loopback connection is a few megabytes.
    let mut written = 0;
    while world.edge.sockets_open() == 2 {
        assert!(written < 4_000, "the slow reader was never given up");
        let event = world.write(talk, &text);
        world.publish(&event).await;
        written += 1;
        assert_eq!(quick.event().await["seq"], written);
    }
    quick.settled().await;
    drop(slow);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_graceful_stop_closes_sockets_and_finishes_requests() {
    let world = World::start().await;
    world.member("anna", Surface::Api);
    let mut sockets = Vec::new();
    for _ in 0..5 {
        sockets.push(Client::signed_in(&world, "anna").await);
    }
    let body = json!({ "query": "{ slow(ms: 1000) }" });
    let (answer, ()) = tokio::join!(posted(&world, &body), async {
        while !matches!(sockets[0].next().await, Ok(message) if message["type"] == "ping") {}
        world.stop().await;
    });
    assert!(answer.contains(r#"{"data":{"slow":true}}"#), "{answer}");
    for mut socket in sockets {
        assert_eq!(socket.closed().await, 1001);
    }
    assert!(TcpStream::connect(&world.address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_is_not_ready_and_takes_no_socket() {
    let world = World::start_with(|config| config.socket.drain_ms = 1).await;
    world.edge.drain().await;
    let get = "GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n";
    assert!(raw(&world, get, b"").await.starts_with("HTTP/1.1 503"));
    let upgrade = "GET /graphql HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\n\
        connection: upgrade\r\nsec-websocket-version: 13\r\n\
        sec-websocket-key: x3JJHMbDL1EzLkh9GBhXDw==\r\n\r\n";
    assert!(raw(&world, upgrade, b"").await.starts_with("HTTP/1.1 503"));
}

#[tokio::test(flavor = "multi_thread")]
async fn different_documents_of_a_tenant_are_bounded() {
    let world = World::start_with(|config| config.fanout.documents_max = 2).await;
    world.member("anna", Surface::Member);
    let mut client = Client::listening(&world, "anna").await;
    client
        .subscribe("a", "subscription { events { kind } }")
        .await;
    client
        .subscribe("b", "subscription { events { seq } }")
        .await;
    let refused = client.until("error").await;
    assert_eq!(
        (&refused["id"], &refused["payload"][0]["extensions"]["code"]),
        (&json!("b"), &json!("TOO_MANY"))
    );
    // The same document as before costs nothing.
    client.send(&json!({ "id": "a", "type": "complete" })).await;
    client.subscribe("c", EVENTS).await;
    client.settled().await;
    tokio::time::timeout(Duration::from_secs(5), client.settled())
        .await
        .unwrap();
}
