//! What the journeys share: a place from which people sign in, mails as they arrive, and the few
//! things that an administrator does in most of them.

use hansa_tests::{Browser, Column, DESKTOP, PATIENCE, Site, World};
use kernel::SystemClock;
use reqwest::Method;
use serde_json::{Value, json};

/// Between two looks into the mailbox.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);

/// Everything that a sign-in answers.
pub(super) const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) {
    problem { code field limit used } replaced token
    viewer { tenantId mustChangePassword member { id } } } }";
/// A new password by the link of a mail.
pub(super) const PASSWORD_SET: &str = "mutation($input: PasswordSetInput!) {
    passwordSet(input: $input) { problem { code field } account } }";
/// The rules of a company.
pub(super) const SETTINGS: &str = "mutation($input: SecuritySettingsUpdateInput!) {
    securitySettingsUpdate(input: $input) { problem { code } } }";

/// A deployment behind one proxy of ours, so that people come from more than one address.
pub(super) async fn behind_a_proxy(column: Column) -> World {
    let clock = std::sync::Arc::new(SystemClock);
    World::start_with(column, clock, |config| config.http.trusted_proxies = 1).await
}

/// Somewhere people sign in from.
pub(super) struct Desk<'a> {
    pub(super) site: &'a Site,
    pub(super) address: &'static str,
}

impl Desk<'_> {
    /// What somebody is told who signs in to chat from here.
    pub(super) async fn told(&self, tenant: &str, account: &str, password: &str) -> Value {
        let input = json!({ "tenant": tenant, "account": account, "password": password,
            "surface": "MEMBER" });
        let browser = self.site.browser.device(DESKTOP);
        let answer = browser
            .request(Method::POST, "/graphql")
            .header("X-Forwarded-For", self.address)
            .json(&json!({ "query": SIGN_IN, "variables": { "input": input } }))
            .send()
            .await
            .expect("a server");
        let body: Value = answer.json().await.expect("JSON");
        body["data"]["signIn"].clone()
    }

    /// The same as its code; `IN` without a problem.
    pub(super) async fn code(&self, tenant: &str, account: &str, password: &str) -> String {
        code(&self.told(tenant, account, password).await)
    }
}

/// The code of a payload's problem; `IN` when there is none.
pub(super) fn code(payload: &Value) -> String {
    assert!(payload.is_object(), "no payload");
    let code = payload["problem"]["code"].as_str();
    code.unwrap_or("IN").to_owned()
}

/// The body of the newest mail of a kind to an address, waiting for it.
pub(super) async fn mail(site: &Site, recipient: &str, kind: &str) -> String {
    let query = "query($to: String!) { mails(search: $to, first: 20) { edges { node {
        kind body } } } }";
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while tokio::time::Instant::now() < deadline {
        let data = site.operator.platform(query, json!({ "to": recipient }));
        let edges = data.await["mails"]["edges"].clone();
        let edges = edges.as_array().cloned().unwrap_or_default();
        let found = edges.iter().map(|edge| &edge["node"]);
        let found = found.filter(|mail| mail["kind"] == kind);
        if let Some(body) = found.filter_map(|mail| mail["body"].as_str()).next() {
            return body.to_owned();
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("no {kind} to {recipient}");
}

/// The token of the link in a mail.
pub(super) fn token(mail: &str) -> String {
    let (_, rest) = mail.split_once("token=").expect("a link");
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    rest[..end].to_owned()
}

/// Changes the rules of a company.
pub(super) async fn set(owner: &Browser, rules: Value) {
    let done = owner.gql(SETTINGS, json!({ "input": rules })).await;
    let problem = &done["securitySettingsUpdate"]["problem"];
    assert!(problem.is_null(), "{problem}");
}

/// Fills in the form for a new member; answers the payload.
pub(super) async fn hire(owner: &Browser, form: Value) -> Value {
    let mut input = json!({ "departmentIds": [] });
    let fields = form.as_object().expect("a form").clone();
    input.as_object_mut().expect("an object").extend(fields);
    let query = "mutation($input: MemberCreateInput!) { memberCreate(input: $input) {
        problem { code field } mailed member { id }
        slip { hostName enterpriseNumber account initialPassword } } }";
    owner.gql(query, json!({ "input": input })).await["memberCreate"].clone()
}

/// A text of an answer.
pub(super) fn text(value: &Value) -> String {
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
