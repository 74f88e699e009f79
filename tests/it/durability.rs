//! Nothing that was acknowledged is lost, whatever is killed when. The server is the real binary
//! in a process of its own; PostgreSQL and strace are the real ones too.
//!
//! | file | what |
//! | --- | --- |
//! | `load.rs` | `kill -9` of the server and of PostgreSQL while people send |
//! | `trace.rs` | the log is on disk between the arrival of a send and its answer |
//! | `provisioning.rs` | `kill -9` while a tenant is being made |
//! | `uploads.rs`, `uploader.rs` | `kill -9` at every step of an upload |
//! | `store_away.rs` | the object store stops while files are on their way |

mod load;
mod provisioning;
mod store_away;
mod trace;
mod uploader;
mod uploads;

use hansa_tests::{Browser, Person, Schema, Site};
use serde_json::{Value, json};

/// Two members with a conversation of their own.
struct Talk {
    conversation: String,
    people: [Person; 2],
}

/// An acknowledged message.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sent {
    nonce: String,
    seq: i64,
}

impl Talk {
    /// A company signs up, and two of its members open a conversation.
    async fn start(site: &Site) -> Self {
        let company = site.company("durable").await;
        let anna = site.colleague(&company, "Anna", "anna").await;
        let bo = site.colleague(&company, "Bo", "bo").await;
        let conversation = anna.browser.talk_to(&bo.member).await;
        Self {
            conversation,
            people: [anna, bo],
        }
    }
}

/// Sends one message; `None` when it was not acknowledged.
async fn send(browser: &Browser, conversation: &str, nonce: &str) -> Option<Sent> {
    let query = "mutation($input: MessageSendInput!) { messageSend(input: $input) {
        problem { code } entry { seq nonce } } }";
    let text = format!("text of {nonce}");
    let input = json!({ "conversationId": conversation, "nonce": nonce, "text": text });
    let answer = browser.try_ask(Schema::Tenant, query, json!({ "input": input }));
    let body = answer.await.ok()?.body;
    let payload = &body["data"]["messageSend"];
    assert_eq!(payload["problem"], Value::Null, "{body}");
    let seq = payload["entry"]["seq"].as_i64()?;
    assert_eq!(payload["entry"]["nonce"], nonce, "{body}");
    Some(Sent {
        nonce: nonce.to_owned(),
        seq,
    })
}
