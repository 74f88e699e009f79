//! What an operator sees of the real binary: one line a request without anything secret, probes
//! that name what is missing, and numbers.

use std::collections::BTreeMap;

use hansa_tests::service::postgres::{Database, Postgres};
use hansa_tests::service::redis::Redis;
use hansa_tests::{Browser, FOUNDER_PASSWORD, MEMBER_PASSWORD, PATIENCE, Schema, Socket};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant, sleep};

use super::binary::Binary;
use super::{ANYTHING, SEND, Talk};

const MARKED_TEXT: &str = "a marked message 你好";
const MARKED_TOKEN: &str = "marked-one-time-token";
const MARKED_PASSWORD: &str = "Wrong-and-marked-1";
const SCRAPE_TOKEN: &str = "marked-scrape-token";

/// A whole sign-up, a talk, and what can go wrong on the way, with a log that repeats nothing of
/// it; then Redis and PostgreSQL die one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn the_log_the_probes_and_the_numbers_tell_what_they_may() {
    let mut postgres = Postgres::start().expect("PostgreSQL");
    let database = postgres.fresh_database().await.expect("a database");
    let mut redis = Redis::start().expect("Redis");
    let more = [("HANSA_HTTP_METRICS_TOKEN", SCRAPE_TOKEN)];
    let server = Binary::start(Some((&database, &redis.url())), &more).await;
    let talk = Talk::start(&server.site, "watched").await;
    let page = &server.site.browser;
    let socket = Socket::open(&talk.anna.browser).await;
    talk.send(&talk.anna.browser, MARKED_TEXT).await;

    let slip = slip(&talk).await;
    let code = code(&server.site.operator).await;
    let lines = some_requests(&talk, page).await;
    numbers(page).await;
    probes(page, &mut redis, &mut postgres, &talk).await;
    drop(socket);

    let log = server.log();
    let mut secrets = secrets_of(&talk, &server.site.operator, &database);
    secrets.push(slip);
    for secret in secrets {
        assert!(secret.len() > 5, "{secret:?} is no marker");
        let found = log.lines().find(|line| line.contains(&secret));
        assert_eq!(found, None, "the log holds {secret:?}");
    }
    let mut words = log.split(|c: char| !c.is_alphanumeric());
    assert_eq!(words.find(|word| *word == code), None, "the code {code}");
    one_line_a_request(&log, &lines);
}

/// Everything that is nobody's business.
fn secrets_of(talk: &Talk, operator: &Browser, database: &Database) -> Vec<String> {
    let said = [MARKED_TEXT, "你好", MARKED_TOKEN, MARKED_PASSWORD];
    let known = [SCRAPE_TOKEN, FOUNDER_PASSWORD, MEMBER_PASSWORD];
    let mut secrets: Vec<_> = said.iter().chain(&known).map(ToString::to_string).collect();
    secrets.push(database.url.clone());
    let password = database.url.split([':', '@']).nth(2);
    secrets.push(password.expect("a password").to_owned());
    for browser in [
        &talk.anna.browser,
        &talk.bo.browser,
        &talk.company.admin.browser,
        operator,
    ] {
        let cookies = browser.cookie_header();
        let values = cookies
            .split("; ")
            .filter_map(|cookie| cookie.split_once('='));
        // A cookie of a surface holds `tenant:token`; of the platform, the token.
        secrets.extend(values.map(|(_, value)| {
            let token = value.split_once(':').map_or(value, |(_, token)| token);
            token.to_owned()
        }));
    }
    secrets
}

/// The code that the founder was mailed.
async fn code(operator: &Browser) -> String {
    let query = "{ mails(search: \"founder@watched.example\", first: 10) { edges { node {
        body } } } }";
    let mails = operator.platform(query, json!({})).await["mails"]["edges"].to_string();
    let mut words = mails.split(|c: char| !c.is_alphanumeric());
    let code = words.find(|word| word.len() == 6 && word.parse::<u32>().is_ok());
    code.expect("six digits").to_owned()
}

/// A colleague whose first password is printed once.
async fn slip(talk: &Talk) -> String {
    let query = "mutation($input: MemberCreateInput!) { memberCreate(input: $input) {
        slip { initialPassword } } }";
    let input = json!({ "input": { "name": "Carl", "account": "carl", "slip": true,
        "departmentIds": [] } });
    let created = talk.company.admin.browser.gql(query, input).await;
    let slip = created["memberCreate"]["slip"]["initialPassword"].as_str();
    slip.expect("a slip").to_owned()
}

/// A line that the log must hold: method, path and status of a request, by its id.
type Line = (String, (&'static str, &'static str, u16));

/// Requests of every kind, with secrets wherever a client can put one.
async fn some_requests(talk: &Talk, page: &Browser) -> Vec<Line> {
    let anna = &talk.anna.browser;
    let post = |path: &str, body: &Value| page.request(Method::POST, path).json(body);
    let get = |path: &str| page.request(Method::GET, path);
    let sign_in = json!({ "query": "mutation($input: SignInInput!) { signIn(input: $input) {
        problem { code } } }", "variables": { "input": { "tenant": "watched", "account": "anna",
        "password": MARKED_PASSWORD, "surface": "MEMBER" } } });
    let set = json!({ "query": "mutation($input: PasswordSetInput!) { passwordSet(input: $input) {
        problem { code } } }", "variables": { "input": { "tenant": "watched",
        "token": MARKED_TOKEN, "password": MARKED_PASSWORD } } });
    let unread = json!({ "query": format!("{{ {MARKED_TOKEN} ") });
    let nothing = json!({ "query": format!("{{ {} }}", MARKED_TOKEN.replace('-', "_")) });
    let query = format!("?query=%7B__typename%7D&token={MARKED_TOKEN}");
    let sent = json!({ "query": SEND, "variables": talk.message("short", MARKED_TEXT) });
    let mine = anna.request(Method::POST, "/graphql").json(&sent);
    let requests: Vec<(RequestBuilder, _)> = vec![
        (post("/graphql", &sign_in), ("POST", "/graphql", 200)),
        (post("/graphql", &set), ("POST", "/graphql", 200)),
        (mine, ("POST", "/graphql", 200)),
        (
            post("/platform/graphql", &unread),
            ("POST", "/platform/graphql", 200),
        ),
        (
            post("/platform/graphql", &nothing),
            ("POST", "/platform/graphql", 200),
        ),
        (get(&format!("/graphql{query}")), ("GET", "/graphql", 200)),
        (
            get(&format!("/metrics?token={MARKED_TOKEN}")),
            ("GET", "/metrics", 404),
        ),
        (
            get("/graphql")
                .bearer_auth(MARKED_TOKEN)
                .header("cookie", MARKED_TOKEN),
            ("GET", "/graphql", 400),
        ),
        (
            page.request(Method::POST, "/graphql").body(MARKED_TEXT),
            ("POST", "/graphql", 415),
        ),
        (
            get(&format!("/assets/..%2f{MARKED_TOKEN}.js")),
            ("GET", "/assets/…", 404),
        ),
        (
            get(&format!(
                "/blobs/{MARKED_TOKEN}?X-Amz-Signature={MARKED_TOKEN}"
            )),
            ("GET", "/blobs/…", 400),
        ),
        (
            get(&format!("/password/{MARKED_TOKEN}")),
            ("GET", "/password/…", 200),
        ),
    ];
    let mut lines = Vec::new();
    for (request, line) in requests {
        let answer = request.send().await.expect("an answer");
        let id = answer.headers().get("x-request-id").expect("an id");
        lines.push((id.to_str().expect("text").to_owned(), line));
    }
    lines
}

/// Every line is a JSON object, and every request has one of its own.
fn one_line_a_request(log: &str, lines: &[Line]) {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(line.is_object(), "{line}");
        if line["target"] == "access" {
            let id = line["trace_id"].as_str().expect("an id").to_owned();
            found.entry(id).or_default().push(line);
        }
    }
    for (id, lines) in &found {
        assert_eq!(lines.len(), 1, "{id}: {lines:?}");
    }
    for (id, (method, path, status)) in lines {
        let line = &found.get(id).expect("a line")[0];
        let told = (&line["method"], &line["path"], &line["status"]);
        assert_eq!(
            told,
            (&json!(method), &json!(path), &json!(status)),
            "{line}"
        );
        assert!(line["duration_ms"].is_u64(), "{line}");
        assert_eq!(line["client_ip"], "127.0.0.1", "{line}");
    }
}

/// Numbers are for those who have the token.
async fn numbers(page: &Browser) {
    let get = || page.request(Method::GET, "/metrics");
    for stranger in [get(), get().bearer_auth("wrong")] {
        let answer = stranger.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
    let answer = get().bearer_auth(SCRAPE_TOKEN).send().await;
    let text = answer.expect("an answer").text().await.expect("a body");
    for line in [
        "sockets_open 1\n",
        "graphql_requests_total{side=\"tenant\"} ",
        "graphql_requests_total{side=\"platform\"} ",
        "http_request_seconds_bucket{status=\"200\",le=\"",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

/// What `/readyz` says: its status, and each dependency.
async fn ready(page: &Browser) -> (StatusCode, BTreeMap<String, bool>) {
    let answer = page.request(Method::GET, "/readyz").send().await;
    let answer = answer.expect("an answer");
    let status = answer.status();
    let body: Value = answer.json().await.expect("JSON");
    let listed = body["dependencies"].as_array().expect("a list").iter();
    let state = |one: &Value| {
        let detail = one["detail"].as_str().unwrap_or_default();
        assert!(!detail.contains("127.0.0.1"), "no addresses: {detail}");
        let name = one["name"].as_str().expect("a name").to_owned();
        (name, one["ready"] == true)
    };
    (status, listed.map(state).collect())
}

/// Waits until exactly the dependencies that `away` knows are away.
async fn until_away(page: &Browser, away: impl Fn(&str) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let (status, named) = ready(page).await;
        assert_eq!(
            status == StatusCode::OK,
            named.values().all(|ready| *ready),
            "{named:?}"
        );
        if named.iter().all(|(name, ready)| *ready != away(name)) {
            return;
        }
        assert!(Instant::now() < deadline, "{named:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

async fn probes(page: &Browser, redis: &mut Redis, postgres: &mut Postgres, talk: &Talk) {
    let (status, named) = ready(page).await;
    assert_eq!(status, StatusCode::OK, "{named:?}");
    for name in ["control", "redis", "s3", "shard main"] {
        assert!(named.contains_key(name), "{name} in {named:?}");
    }

    redis.kill9();
    until_away(page, |name| name == "redis").await;
    talk.send(&talk.anna.browser, "without redis").await;
    redis.restart().expect("Redis");
    until_away(page, |_| false).await;

    postgres.kill9();
    until_away(page, |name| name == "control" || name == "shard main").await;
    let live = page.request(Method::GET, "/healthz").send().await;
    assert_eq!(
        live.expect("an answer").status(),
        StatusCode::OK,
        "it lives"
    );
    let message = talk.message("nonce-lost", MARKED_TEXT);
    let refused = talk.anna.browser.ask(Schema::Tenant, SEND, message).await;
    let said = refused.body.to_string();
    assert!(
        said.contains("UNAVAILABLE") || said.contains("INTERNAL"),
        "{said}"
    );
    assert!(
        !said.contains("127.0.0.1") && !said.contains("refused"),
        "{said}"
    );
    let anything = page.ask(Schema::Platform, ANYTHING, json!({})).await;
    assert_eq!(anything.code(), None, "{}", anything.body);
    postgres.restart().expect("PostgreSQL");
    until_away(page, |_| false).await;
    talk.send(&talk.anna.browser, "with everything").await;
}
