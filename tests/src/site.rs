//! A deployment as people see it, wherever it runs: its address, an operator, and how companies and
//! colleagues come to be there.

use serde_json::{Value, json};

use crate::{Answer, Browser, Schema};

/// A deployment from outside.
pub struct Site {
    /// A browser that has seen nothing yet.
    pub browser: Browser,
    /// An operator, signed in after [`Site::operator_signs_in`].
    pub operator: Browser,
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

/// A sign-up that waits for its code.
#[derive(Clone)]
pub struct Signup {
    /// `sgn_…`
    pub id: String,
    /// The code out of the mail.
    pub code: String,
}

impl Signup {
    /// Confirms it.
    ///
    /// # Errors
    /// No answer came, or not all of it.
    pub async fn confirm(&self, browser: &Browser) -> Result<Answer, reqwest::Error> {
        let input = json!({ "input": { "signupId": self.id, "code": self.code } });
        browser
            .try_ask(Schema::Platform, SIGNUP_CONFIRM, input)
            .await
    }
}

/// What the operator of these tests signs in with.
pub const OPERATOR_EMAIL: &str = "operator@hansa.example";
/// The password of every founder in these tests, and of the operator.
pub const FOUNDER_PASSWORD: &str = "Founders-2026";
/// The password that every member of these tests chooses.
pub const MEMBER_PASSWORD: &str = "Colleague-2026";

impl Site {
    /// The deployment at an address without a slash at its end.
    #[must_use]
    pub fn at(base: &str) -> Self {
        let browser = Browser::new(base);
        let operator = browser.device(crate::browser::DESKTOP);
        Self { browser, operator }
    }

    /// Signs the operator in, who must be there already.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn operator_signs_in(&self) {
        let data = self
            .operator
            .platform(
                "mutation($input: OperatorSignInInput!) { operatorSignIn(input: $input) {
                    problem { code } viewer { name } } }",
                json!({ "input": { "email": OPERATOR_EMAIL, "password": FOUNDER_PASSWORD } }),
            )
            .await;
        assert!(data["operatorSignIn"]["viewer"].is_object(), "{data}");
    }

    /// A company signs up as its founder would, and enters its console.
    ///
    /// # Panics
    /// When any step is refused.
    pub async fn company(&self, host_name: &str) -> Company {
        let signup = self.signup(host_name).await;
        let done = signup.confirm(&self.browser).await.expect("a server");
        let done = done.data();
        let tenant = &done["signupConfirm"]["tenant"];
        assert!(tenant.is_object(), "{done}");
        let text = |key: &str| tenant[key].as_str().expect("a text").to_owned();
        let account = text("account");
        let admin = self
            .sign_in(host_name, &account, FOUNDER_PASSWORD, "CONSOLE")
            .await
            .expect("the founder signs in");
        Company {
            tenant: text("tenantId"),
            host_name: text("hostName"),
            number: text("enterpriseNumber"),
            admin,
        }
    }

    /// A founder fills in the form and reads the code, and has not yet confirmed it.
    ///
    /// # Panics
    /// When the form is refused or no mail comes.
    pub async fn signup(&self, host_name: &str) -> Signup {
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
        let id = started["signupStart"]["signupId"].as_str();
        Signup {
            id: id.expect("a sign-up").to_owned(),
            code: self.code_of(&format!("founder@{host_name}.example")).await,
        }
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
        let browser = if surface == "CONSOLE" {
            browser.console()
        } else {
            browser
        };
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
        let slip = created["slip"]["initialPassword"]
            .as_str()
            .expect("a slip")
            .to_owned();
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
        let digits = body
            .split(|c: char| !c.is_ascii_digit())
            .find(|part| part.len() == 6);
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
            let data = self
                .operator
                .platform(query, json!({ "to": recipient }))
                .await;
            if let Some(body) = data["mails"]["edges"][0]["node"]["body"].as_str() {
                return body.to_owned();
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("no mail to {recipient}");
    }

    async fn terms_version(&self) -> String {
        let data = self
            .browser
            .platform("{ deployment { termsVersion } }", json!({}))
            .await;
        data["deployment"]["termsVersion"]
            .as_str()
            .expect("a version")
            .to_owned()
    }
}

const SIGNUP_START: &str = "mutation($input: SignupStartInput!) { signupStart(input: $input) {
    problem { code field } signupId } }";
const SIGNUP_CONFIRM: &str =
    "mutation($input: SignupConfirmInput!) { signupConfirm(input: $input) {
    problem { code }
    tenant { tenantId hostName enterpriseNumber account seatsLimit expiresAt } } }";

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
        member: viewer["member"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        account: account.to_owned(),
    })
}
