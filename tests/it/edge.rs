//! The edge of the real server, with the real schemas: what the outside may ask, how much of it,
//! and what happens to it when something stops or dies.
//!
//! | file | what |
//! | --- | --- |
//! | `protocol.rs` | the packages that others wrote: 61 audits, every close code of the sockets |
//! | `strangers.rs` | every field of both schemas, asked without a session |
//! | `limits.rs` | bounds of documents, bodies, batches and sockets |
//! | `quotas.rs` | how often things may be done, by one process and by two, without Redis too |
//! | `live.rs` | sockets: revoked sessions, readers that do not read, a bus that dies |
//! | `stopping.rs` | SIGTERM under load |
//! | `watching.rs` | the log, the probes and the numbers of the real binary |
//! | `binary.rs`, `pair.rs` | the binary as a process; two servers that share everything |

mod binary;
mod limits;
mod live;
mod pair;
mod protocol;
mod quotas;
mod stopping;
mod strangers;
mod watching;

use hansa_tests::{Browser, Company, PATIENCE, Person, Site, Socket};
use serde_json::{Value, json};

/// A request that every schema answers to everybody.
const ANYTHING: &str = "{ __typename }";
/// A send; see [`message`].
const SEND: &str = "mutation($input: MessageSendInput!) { messageSend(input: $input) {
    problem { code } entry { seq } } }";

/// A company, two of its members, and their conversation.
struct Talk {
    company: Company,
    anna: Person,
    bo: Person,
    conversation: String,
}

impl Talk {
    async fn start(site: &Site, host_name: &str) -> Self {
        let company = site.company(host_name).await;
        let anna = site.colleague(&company, "Anna", "anna").await;
        let bo = site.colleague(&company, "Bo", "bo").await;
        let conversation = anna.browser.talk_to(&bo.member).await;
        Self {
            conversation,
            company,
            anna,
            bo,
        }
    }

    /// Sends a message that nobody sent before.
    async fn send(&self, browser: &Browser, text: &str) {
        let nonce = format!("nonce-{text:.40}");
        let data = browser.gql(SEND, self.message(&nonce, text)).await;
        assert!(data["messageSend"]["entry"].is_object(), "{data}");
    }

    /// The variables of [`SEND`].
    fn message(&self, nonce: &str, text: &str) -> Value {
        let conversation = &self.conversation;
        json!({ "input": { "conversationId": conversation, "nonce": nonce, "text": text } })
    }

    /// The administrator ends the only session of a member, by way of `admin`.
    async fn revoke(&self, admin: &Browser, person: &Person) {
        let query = "query($id: ID!) { sessions(memberId: $id) { edges { node { id } } } }";
        let sessions = admin.gql(query, json!({ "id": person.member })).await;
        let id = &sessions["sessions"]["edges"][0]["node"]["id"];
        let query = "mutation($input: SessionRevokeInput!) { sessionRevoke(input: $input) {
            sessionId } }";
        let revoked = admin.gql(query, json!({ "input": { "id": id } })).await;
        assert_eq!(&revoked["sessionRevoke"]["sessionId"], id);
    }
}

/// The next protocol message of a type; others are passed over.
async fn until(socket: &mut Socket, kind: &str) -> Value {
    let found = async {
        loop {
            let message = socket.next_json().await.expect("a live socket");
            if message["type"] == kind {
                return message;
            }
        }
    };
    // The server's pings alone would keep a test waiting.
    let found = tokio::time::timeout(PATIENCE, found).await;
    found.unwrap_or_else(|_| panic!("no {kind} came"))
}

/// The code with which an operation is refused.
async fn refusal(socket: &mut Socket, id: &str) -> Value {
    let mut message = until(socket, "error").await;
    assert_eq!(message["id"], id, "{message}");
    message["payload"][0]["extensions"]["code"].take()
}

/// `field` under the aliases `a0`, `a1` … `count` times in one operation.
fn many(kind: &str, count: usize, field: &str) -> String {
    let fields = (0..count).map(|n| format!("a{n}: {field}\n"));
    format!("{kind} {{ {} }}", fields.collect::<String>())
}
