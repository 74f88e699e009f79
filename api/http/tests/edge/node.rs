//! The packages that others wrote, against our server: npm `graphql-http` and `graphql-ws`.

use std::path::Path;
use std::process::Stdio;

use serde_json::json;
use tenancy_model::Surface;
use tokio::process::Command;

use crate::socket::EVENTS;
use crate::world::World;

async fn run(script: &str, arguments: &[String]) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/protocol");
    assert!(
        folder.join("node_modules").is_dir(),
        "tests/protocol has no node_modules: run `npm ci` there (`make test` does)"
    );
    let output = Command::new("node")
        .arg(script)
        .args(arguments)
        .current_dir(&folder)
        .stdin(Stdio::null())
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
    for introspection in [true, false] {
        let world = World::start_with(|config| config.introspection = introspection).await;
        let urls = [world.url("/graphql"), world.url("/platform/graphql")];
        let said = run("audits.mjs", &urls).await;
        assert_eq!(said.matches("passed=61 of=61").count(), 2, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rule_of_the_socket_protocol_holds() {
    let world = World::start_with(|config| {
        config.socket.init_timeout_ms = 1_000;
        config.socket.reauthenticate_ms = 60_000;
    })
    .await;
    world.member("token", Surface::Api);
    let init = json!({ "tenant": world.tenant.to_string(), "authorization": "Bearer token" });
    let settings = json!({
        "init": init,
        "query": "{ me }",
        "mutation": "mutation { touch }",
        "subscription": EVENTS,
    });
    let url = format!("ws://{}/graphql", world.address);
    run("sockets.mjs", &[url, settings.to_string()]).await;
}
