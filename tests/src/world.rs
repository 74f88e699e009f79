//! A deployment in one process for one test: the real server on a free port, in either column, and the
//! people who use it.

use std::sync::Arc;

use api_server::{Options, RootConfig, Running};
use kernel::{Clock, ManualClock, SystemClock};
use serde_json::{Value, json};
use tempfile::TempDir;
use tenancy_registry::{OperatorForm, operator_create};

use crate::{Browser, Schema, service};

/// Which way of running a test looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// SQLite files, everything in process.
    Embedded,
    /// PostgreSQL, Redis, S3.
    Scaled,
}

/// A deployment and what it stands on.
pub struct World {
    /// The server.
    pub running: Running,
    /// A browser that has seen nothing yet.
    pub browser: Browser,
    /// The configuration it was started with.
    pub config: RootConfig,
    /// An operator, signed in.
    pub operator: Browser,
    _data: TempDir,
    _database: Option<service::postgres::Database>,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Person {
    /// Their browser, in their tenant, at one door.
    pub browser: Browser,
    /// Their member id; empty for the founder.
    pub member: String,
    /// How they sign in.
    pub account: String,
}

/// A company that signed up, and its first administrator in the console.
pub struct Company {
    /// `tnt_…`
    pub tenant: String,
    /// 组织机构域
    pub host_name: String,
    /// 企业号
    pub number: String,
    /// Its first administrator, in the console.
    pub admin: Person,
}

/// The password of every founder in these tests.
pub const FOUNDER_PASSWORD: &str = "Founders-2026";
/// The password that every member of these tests chooses.
pub const MEMBER_PASSWORD: &str = "Colleague-2026";

impl World {
    /// Starts a deployment that keeps the machine's time.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(column: Column) -> Self {
        Self::start_with(column, Arc::new(SystemClock), |_| {}).await
    }

    /// Starts a deployment on a clock that the test moves.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_at(column: Column, clock: &ManualClock) -> Self {
        Self::start_with(column, Arc::new(clock.clone()), |_| {}).await
    }

    /// Starts a deployment whose configuration the test changes.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_with(
        column: Column,
        clock: Arc<dyn Clock>,
        change: impl FnOnce(&mut RootConfig),
    ) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut config = RootConfig::for_testing(data.path());
        let mut database = None;
        if column == Column::Scaled {
            let fresh = service::postgres::fresh_database().await.expect("PostgreSQL");
            config.database.url.clone_from(&fresh.url);
            config.redis = platform::redis_service::RedisConfig::for_testing(
                &service::redis::fresh().expect("Redis").url,
            );
            database = Some(fresh);
        }
        change(&mut config);
        let running = api_server::start(&config, Options { clock, ..Options::default() })
            .await
            .expect("a server");
        let browser = Browser::new(&format!("http://{}", running.address()));
        let operator = browser.device(crate::browser::DESKTOP);
        let world = Self { running, browser, config, operator, _data: data, _database: database };
        world.operator_signs_in().await;
        world
    }

    async fn operator_signs_in(&self) {
        let form = OperatorForm {
            name: "Operator".to_owned(),
            email: "operator@hansa.example".to_owned(),
            password: FOUNDER_PASSWORD.into(),
        };
        let registry = &self.running.parts().gateway.registry;
        operator_create(registry, &form).await.expect("an operator");
        let data = self
            .operator
            .platform(
                "mutation($input: OperatorSignInInput!) { operatorSignIn(input: $input) {
                    problem { code } viewer { name } } }",
                json!({ "input": { "email": form.email, "password": FOUNDER_PASSWORD } }),
            )
            .await;
        assert!(data["operatorSignIn"]["viewer"].is_object(), "{data}");
    }

    /// A company signs up as its founder would, and enters its console.
    ///
    /// # Panics
    /// When any step is refused.
    pub async fn company(&self, host_name: &str) -> Company {
        let form = json!({ "input": {
            "fullName": format!("{host_name} 有限公司"),
            "email": format!("founder@{host_name}.example"),
            "contactName": "王芳",
            "industry": "software",
            "hostName": host_name,
            "password": FOUNDER_PASSWORD,
            "termsVersion": self.terms_version().await,
            "language": "ZH_CN",
        }});
        let started = self.browser.platform(SIGNUP_START, form).await;
        let id = started["signupStart"]["signupId"].as_str().expect("a sign-up").to_owned();
        let code = self.code_of(&format!("founder@{host_name}.example")).await;
        let confirm = json!({ "input": { "signupId": id, "code": code } });
        let done = self.browser.platform(SIGNUP_CONFIRM, confirm).await;
        let tenant = &done["signupConfirm"]["tenant"];
        assert!(tenant.is_object(), "{done}");
        let text = |key: &str| tenant[key].as_str().expect("a text").to_owned();
        let account = text("account");
        let admin = self
            .sign_in(host_name, &account, FOUNDER_PASSWORD, "CONSOLE")
            .await
            .expect("the founder signs in");
        Company { tenant: text("tenantId"), host_name: text("hostName"), number: text("enterpriseNumber"), admin }
    }

    /// Signs in with a browser of its own.
    ///
    /// # Errors
    /// The problem, as it was answered.
    ///
    /// # Panics
    /// When the answer is an error.
    pub async fn sign_in(
        &self,
        tenant: &str,
        account: &str,
        password: &str,
        surface: &str,
    ) -> Result<Person, Value> {
        let browser = self.browser.device(crate::browser::DESKTOP);
        let browser = if surface == "CONSOLE" { browser.console() } else { browser };
        sign_in_with(browser, tenant, account, password, surface).await
    }

    /// A new colleague, who has already chosen a password and is signed in to chat.
    ///
    /// # Panics
    /// When any step is refused.
    pub async fn colleague(&self, company: &Company, name: &str, account: &str) -> Person {
        let created = company
            .admin
            .browser
            .gql(
                "mutation($input: MemberCreateInput!) { memberCreate(input: $input) {
                    problem { code field } member { id } slip { initialPassword } } }",
                json!({ "input": { "name": name, "account": account, "slip": true,
                    "departmentIds": [] } }),
            )
            .await;
        let created = &created["memberCreate"];
        let slip = created["slip"]["initialPassword"].as_str().expect("a slip").to_owned();
        let person = self
            .sign_in(&company.host_name, account, &slip, "MEMBER")
            .await
            .expect("the initial password");
        person
            .browser
            .gql(
                "mutation($input: PasswordChangeInput!) { passwordChange(input: $input) {
                    problem { code } viewer { mustChangePassword } } }",
                json!({ "input": { "oldPassword": slip, "newPassword": MEMBER_PASSWORD } }),
            )
            .await;
        person
    }

    /// The code in the newest mail to an address, waiting for it.
    ///
    /// # Panics
    /// When none comes.
    pub async fn code_of(&self, recipient: &str) -> String {
        let body = self.mail_to(recipient).await;
        let digits = body.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6);
        digits.expect("six digits").to_owned()
    }

    /// The body of the newest mail to an address in the local mailbox, waiting for it.
    ///
    /// # Panics
    /// When none comes.
    pub async fn mail_to(&self, recipient: &str) -> String {
        let query = "query($to: String!) { mails(search: $to, first: 1) { edges { node {
            recipient body } } } }";
        let deadline = tokio::time::Instant::now() + crate::socket::PATIENCE;
        while tokio::time::Instant::now() < deadline {
            let data = self.operator.platform(query, json!({ "to": recipient })).await;
            if let Some(body) = data["mails"]["edges"][0]["node"]["body"].as_str() {
                return body.to_owned();
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("no mail to {recipient}");
    }

    async fn terms_version(&self) -> String {
        let data = self.browser.platform("{ deployment { termsVersion } }", json!({})).await;
        data["deployment"]["termsVersion"].as_str().expect("a version").to_owned()
    }
}

const SIGNUP_START: &str = "mutation($input: SignupStartInput!) { signupStart(input: $input) {
    problem { code field } signupId } }";
const SIGNUP_CONFIRM: &str = "mutation($input: SignupConfirmInput!) { signupConfirm(input: $input) {
    problem { code } tenant { tenantId hostName enterpriseNumber account seatsLimit expiresAt } } }";

/// Signs in with a given browser.
///
/// # Errors
/// The problem, as it was answered.
///
/// # Panics
/// When the answer is an error.
pub async fn sign_in_with(
    browser: Browser,
    tenant: &str,
    account: &str,
    password: &str,
    surface: &str,
) -> Result<Person, Value> {
    let input = json!({ "input": { "tenant": tenant, "account": account, "password": password,
        "surface": surface } });
    let data = browser
        .ask(
            Schema::Tenant,
            "mutation($input: SignInInput!) { signIn(input: $input) {
                problem { code field limit used retryAfterS } replaced token
                viewer { tenantId sessionId mustChangePassword member { id account } } } }",
            input,
        )
        .await
        .data();
    let answer = &data["signIn"];
    if answer["problem"].is_object() {
        return Err(answer["problem"].clone());
    }
    let viewer = &answer["viewer"];
    Ok(Person {
        browser: browser.in_tenant(viewer["tenantId"].as_str().expect("a tenant")),
        member: viewer["member"]["id"].as_str().unwrap_or_default().to_owned(),
        account: account.to_owned(),
    })
}
