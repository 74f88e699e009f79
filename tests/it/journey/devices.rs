//! One desktop and one phone at a time, tokens that are no devices, and signing out.

use hansa_tests::{Browser, Column, DESKTOP, MEMBER_PASSWORD, PHONE, Schema, Socket, World};
use reqwest::Method;
use serde_json::{Value, json};

use super::desk::{SIGN_IN, set, text};

both_columns! {
    /// covers: SEC-16, SEC-17
    a_desktop_and_a_phone_live_side_by_side
    /// covers: SEC-16
    several_devices_where_the_company_says_so
    /// covers: SEC-16
    bearer_tokens_are_no_devices_and_sign_nobody_out
    /// covers: SEC-28
    signing_out_ends_the_session_everywhere
}

/// Signs in on a new device; answers it and the payload.
async fn device(world: &World, company: &str, agent: &'static str) -> (Browser, Value) {
    let browser = world.browser.device(agent);
    let input = json!({ "input": { "tenant": company, "account": "anna",
        "password": MEMBER_PASSWORD, "surface": "MEMBER" } });
    let done = browser.gql(SIGN_IN, input).await["signIn"].clone();
    let tenant = text(&done["viewer"]["tenantId"]);
    (browser.in_tenant(&tenant), done)
}

async fn is_in(browser: &Browser) -> bool {
    let seen = browser.gql("{ viewer { sessionId } }", json!({})).await;
    seen["viewer"].is_object()
}

async fn a_desktop_and_a_phone_live_side_by_side(column: Column) {
    let world = World::start(column).await;
    let company = world.company("devices").await;
    let desktop = world.colleague(&company, "Anna", "anna").await.browser;
    let (phone, done) = device(&world, "devices", PHONE).await;
    assert_eq!(done["replaced"], json!([]));
    let mut at_desk = Socket::open(&desktop).await;
    let mut in_hand = Socket::open(&phone).await;

    let (laptop, done) = device(&world, "devices", DESKTOP).await;
    let replaced = done["replaced"].as_array().expect("a list");
    assert_eq!(replaced.len(), 1, "{done}");
    assert!(text(&replaced[0]).contains("Chrome"), "{done}");
    let ended = at_desk.hear_type("SessionEndedEvent").await;
    assert_eq!(ended["reason"], "REPLACED");
    let by = text(&ended["by"]);
    assert!(
        by.contains("Chrome") && by.contains("127.0.0.1"),
        "who and from where: {by}"
    );
    assert_eq!(at_desk.until_closed().await.0, 4403);
    assert!(!is_in(&desktop).await && is_in(&phone).await && is_in(&laptop).await);

    let (second, done) = device(&world, "devices", PHONE).await;
    assert_eq!(done["replaced"].as_array().map(Vec::len), Some(1), "{done}");
    assert_eq!(
        in_hand.hear_type("SessionEndedEvent").await["reason"],
        "REPLACED"
    );
    assert!(!is_in(&phone).await && is_in(&second).await && is_in(&laptop).await);
    world.running.stop().await;
}

async fn several_devices_where_the_company_says_so(column: Column) {
    let world = World::start(column).await;
    let company = world.company("many").await;
    let first = world.colleague(&company, "Anna", "anna").await.browser;
    set(&company.admin.browser, json!({ "severalDevices": true })).await;
    let (second, done) = device(&world, "many", DESKTOP).await;
    assert_eq!(done["replaced"], json!([]));
    assert!(is_in(&first).await && is_in(&second).await);
    // Forbidden again, the next sign-in ends them all.
    set(&company.admin.browser, json!({ "severalDevices": false })).await;
    assert!(is_in(&first).await && is_in(&second).await);
    let (third, done) = device(&world, "many", DESKTOP).await;
    assert_eq!(done["replaced"].as_array().map(Vec::len), Some(2), "{done}");
    assert!(!is_in(&first).await && !is_in(&second).await && is_in(&third).await);
    world.running.stop().await;
}

async fn bearer_tokens_are_no_devices_and_sign_nobody_out(column: Column) {
    let world = World::start(column).await;
    let company = world.company("bearers").await;
    let anna = world.colleague(&company, "Anna", "anna").await;
    let (phone, _) = device(&world, "bearers", PHONE).await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        let robot = world.browser.device(DESKTOP);
        let input = json!({ "input": { "tenant": "bearers", "account": "anna",
            "password": MEMBER_PASSWORD, "surface": "API" } });
        let done = robot.gql(SIGN_IN, input).await["signIn"].clone();
        assert_eq!(done["replaced"], json!([]), "{done}");
        assert_eq!(robot.cookie_header(), "", "a program keeps its own token");
        tokens.push(text(&done["token"]));
    }
    let ask = async |token: &str| {
        let robot = world.browser.device(DESKTOP).in_tenant(&company.tenant);
        let query = json!({ "query": "{ viewer { surface member { id } } sync { more } }" });
        let request = robot.request(Method::POST, "/graphql").bearer_auth(token);
        let answer = request.json(&query).send().await.expect("a server");
        answer.json::<Value>().await.expect("JSON")
    };
    for token in &tokens {
        let body = ask(token).await;
        let viewer = &body["data"]["viewer"];
        assert_eq!(viewer["surface"], "API", "{body}");
        assert_eq!(viewer["member"]["id"], anna.member);
    }
    assert!(is_in(&anna.browser).await && is_in(&phone).await);
    device(&world, "bearers", DESKTOP).await;
    assert_eq!(ask(&tokens[0]).await["data"]["viewer"]["surface"], "API");
    let wrong = ask("0".repeat(64).as_str()).await;
    assert_eq!(wrong["data"]["viewer"], Value::Null);
    world.running.stop().await;
}

async fn signing_out_ends_the_session_everywhere(column: Column) {
    let world = World::start(column).await;
    let company = world.company("leaving").await;
    let anna = world.colleague(&company, "Anna", "anna").await.browser;
    let cookie = anna.cookie_header();
    assert!(!cookie.is_empty());
    let mut hears = Socket::open(&anna).await;
    let done = anna
        .gql("mutation { signOut { problem { code } } }", json!({}))
        .await;
    assert_eq!(done["signOut"]["problem"], Value::Null);
    let (code, _) = hears.until_closed().await;
    assert!((4400..4500).contains(&code), "{code}");
    assert_eq!(anna.cookie_header(), "", "the browser keeps nothing");
    // Nor does a copy of the cookie open anything.
    let copy = world.browser.device(DESKTOP).in_tenant(&company.tenant);
    let query = json!({ "query": "{ sync { more } }" });
    let request = copy
        .request(Method::POST, "/graphql")
        .header("Cookie", cookie);
    let body: Value = request
        .json(&query)
        .send()
        .await
        .expect("a server")
        .json()
        .await
        .expect("JSON");
    assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    let list = copy
        .ask(Schema::Tenant, "{ viewer { sessionId } }", json!({}))
        .await;
    assert_eq!(list.data()["viewer"], Value::Null);
    world.running.stop().await;
}
