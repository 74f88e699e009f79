//! The main job: a company signs up, its admin adds colleagues, two of them talk, live.
//!
//! | file | what |
//! | --- | --- |
//! | `signing_up.rs` | form, code, trial |
//! | `doors.rs` | names of a company, accounts, locks, the founder |
//! | `passwords.rs` | slips, mailed links, changes |
//! | `devices.rs` | desktop and phone, tokens, signing out |
//! | `talking.rs` | finding people, sending, history, catching up |
//! | `closing.rs` | a company is suspended while its members send |
//! | `desk.rs` | what these share |

mod closing;
mod desk;
mod devices;
mod doors;
mod passwords;
mod signing_up;
mod talking;

use hansa_tests::{Column, Socket, World};
use serde_json::json;

both_columns! {
    /// covers: TEN-01, TEN-05, LIC-02, LIC-09, DIR-10, SEC-01, SEC-06, MSG-01, MSG-02, MSG-05
    a_company_signs_up_and_two_people_talk
    /// covers: SEC-16, SEC-17
    a_second_desktop_signs_the_first_one_out
    /// covers: SEC-28
    a_revoked_session_loses_its_socket
}

async fn a_company_signs_up_and_two_people_talk(column: Column) {
    let world = World::start(column).await;
    let company = world.company("acme").await;
    let anna = world.colleague(&company, "安娜", "anna").await;
    let bo = world.colleague(&company, "Bo Li", "bo").await;
    let mut anna_hears = Socket::open(&anna.browser).await;
    let mut bo_hears = Socket::open(&bo.browser).await;

    let opened = anna
        .browser
        .gql(
            "mutation($input: ConversationOpenDirectInput!) {
                conversationOpenDirect(input: $input) {
                problem { code } conversation { id title headSeq } } }",
            json!({ "input": { "memberId": bo.member } }),
        )
        .await;
    let conversation = &opened["conversationOpenDirect"]["conversation"];
    assert_eq!(conversation["title"], "Bo Li");
    let send = |nonce: &str| {
        json!({ "input": {
            "conversationId": conversation["id"], "nonce": nonce, "text": "你好 👋",
        } })
    };
    let query = "mutation($input: MessageSendInput!) { messageSend(input: $input) {
        problem { code } duplicate entry { id seq countTo } } }";
    let first = anna.browser.gql(query, send("nonce-0001")).await;
    let again = anna.browser.gql(query, send("nonce-0001")).await;
    assert_eq!(first["messageSend"]["entry"], again["messageSend"]["entry"]);
    assert_eq!(again["messageSend"]["duplicate"], true);

    for socket in [&mut anna_hears, &mut bo_hears] {
        loop {
            let event = socket.hear_type("MessageEvent").await;
            if event["text"] == "你好 👋" {
                assert_eq!(event["seq"], 2);
                assert_eq!(event["authorName"], "安娜");
                break;
            }
        }
    }
    let unread = "query($id: ID!) { conversation(id: $id) { unread title lastEntry { text } } }";
    let seen = bo
        .browser
        .gql(unread, json!({ "id": conversation["id"] }))
        .await;
    assert_eq!(seen["conversation"]["unread"], 1);
    assert_eq!(seen["conversation"]["title"], "安娜");
    let own = anna
        .browser
        .gql(unread, json!({ "id": conversation["id"] }))
        .await;
    assert_eq!(own["conversation"]["unread"], 0);
    world.running.stop().await;
}

async fn a_second_desktop_signs_the_first_one_out(column: Column) {
    let world = World::start(column).await;
    let company = world.company("beta").await;
    let anna = world.colleague(&company, "Anna", "anna").await;
    let mut hears = Socket::open(&anna.browser).await;
    world
        .sign_in("beta", "anna", hansa_tests::MEMBER_PASSWORD, "MEMBER")
        .await
        .expect("the second desktop");
    let ended = hears.hear_type("SessionEndedEvent").await;
    assert_eq!(ended["reason"], "REPLACED");
    assert!(
        ended["by"].as_str().is_some_and(|by| by.contains("Chrome")),
        "{ended}"
    );
    assert_eq!(hears.until_closed().await.0, 4403);
    world.running.stop().await;
}

async fn a_revoked_session_loses_its_socket(column: Column) {
    let world = World::start(column).await;
    let company = world.company("gamma").await;
    let anna = world.colleague(&company, "Anna", "anna").await;
    let mut hears = Socket::open(&anna.browser).await;
    let sessions = company
        .admin
        .browser
        .gql(
            "query($id: ID!) { sessions(memberId: $id) { edges { node { id } } } }",
            json!({ "id": anna.member }),
        )
        .await;
    let id = &sessions["sessions"]["edges"][0]["node"]["id"];
    company
        .admin
        .browser
        .gql(
            "mutation($input: SessionRevokeInput!) { sessionRevoke(input: $input) { sessionId } }",
            json!({ "input": { "id": id } }),
        )
        .await;
    assert_eq!(hears.until_closed().await.0, 4403);
    let gone = anna
        .browser
        .gql("{ viewer { sessionId } }", json!({}))
        .await;
    assert!(gone["viewer"].is_null());
    world.running.stop().await;
}
