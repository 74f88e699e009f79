//! A company is suspended while its members send: what was acknowledged is kept, nothing is
//! acknowledged afterwards, and live sockets go at once.

use std::{collections::BTreeSet, sync::Arc};

use futures::future::join_all;
use hansa_tests::{Browser, Column, Schema, Socket, World};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

both_columns! {
    sends_in_flight_end_with_the_company_and_none_is_lost
}

const SENDERS: usize = 8;
/// The quota is 600 a minute for a member.
const SENDS_MAX: usize = 60;
/// Acknowledged sends after which the company is suspended.
const BEFORE: u32 = 20;

const SEND: &str = "mutation($input: MessageSendInput!) { messageSend(input: $input) {
    problem { code } entry { seq } } }";

/// Sends until it is refused; answers what was acknowledged.
async fn load(browser: Browser, to: String, who: usize, done: Arc<Semaphore>) -> Vec<i64> {
    let mut acknowledged = Vec::new();
    for n in 0..SENDS_MAX {
        let input = json!({ "conversationId": to, "nonce": format!("nonce-{who}-{n:04}"),
            "text": "in flight" });
        let answer = browser
            .ask(Schema::Tenant, SEND, json!({ "input": input }))
            .await;
        let Some(seq) = answer.body["data"]["messageSend"]["entry"]["seq"].as_i64() else {
            let told = answer.code().unwrap_or_default();
            assert!(
                ["UNAUTHENTICATED", "UNAVAILABLE", "FORBIDDEN"].contains(&told),
                "{told}"
            );
            break;
        };
        acknowledged.push(seq);
        done.add_permits(1);
    }
    acknowledged
}

/// The places of every entry of a conversation.
async fn log(browser: &Browser, talk: &str) -> Vec<i64> {
    let mut kept = Vec::new();
    loop {
        let query = "query($id: ID!, $after: String) { conversation(id: $id) {
            entries(first: 100, after: $after) { edges { node { seq } }
            pageInfo { hasNextPage } } } }";
        let after = kept.last().unwrap_or(&0i64).to_string();
        let page = browser
            .gql(query, json!({ "id": talk, "after": after }))
            .await;
        let page = &page["conversation"]["entries"];
        let edges = page["edges"].as_array().cloned().expect("a list");
        kept.extend(edges.iter().filter_map(|edge| edge["node"]["seq"].as_i64()));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    kept
}

async fn sends_in_flight_end_with_the_company_and_none_is_lost(column: Column) {
    let world = World::start(column).await;
    let company = world.company("stopped").await;
    let anna = world.colleague(&company, "Anna", "anna").await;
    let bo = world.colleague(&company, "Bo", "bo").await;
    let talk = anna.browser.talk_to(&bo.member).await;
    let mut hears = Socket::open(&bo.browser).await;
    let done = Arc::new(Semaphore::new(0));
    let loads = (0..SENDERS).map(|who| {
        let browser = [&anna, &bo][who % 2].browser.clone();
        tokio::spawn(load(browser, talk.clone(), who, done.clone()))
    });
    let loads: Vec<_> = loads.collect();
    done.acquire_many(BEFORE).await.expect("open").forget();
    let change = async |query: &str, input: Value| {
        let done = world
            .operator
            .platform(query, json!({ "input": input }))
            .await;
        assert!(!done.to_string().contains("\"code\""), "{done}");
    };
    let suspend = "mutation($input: TenantSuspendInput!) { tenantSuspend(input: $input) {
        problem { code } tenant { status } } }";
    change(suspend, json!({ "id": company.tenant, "reason": "a test" })).await;
    let after = load(anna.browser.clone(), talk.clone(), SENDERS, done.clone()).await;
    assert_eq!(
        after,
        Vec::<i64>::new(),
        "nothing is acknowledged after the suspension"
    );
    let acknowledged = join_all(loads).await.into_iter();
    let acknowledged: Vec<i64> = acknowledged
        .flat_map(|load| load.expect("a load"))
        .collect();
    let once: BTreeSet<i64> = acknowledged.iter().copied().collect();
    assert_eq!(once.len(), acknowledged.len(), "no place was given twice");
    assert!((4400..4500).contains(&hears.until_closed().await.0));
    let told = world
        .sign_in("stopped", "anna", hansa_tests::MEMBER_PASSWORD, "MEMBER")
        .await;
    assert_eq!(told.err().expect("a refusal")["code"], "TENANT_SUSPENDED");

    let resume = "mutation($input: TenantResumeInput!) { tenantResume(input: $input) {
        problem { code } tenant { status } } }";
    change(resume, json!({ "id": company.tenant })).await;
    let kept = log(&anna.browser, &talk).await;
    let gapless: Vec<i64> = (1..=i64::try_from(kept.len()).expect("few")).collect();
    assert_eq!(kept, gapless);
    assert!(
        once.iter().all(|seq| kept.contains(seq)),
        "every acknowledged one is there"
    );
    world.running.stop().await;
}
