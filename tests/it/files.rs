//! Files, from a page's point of view: they come in, are sent, are read by whoever may, and are
//! refused with the limit.
//!
//! | file | what |
//! | --- | --- |
//! | `sending.rs` | messages with files and folders, pictures of people |
//! | `reading.rs` | grants: for one session, one file, ten minutes, and an open membership |
//! | `limits.rs` | every refusal names the limit and the usage |
//! | `failing.rs` | the object store is away; the server is killed in the middle |

mod failing;
mod limits;
mod reading;
mod sending;

use std::sync::Arc;

use api_server::RootConfig;
use hansa_tests::{Browser, Column, Company, Person, World};
use kernel::{Clock, SystemClock};
use serde_json::{Value, json};

/// A picture of eight by eight pixels.
const PICTURE: &[u8] = include_bytes!("files/dot.png");

/// Two colleagues who talk to one another.
struct Office {
    world: World,
    company: Company,
    anna: Person,
    bo: Person,
    conversation: String,
}

impl Office {
    async fn start(column: Column) -> Self {
        Self::start_with(column, Arc::new(SystemClock), |_| {}).await
    }

    async fn start_with(
        column: Column,
        clock: Arc<dyn Clock>,
        change: impl FnOnce(&mut RootConfig),
    ) -> Self {
        let world = World::start_with(column, clock, change).await;
        let company = world.company("filing").await;
        let anna = world.colleague(&company, "Anna", "anna").await;
        let bo = world.colleague(&company, "Bo", "bo").await;
        let conversation = anna.browser.talk_to(&bo.member).await;
        Self {
            world,
            company,
            anna,
            bo,
            conversation,
        }
    }

    /// Sends a message with what `more` adds to it; the payload.
    async fn send(&self, browser: &Browser, nonce: &str, more: Value) -> Value {
        let query = "mutation($input: MessageSendInput!) { messageSend(input: $input) {
            problem { code field limit used } duplicate entry { id seq text attachments {
            id name kind sizeBytes contentType width state fileCount } } } }";
        let mut input = json!({ "conversationId": self.conversation, "nonce": nonce });
        for (key, value) in more.as_object().into_iter().flatten() {
            input[key] = value.clone();
        }
        browser.gql(query, json!({ "input": input })).await["messageSend"].clone()
    }

    /// Anna sends Bo a file; its id.
    async fn sent_file(&self, name: &str, bytes: &[u8]) -> String {
        let file = self.anna.browser.ready_file(name, bytes).await;
        let nonce = format!("send-{file}");
        let more = json!({ "attachmentIds": [file] });
        let sent = self.send(&self.anna.browser, &nonce, more).await;
        assert_eq!(sent["problem"], Value::Null, "{sent}");
        file
    }
}

/// The code and the numbers of a payload's problem.
fn told(payload: &Value) -> (&str, u64, u64) {
    let problem = &payload["problem"];
    let number = |key: &str| problem[key].as_u64().unwrap_or_default();
    let code = problem["code"].as_str().unwrap_or_default();
    (code, number("limit"), number("used"))
}
