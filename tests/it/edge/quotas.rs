//! How often things may be done: one table, counted in one process or by two over Redis, and by
//! each with its share while Redis is away.

use std::sync::Arc;

use api_graphql::LimitedAction;
use api_http::limited_action::quota;
use api_server::RootConfig;
use hansa_tests::{Browser, Column, PATIENCE, Schema, Socket, World};
use kernel::{Clock as _, ManualClock, SystemClock};
use platform::rate_limit::RateLimiter;
use platform::redis_service::RedisService;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant, sleep, timeout};

use super::pair::Pair;
use super::{ANYTHING, Talk, many};

/// The form is empty, so that nothing is mailed.
const SIGN_UP: &str = "signupStart(input: { fullName: \"\", email: \"\", contactName: \"\",
    industry: \"\", hostName: \"\", password: \"\", termsVersion: \"\",
    language: EN }) { problem { code } }";
const CODE: &str = "passwordForgot(input: { tenant: \"nobody\", account: \"x\" }) {
    problem { code } }";
const SIGN_IN: &str = "signIn(input: { tenant: \"nobody\", account: \"x\", password: \"x\",
    surface: MEMBER }) { problem { code } }";
const SYNC: &str = "sync { position }";
/// Operations of a socket that are not yet answered.
const AT_ONCE: usize = 100;

/// Documents that do many things at once, addresses that a proxy of ours tells.
fn wide(config: &mut RootConfig) {
    let graphql = &mut config.http.graphql;
    graphql.aliases_max = 1_000;
    graphql.selections_max = 10_000;
    graphql.tokens_max = 100_000;
    graphql.complexity_max = 1_000_000;
    graphql.body_bytes_max = 1024 * 1024;
    config.http.trusted_proxies = 1;
    config.http.socket.operations_max = AT_ONCE;
    config.http.socket.queue_frames_max = 4 * AT_ONCE;
}

/// One limited thing, and who does it.
struct Deed<'a> {
    action: LimitedAction,
    schema: Schema,
    kind: &'static str,
    field: String,
    browser: &'a Browser,
}

impl Deed<'_> {
    fn all(talk: &Talk) -> Vec<Deed<'_>> {
        let conversation = &talk.conversation;
        // Without text: it is counted, and not kept.
        let send = format!(
            "messageSend(input: {{ conversationId: \"{conversation}\", nonce: \"nonce-0001\",
                text: \"\" }}) {{ problem {{ code }} }}"
        );
        let browser = &talk.anna.browser;
        let deed = |action, schema, kind, field: &str| Deed {
            action,
            schema,
            kind,
            field: field.to_owned(),
            browser,
        };
        vec![
            deed(LimitedAction::SignUp, Schema::Platform, "mutation", SIGN_UP),
            deed(LimitedAction::Code, Schema::Tenant, "mutation", CODE),
            deed(LimitedAction::SignIn, Schema::Tenant, "mutation", SIGN_IN),
            deed(LimitedAction::Send, Schema::Tenant, "mutation", &send),
            deed(LimitedAction::Sync, Schema::Tenant, "query", SYNC),
        ]
    }

    fn at(self, browser: &Browser) -> Deed<'_> {
        Deed { browser, ..self }
    }

    /// Does it `count` times from `source`; how many were answered, and the first refusal.
    async fn times(&self, count: usize, source: &str) -> (usize, Option<Value>) {
        let path = match self.schema {
            Schema::Tenant => "/graphql",
            Schema::Platform => "/platform/graphql",
        };
        let mut answered = 0;
        // One mutation after the other would end at the first error; here each stands alone.
        for count in parts(count, if self.kind == "query" { 1 } else { usize::MAX }) {
            let body = json!({ "query": many(self.kind, count, &self.field) });
            let request = self.browser.request(Method::POST, path).json(&body);
            let answer = request.header("x-forwarded-for", source).send().await;
            let answer = answer.expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK);
            let wait = answer.headers().get(header::RETRY_AFTER).cloned();
            let body: Value = answer.json().await.expect("JSON");
            let Some(error) = body["errors"].get(0) else {
                answered += count;
                continue;
            };
            assert_eq!(error["extensions"]["code"], "RATE_LIMITED", "{body}");
            let place = error["path"][0]
                .as_str()
                .and_then(|name| name.strip_prefix('a'));
            answered += place.and_then(|n| n.parse::<usize>().ok()).expect("a path");
            let told = error["extensions"]["retryAfterS"].as_u64();
            let told = told.expect("the time to wait");
            assert_eq!(wait.expect("a header"), told.to_string().as_str());
            return (answered, Some(error.clone()));
        }
        (answered, None)
    }

    fn burst(&self) -> usize {
        quota(self.action).burst as usize
    }
}

/// `whole` in parts of at most `most`.
fn parts(whole: usize, most: usize) -> impl Iterator<Item = usize> {
    let mut left = whole;
    std::iter::from_fn(move || {
        let part = left.min(most);
        left -= part;
        (part > 0).then_some(part)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_quota_of_the_table_is_told_with_the_time_to_wait() {
    let clock = ManualClock::at(SystemClock.now());
    let world = World::start_with(Column::Embedded, Arc::new(clock.clone()), wide).await;
    let talk = Talk::start(&world, "quotas").await;
    for deed in Deed::all(&talk) {
        let (action, burst) = (deed.action, deed.burst());
        let source = format!("10.0.0.{}", burst % 250);
        let (answered, refused) = deed.times(burst, &source).await;
        assert_eq!((answered, refused), (burst, None), "{action:?}");
        let (answered, refused) = deed.times(1, &source).await;
        assert_eq!(answered, 0, "{action:?}");
        let wait = refused.expect("a refusal")["extensions"]["retryAfterS"].as_u64();
        // Waiting for as long as one is told is enough.
        let wait = Duration::from_secs(wait.unwrap_or_default());
        let now = clock.now();
        clock.advance((now + wait) - now);
        let (answered, _) = deed.times(1, &source).await;
        assert_eq!(answered, 1, "{action:?} after {wait:?}");
    }
    the_api_itself_is_limited(&talk).await;
}

/// A session that asks too much over its socket waits over HTTP too, and nobody else does.
async fn the_api_itself_is_limited(talk: &Talk) {
    let mut socket = Socket::open(&talk.anna.browser).await;
    let most = quota(LimitedAction::Api).burst as usize;
    let mut refused = None;
    for _ in 0..=most / AT_ONCE {
        for n in 0..AT_ONCE {
            socket.subscribe(&n.to_string(), ANYTHING).await;
        }
        let mut open = AT_ONCE;
        while open > 0 {
            let message = socket.next_json().await.expect("a live socket");
            match message["type"].as_str() {
                Some("complete") => open -= 1,
                Some("error") => {
                    open -= 1;
                    refused = Some(message);
                }
                _ => {}
            }
        }
    }
    let refused = refused.expect("a refusal");
    let extensions = &refused["payload"][0]["extensions"];
    assert_eq!(extensions["code"], "RATE_LIMITED", "{refused}");
    assert!(extensions["retryAfterS"].as_u64() > Some(0), "{refused}");
    let request = talk.anna.browser.request(Method::POST, "/graphql");
    let request = request.json(&json!({ "query": ANYTHING }));
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers().contains_key(header::RETRY_AFTER));
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(body["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    talk.bo.browser.gql(ANYTHING, json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_each_quota() {
    let pair = Pair::start(|_, config| wide(config)).await;
    let talk = Talk::start(&pair.first, "shared").await;
    let second = pair.at_second(&talk.anna.browser);
    for deed in Deed::all(&talk) {
        let (action, burst) = (deed.action, deed.burst());
        let source = format!("10.0.1.{}", burst % 250);
        let here = burst / 2 + 1;
        let (answered, _) = deed.times(here, &source).await;
        assert_eq!(answered, here, "{action:?}");
        let deed = deed.at(&second);
        let (answered, refused) = deed.times(burst, &source).await;
        // Redis' clock goes on: one or two may have come back meanwhile.
        let left = burst - here;
        assert!(
            (left..burst).contains(&answered),
            "{action:?}: {answered} of {left}"
        );
        assert!(refused.is_some(), "{action:?}");
    }
    // A third process uses up what a session may ask: the other two know.
    let viewer = second.gql("{ viewer { sessionId } }", json!({})).await;
    let session = viewer["viewer"]["sessionId"].as_str();
    let session = session.expect("a session").to_owned();
    let service = RedisService::new(&pair.first.config.redis).expect("Redis");
    let config = &pair.first.config.rate_limits;
    let third = RateLimiter::shared(Arc::new(SystemClock), &service, config);
    let using = tokio::spawn(async move {
        loop {
            let _ = third.check(&quota(LimitedAction::Api), &session).await;
        }
    });
    for browser in [&talk.anna.browser, &second] {
        let refused = async {
            while browser
                .ask(Schema::Tenant, ANYTHING, json!({}))
                .await
                .code()
                != Some("RATE_LIMITED")
            {}
        };
        let refused = timeout(PATIENCE, refused).await;
        refused.expect("it knows");
    }
    using.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_each_process_has_its_share_and_with_it_they_share_again() {
    let mut pair = Pair::start(|_, config| {
        wide(config);
        config.rate_limits.processes = 2;
    })
    .await;
    let first = pair.first.browser.clone();
    let second = pair.at_second(&first);
    let sign_up = |browser| Deed {
        action: LimitedAction::SignUp,
        schema: Schema::Platform,
        kind: "mutation",
        field: SIGN_UP.to_owned(),
        browser,
    };
    let source = "10.0.2.1";
    let burst = quota(LimitedAction::SignUp).burst as usize;
    assert_eq!(sign_up(&first).times(burst, source).await.0, burst);
    assert_eq!(sign_up(&second).times(1, source).await.0, 0);

    pair.redis.kill9();
    for browser in [&first, &second] {
        let (answered, refused) = sign_up(browser).times(burst, source).await;
        assert_eq!(answered, burst / 2);
        assert!(refused.is_some());
    }

    // The new Redis knows nothing, so that the whole quota is there, once for both.
    pair.redis.restart().expect("Redis");
    let mut answered = 0;
    for browser in [&first, &second] {
        let deadline = Instant::now() + PATIENCE;
        while sign_up(browser).times(1, source).await.0 == 0 {
            assert!(Instant::now() < deadline, "it still counts alone");
            sleep(Duration::from_millis(100)).await;
        }
        answered += 1;
    }
    for browser in [&first, &second, &first] {
        answered += sign_up(browser).times(3, source).await.0;
    }
    assert_eq!(answered, burst);
}
