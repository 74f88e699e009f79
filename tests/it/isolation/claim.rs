//! The link of the first start, on a deployment that has no operator yet.

use std::sync::Arc;

use api_server::{Options, RootConfig};
use hansa_tests::{Browser, Column, FOUNDER_PASSWORD, Schema as Endpoint, service};
use kernel::SystemClock;
use serde_json::{Value, json};
use tenancy_registry::operator_claim_link;

use super::{
    scene::Scene,
    schema::Operation,
    walk::{Found, comparable, success},
};

/// A wrong link is answered as one of another deployment; the right one works once, and is then as
/// wrong as any.
pub(super) async fn operator_claim(scene: &Scene, operation: &Operation) -> Found {
    let data = tempfile::tempdir().expect("a folder");
    let mut config = RootConfig::for_testing(data.path());
    let mut database = None;
    if scene.column == Column::Scaled {
        let fresh = service::postgres::fresh_database();
        let fresh = fresh.await.expect("PostgreSQL");
        config.database.url.clone_from(&fresh.url);
        database = Some(fresh);
    }
    let options = Options {
        clock: Arc::new(SystemClock),
        ..Options::default()
    };
    let running = api_server::start(&config, options).await.expect("a server");
    let base = format!("http://{}", running.address());
    let registry = &running.parts().gateway.registry;
    let link = operator_claim_link(registry, &base).await.expect("a link");
    let link = link.expect("a deployment without operator");
    let (_, token) = link.reveal().split_once("token=").expect("a token");

    let random = "0f".repeat(token.len() / 2);
    let ask = async |token: &str| {
        let input = json!({ "input": { "token": token, "name": "Olga",
            "email": "olga@example.com", "password": FOUNDER_PASSWORD } });
        let browser = Browser::new(&base);
        browser
            .ask(Endpoint::Platform, &operation.document, input)
            .await
    };
    let wrong = comparable(&ask(&random).await);
    let told = &wrong.1["data"]["operatorClaim"]["problem"]["code"];
    assert_eq!(told, &Value::from("LINK_INVALID"));
    success(operation, &ask(token).await)?;
    let again = comparable(&ask(token).await);
    running.stop().await;
    drop(database);
    match again == wrong {
        true => Ok(()),
        false => Err(format!("a used link: {again:?}")),
    }
}
