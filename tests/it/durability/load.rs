//! Several people send at once and something is killed; those who got no answer send the same
//! again, and then every message is there exactly once.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use hansa_tests::service::postgres::Postgres;
use hansa_tests::{Browser, Column, Deployment, PATIENCE};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::{Sent, Talk, send};

/// Each member sends from this many places at once.
const SENDERS: usize = 4;
/// Messages after which a sender stops by itself; the quota is 600 a minute for a member.
const MESSAGES_MAX: usize = 60;
/// Acknowledged messages after which something is killed.
const ACKNOWLEDGED: u32 = 40;
/// How often the server is killed.
const ROUNDS: usize = 2;
/// Entries asked for at once.
const PAGE: usize = 50;
/// Between two tries of a message that was not acknowledged.
const PAUSE: Duration = Duration::from_millis(50);

both_columns! {
    /// covers: MSG-02
    a_killed_server_loses_and_doubles_nothing
}

async fn a_killed_server_loses_and_doubles_nothing(column: Column) {
    let mut deployment = Deployment::start(column).await;
    let talk = Talk::start(&deployment.site).await;
    let mut sent = Vec::new();
    for round in 0..ROUNDS {
        let load = Load::start(&talk, round).await;
        deployment.kill9();
        let (acknowledged, cut_off) = load.end().await;
        deployment.restart();
        sent.extend(acknowledged);
        sent.extend(again(&talk, cut_off).await);
        everything_is_there_once(&talk, &sent).await;
    }
}

/// covers: MSG-02
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_postgresql_loses_and_doubles_nothing() {
    let mut postgres = Postgres::start().expect("PostgreSQL");
    let database = postgres.fresh_database().await.expect("a database");
    let deployment = Deployment::start_on(Some(database)).await;
    let server = deployment.pid().expect("a server");
    let talk = Talk::start(&deployment.site).await;
    let mut sent = Vec::new();
    for round in 0..ROUNDS {
        let load = Load::start(&talk, round).await;
        postgres.kill9();
        let (acknowledged, cut_off) = load.end().await;
        postgres.restart().expect("PostgreSQL");
        sent.extend(acknowledged);
        sent.extend(again(&talk, cut_off).await);
        everything_is_there_once(&talk, &sent).await;
    }
    assert_eq!(deployment.pid(), Some(server), "the server itself goes on");
}

/// A message that somebody sent and got no answer to.
struct CutOff {
    person: usize,
    nonce: String,
}

/// What a sender was told, and the nonce that was not answered.
type Outcome = (Vec<Sent>, Option<String>);

/// People who send until they get no answer.
struct Load {
    senders: Vec<(usize, JoinHandle<Outcome>)>,
}

impl Load {
    /// Returns in the middle of it: after [`ACKNOWLEDGED`] messages.
    async fn start(talk: &Talk, round: usize) -> Self {
        let heard = Arc::new(Semaphore::new(0));
        let mut senders = Vec::new();
        for (person, who) in talk.people.iter().enumerate() {
            for place in 0..SENDERS {
                let (browser, heard) = (who.browser.clone(), heard.clone());
                let (conversation, name) = (
                    talk.conversation.clone(),
                    format!("{round}-{person}-{place}"),
                );
                let sender = sender(browser, conversation, name, heard);
                senders.push((person, tokio::spawn(sender)));
            }
        }
        let enough = tokio::time::timeout(PATIENCE, heard.acquire_many(ACKNOWLEDGED)).await;
        drop(enough.expect("acknowledged messages").expect("a count"));
        Self { senders }
    }

    /// Waits until everybody was cut off; what was acknowledged, and what was not.
    async fn end(self) -> (Vec<Sent>, Vec<CutOff>) {
        let (mut acknowledged, mut cut_off) = (Vec::new(), Vec::new());
        for (person, sender) in self.senders {
            let (sent, open) = sender.await.expect("a sender");
            acknowledged.extend(sent);
            cut_off.extend(open.map(|nonce| CutOff { person, nonce }));
        }
        assert!(!cut_off.is_empty(), "nobody was in the middle of anything");
        (acknowledged, cut_off)
    }
}

async fn sender(
    browser: Browser,
    conversation: String,
    name: String,
    heard: Arc<Semaphore>,
) -> Outcome {
    let mut sent = Vec::new();
    for n in 0..MESSAGES_MAX {
        let nonce = format!("nonce-{name}-{n}");
        match send(&browser, &conversation, &nonce).await {
            Some(one) => sent.push(one),
            None => return (sent, Some(nonce)),
        }
        heard.add_permits(1);
    }
    (sent, None)
}

/// Sends again what nobody answered, as a client does: with the same nonce, until it is answered.
async fn again(talk: &Talk, cut_off: Vec<CutOff>) -> Vec<Sent> {
    let tries = cut_off.iter().map(|open| async {
        let browser = &talk.people[open.person].browser;
        let until_answered = async {
            loop {
                if let Some(sent) = send(browser, &talk.conversation, &open.nonce).await {
                    return sent;
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        let answered = tokio::time::timeout(PATIENCE, until_answered).await;
        answered.expect("an answer to a message that was sent again")
    });
    join_all(tries).await
}

/// The log has no gap, and holds what was acknowledged, where it was said to be, and nothing else.
async fn everything_is_there_once(talk: &Talk, sent: &[Sent]) {
    for person in &talk.people {
        let log = log_of(&person.browser, &talk.conversation).await;
        let seqs: Vec<i64> = log.iter().map(|(seq, _)| *seq).collect();
        let gapless: Vec<i64> = (1..).take(log.len()).collect();
        assert_eq!(seqs, gapless);
        let mut there: Vec<(i64, &str)> = log
            .iter()
            .filter_map(|(seq, nonce)| Some((*seq, nonce.as_deref()?)))
            .collect();
        there.sort_unstable();
        let mut said: Vec<(i64, &str)> = sent
            .iter()
            .map(|one| (one.seq, one.nonce.as_str()))
            .collect();
        said.sort_unstable();
        assert_eq!(there, said);
    }
}

/// The whole log, page by page: sequence and nonce.
async fn log_of(browser: &Browser, conversation: &str) -> Vec<(i64, Option<String>)> {
    let query = "query($id: ID!, $first: Int!, $after: String) { conversation(id: $id) {
        entries(first: $first, after: $after) {
            edges { node { seq nonce } } pageInfo { hasNextPage endCursor } } } }";
    let (mut log, mut after) = (Vec::new(), json!(null));
    loop {
        let page = json!({ "id": conversation, "first": PAGE, "after": after });
        let data = browser.gql(query, page).await;
        let entries = &data["conversation"]["entries"];
        for edge in entries["edges"].as_array().expect("edges") {
            let node = &edge["node"];
            let nonce = node["nonce"].as_str().map(str::to_owned);
            log.push((node["seq"].as_i64().expect("a sequence"), nonce));
        }
        if entries["pageInfo"]["hasNextPage"] != true {
            return log;
        }
        after = entries["pageInfo"]["endCursor"].clone();
    }
}
