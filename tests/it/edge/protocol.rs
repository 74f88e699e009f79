//! The real packages `graphql-http` and `graphql-ws` against the real server, on both endpoints.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use hansa_tests::{Column, Company, MEMBER_PASSWORD, Schema, World};
use kernel::SystemClock;
use serde_json::{Value, json};
use tokio::process::Command;

use super::ANYTHING;

/// Longer than the protocol's cases take between two messages, shorter than they wait.
const INIT_TIMEOUT_MS: u64 = 1_000;

async fn node(script: &str, arguments: &[String]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("protocol");
    assert!(
        folder.join("node_modules").is_dir(),
        "tests/protocol has no node_modules: run `npm ci` there (`make test` does)"
    );
    let output = Command::new("node")
        .arg(script)
        .args(arguments)
        .current_dir(&folder)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("node must be installed (20.19 or newer)");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {said}{errors}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn both_endpoints_pass_all_audits_without_a_session() {
    for introspection in [false, true] {
        let world = World::start_with(Column::Embedded, Arc::new(SystemClock), |config| {
            config.http.introspection = introspection;
        })
        .await;
        let base = &world.browser.base;
        let urls = [
            format!("{base}/graphql"),
            format!("{base}/platform/graphql"),
        ];
        let said = node("audits.mjs", &urls).await;
        assert_eq!(said.matches("passed=61 of=61").count(), 2, "{said}");
        for schema in [Schema::Tenant, Schema::Platform] {
            let query = "{ __schema { queryType { name } } __type(name: \"Viewer\") { name } }";
            let answer = world.browser.ask(schema, query, json!({})).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.body.get("errors"), None, "{}", answer.body);
            let data = &answer.body["data"];
            assert_eq!(data["__schema"].is_null(), !introspection, "{data}");
            if !introspection {
                assert!(data["__type"].is_null(), "{data}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rule_of_the_socket_protocol_holds_on_both_endpoints() {
    let world = World::start_with(Column::Embedded, Arc::new(SystemClock), |config| {
        config.http.socket.init_timeout_ms = INIT_TIMEOUT_MS;
    })
    .await;
    let company = world.company("sockets").await;
    world.colleague(&company, "Anna", "anna").await;
    let authorization = format!("Bearer {}", api_token(&world, &company).await);
    let tenant = json!({
        "init": { "tenant": company.tenant, "authorization": authorization },
        "query": "{ viewer { sessionId } }",
        "mutation": "mutation { languageSet(language: EN) { sessionId } }",
        "subscription": "subscription { events { __typename } }",
    });
    // An operator's session is a cookie alone, which a socket brings at its upgrade.
    let own = &world.operator;
    let platform = json!({
        "headers": { "cookie": own.cookie_header(), "origin": own.base },
        "init": {},
        "query": "{ viewer { name } }",
        "mutation": "mutation { signupResend(input: { signupId: \"none\" }) { resendAfterS } }",
        "mutationCode": "NOT_FOUND",
    });
    let base = own.base.replacen("http", "ws", 1);
    for (path, settings) in [("/graphql", tenant), ("/platform/graphql", platform)] {
        let said = node(
            "sockets.mjs",
            &[format!("{base}{path}"), settings.to_string()],
        )
        .await;
        assert!(said.contains("passed="), "{said}");
    }
    for schema in [Schema::Tenant, Schema::Platform] {
        let answer = world.browser.ask(schema, ANYTHING, json!({})).await;
        assert_eq!(answer.code(), None);
    }
}

/// A bearer token of Anna's.
async fn api_token(world: &World, company: &Company) -> String {
    let input = json!({ "input": { "tenant": company.host_name, "account": "anna",
        "password": MEMBER_PASSWORD, "surface": "API" } });
    let query = "mutation($input: SignInInput!) { signIn(input: $input) {
        problem { code } token } }";
    let data = world.browser.gql(query, input).await;
    assert_eq!(data["signIn"]["problem"], Value::Null, "{data}");
    let token = data["signIn"]["token"].as_str();
    token.expect("a token").to_owned()
}
