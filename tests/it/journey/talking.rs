//! Two people find each other and talk: search, one conversation a pair, sends that are kept once,
//! history by page, unread counts, and catching up after a lost connection.

use std::sync::Arc;

use futures::future::join_all;
use hansa_tests::{Browser, Column, Company, Person, Schema, Socket, World};
use kernel::SystemClock;
use serde_json::{Value, json};

use super::desk::{code, hire, text};

both_columns! {
    /// covers: DIR-02, DIR-10, DIR-49, SRC-01, MSG-02
    people_are_found_by_name_account_and_pinyin
    /// covers: MSG-01, MSG-05
    a_send_is_kept_once_however_often_it_is_tried
    history_comes_by_page
    the_read_mark_moves_unread
    who_was_away_catches_up
}

const SEND: &str = "mutation($input: MessageSendInput!) { messageSend(input: $input) {
    problem { code field limit } duplicate entry { id seq countTo text nonce } } }";
const ENTRIES: &str = "query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    conversation(id: $id) { unread readSeq headSeq peerReadSeq
    entries(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { seq text } } pageInfo { hasNextPage hasPreviousPage startCursor
    endCursor } } } }";
const SYNC: &str = "query($position: String) { sync(position: $position) { position more
    conversations { id unread headSeq title } } }";

async fn send(browser: &Browser, conversation: &str, nonce: &str, words: &str) -> Value {
    let input = json!({ "conversationId": conversation, "nonce": nonce, "text": words });
    let done = browser.gql(SEND, json!({ "input": input })).await;
    done["messageSend"].clone()
}

async fn pair(world: &World, host_name: &str) -> (Company, Person, Person, String) {
    let company = world.company(host_name).await;
    let anna = world.colleague(&company, "Anna", "anna").await;
    let bo = world.colleague(&company, "Bo", "bo").await;
    let conversation = anna.browser.talk_to(&bo.member).await;
    (company, anna, bo, conversation)
}

async fn people_are_found_by_name_account_and_pinyin(column: Column) {
    let world = World::start(column).await;
    let company = world.company("searched").await;
    let owner = &company.admin.browser;
    let make = "mutation($input: DepartmentCreateInput!) { departmentCreate(input: $input) {
        problem { code } department { id } } }";
    let input = json!({ "input": { "name": "销售部", "orderNumber": 1 } });
    let sales = text(&owner.gql(make, input).await["departmentCreate"]["department"]["id"]);
    let form = json!({ "name": "张伟", "account": "E1001", "slip": true,
        "departmentIds": [sales] });
    let wei = text(&hire(owner, form).await["member"]["id"]);
    let anna = world.colleague(&company, "Anna Li", "anna").await;
    let found = async |term: &str| {
        let query = "query($term: String) { members(search: $term) { edges { node { id } } } }";
        let page = anna.browser.gql(query, json!({ "term": term })).await;
        let edges = page["members"]["edges"]
            .as_array()
            .cloned()
            .expect("a list");
        edges
            .iter()
            .map(|edge| text(&edge["node"]["id"]))
            .collect::<Vec<_>>()
    };
    let by = [
        "张伟",
        "张",
        "zhangwei",
        "zhang wei",
        "ZHANG",
        "zw",
        "e1001",
        "E10",
    ];
    for term in by {
        assert_eq!(found(term).await, [wei.as_str()], "{term}");
    }
    assert_eq!(found("anna").await, [anna.member.as_str()]);
    for term in ["%", "_", "liwei", "'"] {
        assert!(found(term).await.is_empty(), "{term}");
    }
    let query = "query($id: ID!) { department(id: $id) { name memberCount }
        members(departmentId: $id) { edges { node { name departments { name } } } } }";
    let seen = anna.browser.gql(query, json!({ "id": sales })).await;
    assert_eq!(
        seen["department"],
        json!({ "name": "销售部", "memberCount": 1 })
    );
    let wei_there = json!([{ "node": { "name": "张伟", "departments": [{ "name": "销售部" }] } }]);
    assert_eq!(seen["members"]["edges"], wei_there);
    // Colleagues talk with nothing to add first, and each pair in one conversation.
    let conversation = anna.browser.talk_to(&wei).await;
    assert_eq!(anna.browser.talk_to(&wei).await, conversation);
    assert_eq!(
        code(&send(&anna.browser, &conversation, "nonce-01", "你好").await),
        "IN"
    );
    world.running.stop().await;
}

async fn a_send_is_kept_once_however_often_it_is_tried(column: Column) {
    // The longest message is longer than the small bodies of other tests.
    let world = World::start_with(column, Arc::new(SystemClock), |config| {
        config.http.graphql = api_http::HttpConfig::default().graphql;
    })
    .await;
    let (_, anna, bo, conversation) = pair(&world, "once").await;
    assert_eq!(
        bo.browser.talk_to(&anna.member).await,
        conversation,
        "the same from both sides"
    );
    let mut hears = Socket::open(&bo.browser).await;
    let tries = (0..8).map(|_| send(&anna.browser, &conversation, "the-nonce", "on the way 👋"));
    let answers = join_all(tries).await;
    let first = answers.iter().filter(|answer| answer["duplicate"] == false);
    assert_eq!(first.count(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer["entry"] == answers[0]["entry"])
    );
    assert_eq!(answers[0]["entry"]["seq"], 2);
    let other = send(&anna.browser, &conversation, "the-nonce", "something else").await;
    assert_eq!(code(&other), "NONCE_REUSED");
    let own = send(
        &bo.browser,
        &conversation,
        "the-nonce",
        "bo has nonces of his own",
    )
    .await;
    assert_eq!(
        (code(&own).as_str(), &own["entry"]["seq"]),
        ("IN", &json!(3))
    );
    for (nonce, words, told) in [
        ("short", "hello", "TOO_SHORT"),
        ("nonce-0001", " \n", "MESSAGE_EMPTY"),
        ("nonce-0001", &*"字".repeat(10_001), "MESSAGE_TOO_LONG"),
        ("nonce-0001", &*"字".repeat(2_000), "IN"),
    ] {
        let done = send(&anna.browser, &conversation, nonce, words).await;
        assert_eq!(code(&done), told);
    }
    let heard = [2, 3, 4];
    for seq in heard {
        let event = hears.hear_type("MessageEvent").await;
        assert_eq!(event["seq"], seq, "each once, in order: {event}");
    }
    world.running.stop().await;
}

async fn history_comes_by_page(column: Column) {
    let world = World::start(column).await;
    let (_, anna, bo, conversation) = pair(&world, "paged").await;
    for n in 1..=5 {
        send(
            &anna.browser,
            &conversation,
            &format!("nonce-{n:04}"),
            &format!("{n}"),
        )
        .await;
    }
    let page = async |of: Value| {
        let mut arguments = json!({ "id": conversation });
        let of = of.as_object().expect("arguments").clone();
        arguments.as_object_mut().expect("an object").extend(of);
        bo.browser.gql(ENTRIES, arguments).await["conversation"].clone()
    };
    let seqs = |page: &Value| {
        let edges = page["entries"]["edges"]
            .as_array()
            .cloned()
            .expect("a list");
        edges
            .iter()
            .map(|edge| edge["node"]["seq"].as_i64().expect("a number"))
            .collect()
    };
    let newest = page(json!({ "last": 2 })).await;
    let seen: Vec<i64> = seqs(&newest);
    assert_eq!(seen, [5, 6]);
    assert_eq!(newest["entries"]["pageInfo"]["hasPreviousPage"], true);
    assert_eq!(
        (&newest["unread"], &newest["readSeq"]),
        (&json!(5), &json!(1))
    );
    let start = &newest["entries"]["pageInfo"]["startCursor"];
    let older = page(json!({ "last": 3, "before": start })).await;
    let seen: Vec<i64> = seqs(&older);
    assert_eq!(seen, [2, 3, 4]);
    let forward = page(json!({ "first": 100, "after": "4" })).await;
    let seen: Vec<i64> = seqs(&forward);
    assert_eq!(
        (seen, &forward["entries"]["pageInfo"]["hasNextPage"]),
        (vec![5, 6], &json!(false))
    );
    world.running.stop().await;
}

async fn the_read_mark_moves_unread(column: Column) {
    let world = World::start(column).await;
    let (_, anna, bo, conversation) = pair(&world, "marked").await;
    for n in 1..=5 {
        send(&anna.browser, &conversation, &format!("nonce-{n:04}"), "x").await;
    }
    let mut hears = Socket::open(&anna.browser).await;
    let move_to = async |seq: i64| {
        let query = "mutation($input: ReadMarkMoveInput!) { readMarkMove(input: $input) {
            problem { code } conversation { unread readSeq } } }";
        let input = json!({ "input": { "conversationId": conversation, "seq": seq } });
        bo.browser.gql(query, input).await["readMarkMove"]["conversation"].clone()
    };
    assert_eq!(move_to(4).await, json!({ "unread": 2, "readSeq": 4 }));
    assert_eq!(
        move_to(3).await,
        json!({ "unread": 2, "readSeq": 4 }),
        "only forward"
    );
    let told = hears.hear_type("ReadMarkEvent").await;
    assert_eq!(
        (&told["memberId"], &told["seq"]),
        (&json!(bo.member), &json!(4))
    );
    let own = anna
        .browser
        .gql(ENTRIES, json!({ "id": conversation, "last": 1 }))
        .await;
    assert_eq!(own["conversation"]["peerReadSeq"], 4);
    assert_eq!(own["conversation"]["unread"], 0, "one's own are read");
    send(&bo.browser, &conversation, "nonce-reply", "6").await;
    assert_eq!(move_to(6).await["unread"], 0);
    let own = anna
        .browser
        .gql(ENTRIES, json!({ "id": conversation, "last": 1 }))
        .await;
    assert_eq!(own["conversation"]["unread"], 1);
    world.running.stop().await;
}

async fn who_was_away_catches_up(column: Column) {
    let world = World::start(column).await;
    let (company, anna, bo, conversation) = pair(&world, "away").await;
    let eve = world.colleague(&company, "Eve", "eve").await;
    send(&anna.browser, &conversation, "nonce-0001", "before").await;
    let sync = async |position: &Value| {
        let page = bo.browser.gql(SYNC, json!({ "position": position })).await["sync"].clone();
        assert_eq!(page["more"], false);
        page
    };
    let known = sync(&Value::Null).await;
    assert_eq!(known["conversations"][0]["headSeq"], 2);
    drop(Socket::open(&bo.browser).await);
    for n in 2..=4 {
        send(
            &anna.browser,
            &conversation,
            &format!("nonce-{n:04}"),
            "meanwhile",
        )
        .await;
    }
    let other = eve.browser.talk_to(&bo.member).await;
    send(&eve.browser, &other, "nonce-0001", "hello").await;

    let changed = sync(&known["position"]).await;
    let list = changed["conversations"]
        .as_array()
        .cloned()
        .expect("a list");
    let mut seen: Vec<_> = list
        .iter()
        .map(|c| (text(&c["title"]), c["unread"].clone()))
        .collect();
    seen.sort_by(|a, b| a.0.cmp(&b.0));
    seen.dedup();
    assert_eq!(
        seen,
        [("Anna".to_owned(), json!(4)), ("Eve".to_owned(), json!(1))]
    );
    let rest = json!({ "id": conversation, "first": 100, "after": "2" });
    let rest = bo.browser.gql(ENTRIES, rest).await;
    let edges = rest["conversation"]["entries"]["edges"]
        .as_array()
        .cloned()
        .expect("a list");
    let seqs: Vec<_> = edges
        .iter()
        .map(|edge| edge["node"]["seq"].clone())
        .collect();
    assert_eq!(seqs, [3, 4, 5], "what was missed, and nothing else");
    // Nobody else's log is anybody's to read.
    let foreign = eve
        .browser
        .ask(Schema::Tenant, ENTRIES, json!({ "id": conversation }));
    assert_eq!(foreign.await.code(), Some("NOT_FOUND"));
    world.running.stop().await;
}
