//! A browser as far as HTTP goes: keeps cookies, sends the headers of our own pages, speaks
//! GraphQL.

use std::{collections::BTreeMap, sync::Arc};

use parking_lot::Mutex;
use reqwest::{Method, Response, header};
use serde_json::{Value, json};

/// Which schema a request goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// `/graphql`
    Tenant,
    /// `/platform/graphql`
    Platform,
}

/// One person's browser. Clones share cookies, like two tabs.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    /// `http://127.0.0.1:…`
    pub base: String,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    tenant: Option<String>,
    surface: &'static str,
    user_agent: &'static str,
}

/// A desktop browser.
pub const DESKTOP: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 \
                           (KHTML, like Gecko) Chrome/142.0 Safari/537.36";
/// A browser on a phone.
pub const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) \
                         AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 \
                         Mobile/15E148 Safari/604.1";

/// What GraphQL answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The whole body.
    pub body: Value,
}

impl Browser {
    /// A new browser without cookies, looking at `base`.
    ///
    /// # Panics
    /// When no client can be built.
    #[must_use]
    pub fn new(base: &str) -> Self {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        Self {
            client,
            base: base.to_owned(),
            cookies: Arc::default(),
            tenant: None,
            surface: "member",
            user_agent: DESKTOP,
        }
    }

    /// The same browser in the console.
    #[must_use]
    pub fn console(&self) -> Self {
        Self {
            surface: "console",
            ..self.clone()
        }
    }

    /// The same browser in a tenant.
    #[must_use]
    pub fn in_tenant(&self, tenant: &str) -> Self {
        Self {
            tenant: Some(tenant.to_owned()),
            ..self.clone()
        }
    }

    /// Another device: no cookies, another user agent.
    #[must_use]
    pub fn device(&self, user_agent: &'static str) -> Self {
        Self {
            cookies: Arc::default(),
            user_agent,
            ..self.clone()
        }
    }

    /// What sends its requests.
    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// The tenant that requests name.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// Which door it stands at.
    #[must_use]
    pub fn surface(&self) -> &'static str {
        self.surface
    }

    /// The `Cookie` header.
    #[must_use]
    pub fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock();
        cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    }

    /// Sends a GraphQL request and keeps the cookies of the answer.
    ///
    /// # Panics
    /// When the server cannot be reached or answers no JSON.
    pub async fn ask(&self, schema: Schema, query: &str, variables: Value) -> Answer {
        let answer = self.try_ask(schema, query, variables).await;
        answer.expect("a server")
    }

    /// The same for a server that may die meanwhile.
    ///
    /// # Errors
    /// No answer came, or not all of it.
    ///
    /// # Panics
    /// When the server answers no JSON.
    pub async fn try_ask(
        &self,
        schema: Schema,
        query: &str,
        variables: Value,
    ) -> Result<Answer, reqwest::Error> {
        let path = match schema {
            Schema::Tenant => "/graphql",
            Schema::Platform => "/platform/graphql",
        };
        let body = json!({ "query": query, "variables": variables });
        let request = self.request(Method::POST, path).json(&body);
        let response = request.send().await?;
        self.keep(&response);
        let status = response.status().as_u16();
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: {text}"));
        Ok(Answer { status, body })
    }

    /// Opens the direct conversation with a member; its id.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn talk_to(&self, member: &str) -> String {
        let open = "mutation($input: ConversationOpenDirectInput!) {
            conversationOpenDirect(input: $input) { problem { code } conversation { id } } }";
        let input = json!({ "input": { "memberId": member } });
        let opened = self.gql(open, input).await;
        let id = opened["conversationOpenDirect"]["conversation"]["id"].as_str();
        id.expect("a conversation").to_owned()
    }

    /// Asks the tenant's schema and expects no errors; answers `data`.
    ///
    /// # Panics
    /// When there are errors.
    pub async fn gql(&self, query: &str, variables: Value) -> Value {
        self.ask(Schema::Tenant, query, variables).await.data()
    }

    /// Asks the platform's schema and expects no errors; answers `data`.
    ///
    /// # Panics
    /// When there are errors.
    pub async fn platform(&self, query: &str, variables: Value) -> Value {
        self.ask(Schema::Platform, query, variables).await.data()
    }

    /// A request with the headers of our own pages.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header(header::USER_AGENT, self.user_agent)
            .header(header::ORIGIN, &self.base)
            .header("Sec-Fetch-Site", "same-origin")
            .header("Hansa-Surface", self.surface);
        if let Some(tenant) = &self.tenant {
            request = request.header("Hansa-Tenant", tenant);
        }
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies);
        }
        request
    }

    /// A request as a browser makes by itself for an address: cookies and nothing of our pages.
    pub fn fetch(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header(header::USER_AGENT, self.user_agent)
            .header("Sec-Fetch-Site", "same-origin");
        match self.cookie_header() {
            cookies if cookies.is_empty() => request,
            cookies => request.header(header::COOKIE, cookies),
        }
    }

    fn keep(&self, response: &Response) {
        let mut cookies = self.cookies.lock();
        for value in response.headers().get_all(header::SET_COOKIE) {
            let text = value.to_str().unwrap_or_default();
            let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            if value.is_empty() || attributes.to_ascii_lowercase().contains("max-age=0") {
                cookies.remove(name.trim());
            } else {
                cookies.insert(name.trim().to_owned(), value.to_owned());
            }
        }
    }
}

impl Answer {
    /// `data`, when nothing went wrong.
    ///
    /// # Panics
    /// When there are errors.
    #[must_use]
    pub fn data(self) -> Value {
        assert!(self.body.get("errors").is_none(), "{}", self.body);
        self.body["data"].clone()
    }

    /// The code of the first error.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.body["errors"][0]["extensions"]["code"].as_str()
    }
}
