//! Bounds of what one request and one socket may ask, with the real schemas and small values. Each
//! has its code, and whoever asks for less goes on.

use std::sync::Arc;

use api_http::HttpConfig;
use hansa_tests::{Browser, Column, EVENTS, Schema, Socket, World};
use kernel::SystemClock;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::{ANYTHING, Talk, refusal, until};

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

async fn start() -> World {
    World::start_with(Column::Embedded, Arc::new(SystemClock), |config| {
        let HttpConfig {
            graphql, socket, ..
        } = &mut config.http;
        graphql.body_bytes_max = 16 * 1024;
        graphql.batch_max = 3;
        graphql.depth_max = 6;
        graphql.complexity_max = 60;
        graphql.selections_max = 150;
        graphql.aliases_max = 10;
        graphql.directives_max = 10;
        graphql.tokens_max = 300;
        socket.subscriptions_max = 2;
        socket.operations_max = 4;
        socket.message_bytes_max = 8 * 1024;
        socket.per_member_max = 2;
    })
    .await
}

/// Documents just beyond each limit: the code, and what the message says of the limit.
fn beyond() -> Vec<(String, &'static str, &'static str)> {
    let directives = "@include(if: true) ".repeat(11);
    let aliases: String = (0..11).map(|n| format!("a{n}: __typename ")).collect();
    let fragments = "fragment f on X { ...g ...g ...g } fragment g on X { ...h ...h ...h ...h }
        fragment h on X { __typename __typename __typename }";
    vec![
        (nested(7), "QUERY_TOO_DEEP", "6 levels"),
        ("{a".repeat(2_000), "QUERY_TOO_DEEP", "levels"),
        (
            format!("{{ {aliases} }}"),
            "QUERY_TOO_COMPLEX",
            "10 aliases",
        ),
        (
            format!("{{ __typename {directives} }}"),
            "QUERY_TOO_COMPLEX",
            "10 directives",
        ),
        (
            format!("{{ {} }}", "__typename ".repeat(299)),
            "QUERY_TOO_COMPLEX",
            "300 tokens",
        ),
        (
            format!("{{ ...f ...f ...f {} }} {fragments}", "__typename "),
            "QUERY_TOO_COMPLEX",
            "150 selections",
        ),
        (
            format!("{{ {} }}", "viewer { __typename } ".repeat(61)),
            "QUERY_TOO_COMPLEX",
            "too complex",
        ),
    ]
}

fn nested(levels: usize) -> String {
    format!(
        "{{ {}__typename{} }}",
        "a { ".repeat(levels - 1),
        " }".repeat(levels - 1)
    )
}

/// Sends a body as our own page does; status and body.
async fn post(browser: &Browser, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = browser.request(Method::POST, path).json(body);
    let request = request.header(header::ACCEPT, GRAPHQL_RESPONSE);
    let answer = request.send().await.expect("an answer");
    let status = answer.status();
    let text = answer.text().await.expect("a body");
    let body = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status} {text}"));
    (status, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_bodies_and_batches_have_bounds_on_both_endpoints() {
    let world = start().await;
    let browser = &world.browser;
    for (path, schema) in [
        ("/graphql", Schema::Tenant),
        ("/platform/graphql", Schema::Platform),
    ] {
        for (query, code, says) in beyond() {
            let (status, body) = post(browser, path, &json!({ "query": query })).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
            assert_eq!(body.get("data"), None, "{body}");
            let error = &body["errors"][0];
            assert_eq!(error["extensions"]["code"], code, "{body}");
            let message = error["message"].as_str().unwrap_or_default();
            assert!(message.contains(says), "{says}: {body}");
        }
        let one = json!({ "query": ANYTHING });
        let (status, body) = post(browser, path, &json!([one, one, one])).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(body.as_array().map(Vec::len), Some(3));
        let large = json!({ "query": ANYTHING, "variables": { "x": "x".repeat(17 * 1024) } });
        for body in [json!([one, one, one, one]), large] {
            let (status, body) = post(browser, path, &body).await;
            assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{body}");
            assert_eq!(body["code"], "TOO_LARGE");
        }
        // A document at the limits is answered: nested fields that exist are not needed for that.
        let (_, body) = post(browser, path, &json!({ "query": nested(6) })).await;
        assert_eq!(
            body["errors"][0]["extensions"]["code"], "BAD_REQUEST",
            "{body}"
        );
        assert_eq!(browser.ask(schema, ANYTHING, json!({})).await.code(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_subscriptions_and_sockets_have_bounds() {
    let world = start().await;
    let talk = Talk::start(&world, "bounds").await;
    let mut bystander = Socket::open(&talk.bo.browser).await;
    let mut socket = Socket::open(&talk.anna.browser).await;
    for (query, code, _) in beyond() {
        socket.subscribe("q", &query).await;
        assert_eq!(refusal(&mut socket, "q").await, code, "{query}");
    }
    // The first subscription was begun by opening the socket.
    socket.subscribe("second", EVENTS).await;
    socket.subscribe("third", EVENTS).await;
    assert_eq!(refusal(&mut socket, "third").await, "TOO_MANY");
    socket.subscribe("fine", ANYTHING).await;
    assert_eq!(until(&mut socket, "next").await["id"], "fine");

    let second = Socket::open(&talk.anna.browser).await;
    let mut third = Socket::connect(&talk.anna.browser).await;
    third.init(&talk.anna.browser).await;
    assert_eq!(third.until_closed().await.0, 4429);
    let large = json!({ "type": "ping", "payload": { "x": "x".repeat(9 * 1024) } });
    socket.send(&large).await;
    assert_eq!(socket.until_closed().await.0, 1009);
    // Its place is free again, and nobody else noticed anything.
    let mut next = Socket::open(&talk.anna.browser).await;
    talk.send(&talk.anna.browser, "still here").await;
    for socket in [&mut bystander, &mut next] {
        assert_eq!(socket.hear_type("MessageEvent").await["text"], "still here");
    }
    drop(second);
}
