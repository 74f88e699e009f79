//! What a page does with files, at the least cost to the machine that also runs the server: the
//! bytes are made while they are sent.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::{Body, Method, RequestBuilder, header};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::client::{PATH, Pass};

/// Of a body, made at once.
const CHUNK_BYTES: usize = 64 * 1024;
/// Parts of one file on their way at once, as in the web client.
pub(crate) const PARTS_AT_ONCE: usize = 3;
/// Part numbers asked for at once, as in the web client.
const ADDRESSES_AT_ONCE: usize = 8;
/// Between two looks at an upload that is being checked.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// After it, a check has failed.
const CHECKED_WITHIN: Duration = Duration::from_secs(900);

/// Bytes that no other seed has, of a size that is told before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noise {
    /// Distinguishes it.
    pub(crate) seed: u64,
    /// How many.
    pub(crate) size_bytes: u64,
}

impl Noise {
    /// As a body that is made while it is sent.
    fn body(self) -> Body {
        // An xorshift must not begin with zero, and neighbours should differ from the start.
        let state = self
            .seed
            .wrapping_add(1)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            | 1;
        let chunks = stream::unfold((state, self.size_bytes), |(state, left)| async move {
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(CHUNK_BYTES);
            if count == 0 {
                return None;
            }
            let (chunk, state) = chunk(state, count);
            Some((Ok::<_, std::io::Error>(chunk), (state, left - count as u64)))
        });
        Body::wrap_stream(chunks)
    }

    /// Adds it to a request, with its length.
    fn sent_by(self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header(header::CONTENT_LENGTH, self.size_bytes);
        request.body(self.body())
    }
}

fn chunk(mut state: u64, count: usize) -> (Bytes, u64) {
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(count);
    (bytes.into(), state)
}

/// Puts bytes under an address, signed or not.
pub(crate) async fn put(client: &reqwest::Client, (url, headers): (&str, &Headers), noise: Noise) {
    let mut request = client.put(url);
    for (name, value) in headers {
        if !name.eq_ignore_ascii_case("content-length") {
            request = request.header(name, value);
        }
    }
    let answer = noise.sent_by(request).send().await.expect("a server");
    assert!(answer.status().is_success(), "{}", answer.status());
}

/// Reads an address to its end; how many bytes came.
pub(crate) async fn read(request: RequestBuilder) -> u64 {
    let answer = request.send().await.expect("a server");
    assert!(answer.status().is_success(), "{}", answer.status());
    let sizes = answer.bytes_stream().map_ok(|chunk| chunk.len() as u64);
    let sizes = sizes.try_fold(0, |sum, size| async move { Ok(sum + size) });
    sizes.await.expect("a body")
}

/// Connections of its own.
pub(crate) fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().build();
    client.expect("a client")
}

/// Names and values.
pub(crate) type Headers = Vec<(String, String)>;

/// Somebody's page.
#[derive(Clone)]
pub(crate) struct Page {
    /// What sends its requests.
    pub(crate) client: reqwest::Client,
    base: String,
    pass: Pass,
}

impl Page {
    /// Of somebody who is signed in at `base`.
    pub(crate) fn new(base: &str, pass: &Pass) -> Self {
        Self {
            client: client(),
            base: base.to_owned(),
            pass: pass.clone(),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        request
            .header(header::ORIGIN, &self.base)
            .header(header::COOKIE, self.pass.cookie())
            .header("Hansa-Tenant", &self.pass.tenant)
            .header("Hansa-Surface", "member")
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let sent = self.request(Method::POST, PATH).json(&body).send().await;
        let mut answer: Value = sent.expect("a server").json().await.expect("JSON");
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].take()
    }

    /// Sends a file in parts and completes it; the upload.
    pub(crate) async fn upload(&self, noise: Noise) -> String {
        let input = json!({ "nonce": nonce(noise), "name": "noise.bin",
            "sizeBytes": noise.size_bytes });
        let started = self.ask(START, json!({ "input": input })).await;
        let upload = &started["uploadStart"]["upload"];
        let id = upload["id"].as_str().unwrap_or_else(|| panic!("{started}"));
        let numbers: Vec<u64> = (1..=upload["partCount"].as_u64().expect("a count")).collect();
        for numbers in numbers.chunks(ADDRESSES_AT_ONCE) {
            let asked = json!({ "id": id, "numbers": numbers });
            let told = self.ask(PARTS, asked).await;
            let parts = told["uploadParts"]["parts"].as_array();
            let puts = parts.expect("parts").iter().map(|part| {
                let of_part = Noise {
                    seed: noise.seed + part["number"].as_u64().expect("a number"),
                    size_bytes: part["sizeBytes"].as_u64().expect("a size"),
                };
                self.put_part(part, of_part)
            });
            let puts = stream::iter(puts).buffer_unordered(PARTS_AT_ONCE);
            puts.collect::<()>().await;
        }
        let done = self.ask(COMPLETE, json!({ "input": { "id": id } })).await;
        assert_eq!(done["uploadComplete"]["problem"], Value::Null, "{done}");
        id.to_owned()
    }

    async fn put_part(&self, part: &Value, noise: Noise) {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let headers = part["headers"].as_array().into_iter().flatten();
        let headers = headers.map(|header| (text(&header["name"]), text(&header["value"])));
        put(
            &self.client,
            (&text(&part["url"]), &headers.collect()),
            noise,
        )
        .await;
    }

    /// Sends a small file; the upload.
    pub(crate) async fn send_small(&self, noise: Noise) -> String {
        let (tenant, nonce) = (&self.pass.tenant, nonce(noise));
        let path = format!("/files/{tenant}/small?name=noise.bin&nonce={nonce}");
        let request = self.request(Method::POST, &path);
        let sent = noise.sent_by(request).send().await.expect("a server");
        let answer: Value = sent.json().await.expect("JSON");
        let id = answer["upload"]["id"].as_str();
        id.unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// The file that an upload became, after its check.
    pub(crate) async fn checked(&self, upload: &str) -> String {
        let began = Instant::now();
        loop {
            let found = self.ask(UPLOAD, json!({ "id": upload })).await;
            let upload = &found["upload"];
            match upload["file"]["id"].as_str() {
                Some(file) => return file.to_owned(),
                None => assert_eq!(upload["state"], "CHECKING", "{found}"),
            }
            assert!(began.elapsed() < CHECKED_WITHIN, "it is still checked");
            sleep(LOOK_EVERY).await;
        }
    }

    /// Reads a file of its own; how many bytes came.
    pub(crate) async fn download(&self, file: &str) -> u64 {
        let input = json!({ "fileIds": [file] });
        let granted = self.ask(GRANTS, json!({ "input": input })).await;
        let url = granted["fileGrants"]["grants"][0]["url"].as_str();
        let url = url.unwrap_or_else(|| panic!("{granted}"));
        read(self.request(Method::GET, url)).await
    }
}

/// Of each noise its own: the same would be the same upload.
fn nonce(noise: Noise) -> String {
    format!("noise-{:016x}-{}", noise.seed, noise.size_bytes)
}

const START: &str = "mutation($input: UploadStartInput!) { uploadStart(input: $input) {
    problem { code limit used } upload { id partCount } } }";
const PARTS: &str = "query($id: ID!, $numbers: [Int!]!) { uploadParts(id: $id, numbers: $numbers) {
    problem { code } parts { number sizeBytes url headers { name value } } } }";
const COMPLETE: &str = "mutation($input: UploadCompleteInput!) { uploadComplete(input: $input) {
    problem { code limit used } upload { state } } }";
const UPLOAD: &str = "query($id: ID!) { upload(id: $id) { state problem { code } file { id } } }";
const GRANTS: &str = "query($input: FileGrantsInput!) { fileGrants(input: $input) {
    problem { code } grants { url } } }";
