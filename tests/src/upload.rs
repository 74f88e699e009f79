//! What a person's page does with files: sends small ones in one request and large ones in parts,
//! waits for the check, and asks for an address to read one under.

use kernel::{SystemClock, SystemRng};
use reqwest::{Method, RequestBuilder, Url};
use serde_json::{Value, json};
use tenancy_model::UploadId;
use tokio::time::{Duration, Instant, sleep};

use crate::{Answer, Browser, Schema, socket::PATIENCE};

const PARTS: &str = "query($id: ID!, $numbers: [Int!]!) { uploadParts(id: $id, numbers: $numbers) {
    problem { code } parts { number sizeBytes url headers { name value } } } }";
const PAUSE: Duration = Duration::from_millis(20);

impl Browser {
    /// Sends a small file; the answer, whatever it is.
    ///
    /// # Panics
    /// When the server cannot be reached or answers no JSON.
    pub async fn send_small(&self, nonce: &str, name: &str, bytes: &[u8]) -> Answer {
        self.send_small_for("MESSAGE", (nonce, name), bytes).await
    }

    /// The same for another purpose.
    ///
    /// # Panics
    /// When the server cannot be reached or answers no JSON.
    pub async fn send_small_for(
        &self,
        purpose: &str,
        (nonce, name): (&str, &str),
        bytes: &[u8],
    ) -> Answer {
        let request = self.small(purpose, (nonce, name));
        let response = request.body(bytes.to_vec()).send().await.expect("a server");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a body");
        let body = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: {text}"));
        Answer { status, body }
    }

    /// Sends a small file to a server that may die meanwhile; none when no whole answer came.
    pub async fn try_send_small(&self, nonce: &str, name: &str, bytes: &[u8]) -> Option<Answer> {
        let request = self.small("MESSAGE", (nonce, name)).body(bytes.to_vec());
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let body = response.json().await.ok()?;
        Some(Answer { status, body })
    }

    fn small(&self, purpose: &str, (nonce, name): (&str, &str)) -> RequestBuilder {
        let path = format!("/files/{}/small", self.tenant().unwrap_or_default());
        let query = [("nonce", nonce), ("name", name), ("purpose", purpose)];
        let url = Url::parse_with_params(&format!("{}{path}", self.base), query);
        let url = url.expect("an address");
        let path = format!("{path}?{}", url.query().unwrap_or_default());
        self.request(Method::POST, &path)
    }

    /// A file that is ready to be used for a purpose; its id.
    ///
    /// # Panics
    /// When it is refused, or not checked in time.
    pub async fn ready_file_for(&self, purpose: &str, name: &str, bytes: &[u8]) -> String {
        let nonce = UploadId::new(&SystemClock, &SystemRng).to_string();
        let sent = self.send_small_for(purpose, (&nonce, name), bytes).await;
        let id = sent.body["upload"]["id"].as_str().map(str::to_owned);
        let id = id.unwrap_or_else(|| panic!("{} {}", sent.status, sent.body));
        let upload = self.checked(&id).await;
        let file = upload["file"]["id"].as_str().map(str::to_owned);
        file.unwrap_or_else(|| panic!("{upload}"))
    }

    /// A file that is ready to be sent; its id.
    ///
    /// # Panics
    /// When it is refused, or not checked in time.
    pub async fn ready_file(&self, name: &str, bytes: &[u8]) -> String {
        self.ready_file_for("MESSAGE", name, bytes).await
    }

    /// An upload as it stands.
    ///
    /// # Panics
    /// When it is not there.
    pub async fn upload(&self, id: &str) -> Value {
        let query = "query($id: ID!) { upload(id: $id) { id state receivedParts partCount
            partSizeBytes problem { code } file { id name kind sizeBytes contentType } } }";
        self.gql(query, json!({ "id": id })).await["upload"].clone()
    }

    /// An upload after its check.
    ///
    /// # Panics
    /// When it is not checked in time.
    pub async fn checked(&self, id: &str) -> Value {
        self.checked_within(id, PATIENCE).await
    }

    /// The same where somebody may have died while checking it.
    ///
    /// # Panics
    /// When it is not checked in time.
    pub async fn checked_within(&self, id: &str, patience: Duration) -> Value {
        let deadline = Instant::now() + patience;
        loop {
            let upload = self.upload(id).await;
            if upload["state"] != "CHECKING" {
                return upload;
            }
            assert!(Instant::now() < deadline, "it is still being checked");
            sleep(PAUSE).await;
        }
    }

    /// Begins an upload in parts; the payload.
    ///
    /// # Panics
    /// When it is an error.
    pub async fn upload_start(&self, nonce: &str, name: &str, size_bytes: u64) -> Value {
        let query = "mutation($input: UploadStartInput!) { uploadStart(input: $input) {
            problem { code field limit used retryAfterS }
            upload { id state partCount partSizeBytes receivedParts } } }";
        let input = json!({ "nonce": nonce, "name": name, "sizeBytes": size_bytes });
        self.gql(query, json!({ "input": input })).await["uploadStart"].clone()
    }

    /// Puts one part where it is told to.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn put_part(&self, upload: &str, number: u32, bytes: &[u8]) {
        let asked = self.gql(PARTS, json!({ "id": upload, "numbers": [number] }));
        let asked = asked.await["uploadParts"].clone();
        let part = &asked["parts"][0];
        assert_eq!(part["sizeBytes"], bytes.len(), "{asked}");
        let put = self.put(part).expect("an address");
        let answer = put.body(bytes.to_vec()).send().await.expect("the store");
        let status = answer.status();
        let told = answer.text().await.unwrap_or_default();
        assert!(status.is_success(), "{status}: {told}");
    }

    /// The same where the server may die meanwhile; whether it was said to have arrived.
    pub async fn try_put_part(&self, upload: &str, number: u32, bytes: &[u8]) -> bool {
        let asked = json!({ "id": upload, "numbers": [number] });
        let Ok(asked) = self.try_ask(Schema::Tenant, PARTS, asked).await else {
            return false;
        };
        let Some(put) = self.put(&asked.body["data"]["uploadParts"]["parts"][0]) else {
            return false;
        };
        let answer = put.body(bytes.to_vec()).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// The request that sends a part, without its bytes.
    fn put(&self, part: &Value) -> Option<RequestBuilder> {
        let mut put = self.client().put(part["url"].as_str()?);
        for header in part["headers"].as_array().into_iter().flatten() {
            let text = |key: &str| header[key].as_str().expect("a text").to_owned();
            if text("name") != "content-length" {
                put = put.header(text("name"), text("value"));
            }
        }
        Some(put)
    }

    /// Completes an upload; the payload.
    ///
    /// # Panics
    /// When it is an error.
    pub async fn upload_complete(&self, id: &str) -> Value {
        let query = "mutation($input: UploadCompleteInput!) { uploadComplete(input: $input) {
            problem { code limit used } upload { id state } } }";
        let done = self.gql(query, json!({ "input": { "id": id } })).await;
        done["uploadComplete"].clone()
    }

    /// The path to read a file under; none where it may not be read.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn grant(&self, file: &str, variant: &str, disposition: &str) -> Option<String> {
        let query = "query($input: FileGrantsInput!) { fileGrants(input: $input) {
            problem { code } grants { fileId url expiresAt } } }";
        let input = json!({ "fileIds": [file], "variant": variant, "disposition": disposition });
        let found = self.gql(query, json!({ "input": input })).await;
        assert_eq!(found["fileGrants"]["problem"], Value::Null, "{found}");
        let url = found["fileGrants"]["grants"][0]["url"].as_str();
        url.map(str::to_owned)
    }

    /// Reads an address as a browser would; status, headers, body.
    ///
    /// # Panics
    /// When the server cannot be reached.
    pub async fn read(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
        let mut request = self.fetch(Method::GET, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.expect("a server");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await.expect("a body");
        (status, headers, body.to_vec())
    }
}
