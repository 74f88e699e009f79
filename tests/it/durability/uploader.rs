//! Somebody's page that wants a file to arrive and be sent, whatever happens to the server: what
//! was not answered is asked again, with the same nonce.

use std::collections::BTreeSet;
use std::time::Duration;

use hansa_tests::{Browser, Schema};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::sleep;

/// Between two tries, and two looks at a check.
const PAUSE: Duration = Duration::from_millis(200);

/// How far a page has come for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// Nothing was asked.
    Nothing,
    /// The upload has an id.
    Started,
    /// Its first part has arrived.
    PartSent,
    /// The last bytes are on their way.
    LastBytes,
    /// It was asked to be completed.
    Completing,
    /// It is complete, and being checked.
    Complete,
    /// It can be sent.
    Ready,
    /// A message with it is on its way.
    Sending,
}

/// A page with one file.
pub(super) struct Uploader {
    pub(super) browser: Browser,
    pub(super) conversation: String,
    /// Of the upload and of the message.
    pub(super) nonce: String,
    pub(super) bytes: Vec<u8>,
    /// Whether it goes in one request.
    pub(super) small: bool,
    pub(super) step: watch::Sender<Step>,
}

impl Uploader {
    /// Until the message with the file is acknowledged; the file.
    pub(super) async fn run(self) -> String {
        let mut arrived = BTreeSet::new();
        let upload = loop {
            let tried = match self.small {
                true => self.try_small().await,
                false => self.try_parts(&mut arrived).await,
            };
            match tried {
                Some(upload) => break upload,
                None => sleep(PAUSE).await,
            }
        };
        self.reach(Step::Complete);
        let file = self.checked(&upload).await;
        self.reach(Step::Ready);
        while self.try_send(&file).await.is_none() {
            sleep(PAUSE).await;
        }
        file
    }

    /// Only ever onwards.
    fn reach(&self, step: Step) {
        self.step.send_if_modified(|reached| {
            let further = step > *reached;
            *reached = step.max(*reached);
            further
        });
    }

    /// `data` of an answer; none where no answer came, or one that says to try again.
    async fn ask(&self, query: &str, variables: Value) -> Option<Value> {
        let answer = self.browser.try_ask(Schema::Tenant, query, variables);
        let answer = answer.await.ok()?;
        if answer.code() == Some("UNAVAILABLE") {
            return None;
        }
        Some(answer.data())
    }

    /// One try from where it stands; the upload when it is complete. What has arrived is never
    /// asked for again.
    async fn try_parts(&self, arrived: &mut BTreeSet<u32>) -> Option<String> {
        let input = json!({ "nonce": self.nonce, "name": "large.bin",
            "sizeBytes": self.bytes.len() });
        let begun = self.ask(START, json!({ "input": input })).await?;
        let upload = &begun["uploadStart"]["upload"];
        let id = upload["id"].as_str().unwrap_or_else(|| panic!("{begun}"));
        self.reach(Step::Started);
        if upload["state"] != "RECEIVING" {
            return Some(id.to_owned());
        }
        let size = usize::try_from(upload["partSizeBytes"].as_u64()?).ok()?;
        let there = upload["receivedParts"].as_array().into_iter().flatten();
        let there: BTreeSet<u32> = there
            .filter_map(|number| number.as_u64()?.try_into().ok())
            .collect();
        assert!(
            arrived.is_subset(&there),
            "{arrived:?} had arrived: {upload}"
        );
        let count = self.bytes.len().div_ceil(size);
        for (number, part) in (1..).zip(self.bytes.chunks(size)) {
            if there.contains(&number) {
                continue;
            }
            if number as usize == count {
                self.reach(Step::LastBytes);
            }
            if !self.browser.try_put_part(id, number, part).await {
                return None;
            }
            arrived.insert(number);
            self.reach(Step::PartSent);
        }
        self.reach(Step::Completing);
        let done = self.ask(COMPLETE, json!({ "input": { "id": id } }));
        let done = done.await?;
        assert_eq!(done["uploadComplete"]["problem"], Value::Null, "{done}");
        Some(id.to_owned())
    }

    async fn try_small(&self) -> Option<String> {
        self.reach(Step::LastBytes);
        let sent = self
            .browser
            .try_send_small(&self.nonce, "small.bin", &self.bytes);
        let sent = sent.await?;
        if sent.status == 503 {
            return None;
        }
        let id = sent.body["upload"]["id"].as_str();
        let id = id.unwrap_or_else(|| panic!("{} {}", sent.status, sent.body));
        Some(id.to_owned())
    }

    /// The file, once it is one.
    async fn checked(&self, upload: &str) -> String {
        loop {
            let found = self.ask(UPLOAD, json!({ "id": upload })).await;
            let upload = found.map(|found| found["upload"].clone());
            if let Some(upload) = upload {
                match upload["file"]["id"].as_str() {
                    Some(file) => return file.to_owned(),
                    None => assert_eq!(upload["state"], "CHECKING", "{upload}"),
                }
            }
            sleep(PAUSE).await;
        }
    }

    async fn try_send(&self, file: &str) -> Option<()> {
        self.reach(Step::Sending);
        let input = json!({ "conversationId": self.conversation, "nonce": self.nonce,
            "attachmentIds": [file] });
        let sent = self.ask(SEND, json!({ "input": input })).await?;
        let attached = &sent["messageSend"]["entry"]["attachments"];
        assert_eq!(attached[0]["id"], file, "{sent}");
        Some(())
    }
}

const START: &str = "mutation($input: UploadStartInput!) { uploadStart(input: $input) {
    problem { code } upload { id state partSizeBytes receivedParts } } }";
const COMPLETE: &str = "mutation($input: UploadCompleteInput!) { uploadComplete(input: $input) {
    problem { code used limit } } }";
const UPLOAD: &str = "query($id: ID!) { upload(id: $id) { state problem { code } file { id } } }";
const SEND: &str = "mutation($input: MessageSendInput!) { messageSend(input: $input) {
    problem { code } entry { attachments { id } } } }";
