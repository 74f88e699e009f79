//! HTTP: what is answered to whom, cookies, headers, probes.

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tenancy_model::Surface;

use crate::world::World;

#[expect(
    clippy::disallowed_methods,
    reason = "a test speaks to a server on loopback"
)]
fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

fn post(world: &World, query: &str) -> RequestBuilder {
    client()
        .post(world.url("/graphql"))
        .json(&json!({ "query": query }))
}

async fn body(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_needs_a_session_answers_200_and_unauthenticated() {
    let world = World::start().await;
    let response = post(&world, "{ me }").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        body(response).await["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED"
    );
}

/// covers: SEC-01
#[tokio::test(flavor = "multi_thread")]
async fn a_session_in_a_cookie_counts_for_the_named_tenant_and_our_own_page_only() {
    let world = World::start().await;
    let session = world.member("abc", Surface::Member);
    let cookie = format!("member={}:abc", world.tenant);
    let tenant = world.tenant.to_string();
    let asked = |origin: Option<String>, tenant: Option<&str>| {
        let mut request = post(&world, "{ me }").header("cookie", &cookie);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        match tenant {
            Some(tenant) => request.header("hansa-tenant", tenant),
            None => request,
        }
    };
    let ours = || Some(format!("http://{}", world.address));
    let response = asked(ours(), Some(&tenant)).send().await.unwrap();
    assert_eq!(
        body(response).await["data"]["me"],
        session.session.to_string()
    );
    let nobody = asked(ours(), None).send().await.unwrap();
    assert_eq!(
        body(nobody).await["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED"
    );
    for origin in [
        None,
        Some("https://evil.example".to_owned()),
        Some("null".to_owned()),
    ] {
        let refused = asked(origin, Some(&tenant)).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resolver_sets_cookies_over_http() {
    let world = World::start().await;
    let query = format!("mutation {{ signIn(tenant: \"{}\") }}", world.tenant);
    let response = post(&world, &query).send().await.unwrap();
    let cookie = response.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        cookie.starts_with(&format!("member={}:fresh; ", world.tenant)),
        "{cookie}"
    );
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limited_caller_is_told_how_long_to_wait() {
    let world = World::start().await;
    let response = post(&world, "{ limited }").send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "7");
    let told = body(response).await;
    assert_eq!(told["errors"][0]["extensions"]["retryAfterS"], 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_get_neither_mutates_nor_subscribes() {
    let world = World::start().await;
    for (query, status) in [
        ("{hello}", StatusCode::OK),
        ("mutation{touch}", StatusCode::METHOD_NOT_ALLOWED),
        ("subscription{events{kind}}", StatusCode::BAD_REQUEST),
    ] {
        let url = world.url(&format!("/graphql?query={query}"));
        let response = client().get(url).send().await.unwrap();
        assert_eq!(response.status(), status, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_answered_in_order() {
    let world = World::start().await;
    let batch = json!([{ "query": "{ hello }" }, { "query": "{" }, { "query": "{ me }" }]);
    let response = client()
        .post(world.url("/graphql"))
        .json(&batch)
        .send()
        .await
        .unwrap();
    let told = body(response).await;
    assert_eq!(told[0]["data"]["hello"], "world");
    assert!(told[1].get("data").is_none());
    assert_eq!(
        told[2]["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_name_each_dependency_and_numbers_are_for_machines_near() {
    let world = World::start_with(|config| config.metrics_token = "scrape".into()).await;
    let get = |path: &str| client().get(world.url(path));
    assert_eq!(
        get("/healthz").send().await.unwrap().status(),
        StatusCode::OK
    );
    assert_eq!(
        get("/readyz").send().await.unwrap().status(),
        StatusCode::OK
    );
    *world.ports.dependency_ready.lock() = false;
    let response = get("/readyz").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let told = body(response).await;
    assert_eq!(told["dependencies"][0]["name"], "control_database");
    assert_eq!(told["dependencies"][0]["ready"], false);
    let scraped = get("/metrics").bearer_auth("scrape").send().await.unwrap();
    assert_eq!(scraped.text().await.unwrap(), "sockets_open 0\n");
    let stranger = get("/metrics").bearer_auth("wrong").send().await.unwrap();
    assert_eq!(stranger.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_the_frontend_and_assets_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("assets")).unwrap();
    std::fs::write(folder.path().join("index.html"), "<p>hansa</p>").unwrap();
    std::fs::write(folder.path().join("assets/a-1b2c.js"), "1").unwrap();
    let dir = folder.path().to_str().unwrap().to_owned();
    let world = World::start_with(|config| config.frontend_dir = dir).await;
    let get = async |path: &str| client().get(world.url(path)).send().await.unwrap();
    for path in ["/", "/chat", "/console/members/mem_x"] {
        let page = get(path).await;
        assert_eq!(page.headers()["cache-control"], "no-cache");
        let policy = page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(page.headers()["x-content-type-options"], "nosniff");
        assert_eq!(page.headers()["x-request-id"].len(), 32);
        assert_eq!(page.text().await.unwrap(), "<p>hansa</p>");
    }
    let asset = get("/assets/a-1b2c.js").await;
    assert!(
        asset.headers()["cache-control"]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    assert_eq!(get("/assets/gone.js").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        get("/assets/..%2findex.html").await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(get("/favicon.ico").await.status(), StatusCode::NOT_FOUND);
}
