//! Operations that take no id of a tenant's: each is called as oneself and succeeds, then with what
//! is another's in the place of its names, secrets and sessions, and is answered as to nobody's.

use hansa_tests::{
    Answer, Browser, DESKTOP, FOUNDER_PASSWORD, Heard, MEMBER_PASSWORD, OPERATOR_EMAIL,
    Schema as Endpoint, Socket,
};
use serde_json::{Value, json};

use super::{
    claim,
    scene::{Kind, MARK_OF_B, Scene, Side},
    schema::Operation,
    walk::{Found, comparable, nothing_of_b, success, touched},
};

/// A name that nobody has, in either company.
const NOBODY: &str = "nobodyatall";
/// A sign-in with what it answers by itself.
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) {
    problem { code } replaced token viewer { tenantId sessionId surface roles permissions
    mustChangePassword language member { id name account state } } } }";
/// What a sign-up answers anew each time.
const OF_A_SIGNUP: &[&str] = &["signupId", "expiresAt"];

/// An operation that is about to be called.
#[derive(Clone, Copy)]
struct Call<'a> {
    scene: &'a Scene,
    endpoint: Endpoint,
    operation: &'a Operation,
}

/// Who asks, and with what.
type Asked<'a> = (&'a Browser, Value);

impl Call<'_> {
    async fn ask(&self, browser: &Browser, arguments: Value) -> Answer {
        let document = &self.operation.document;
        browser.ask(self.endpoint, document, arguments).await
    }

    /// It succeeds, and tells nothing of B.
    async fn succeeds(&self, browser: &Browser, arguments: Value) -> Found {
        let answer = self.ask(browser, arguments).await;
        success(self.operation, &answer)?;
        nothing_of_b(self.scene, &answer)
    }

    /// Both are refused in the same words, and the same tables moved by the same number of rows.
    async fn alike(&self, foreign: Asked<'_>, random: Asked<'_>) -> Found {
        self.alike_but(foreign, random, &[]).await
    }

    /// The same, apart from these fields.
    async fn alike_but(&self, foreign: Asked<'_>, random: Asked<'_>, but: &[&str]) -> Found {
        let name = &self.operation.name;
        let (mut answers, mut moved) = (Vec::new(), Vec::new());
        for (browser, arguments) in [foreign, random] {
            let before = self.scene.dump().await;
            let answer = self.ask(browser, arguments).await;
            nothing_of_b(self.scene, &answer)?;
            moved.push(touched(&before, &self.scene.dump().await));
            answers.push(without(comparable(&answer), name, but));
        }
        if answers[0] != answers[1] {
            return Err(format!("{name} tells B's from nobody's: {answers:?}"));
        }
        if moved[0] != moved[1] {
            return Err(format!("{name} moved other rows for B's: {moved:?}"));
        }
        Ok(())
    }

    /// A's session is none in B, as it is none in a company that is not there.
    async fn no_session_elsewhere(&self, arguments: &Value) -> Found {
        let owner = self.scene.owner();
        let at_b = owner.in_tenant(&self.scene.foreign.tenant);
        let nowhere = owner.in_tenant(&Kind::Tenant.random());
        let answer = self.ask(&at_b, arguments.clone()).await;
        if answer.code() != Some("UNAUTHENTICATED") {
            return Err(format!("{} at B: {}", self.operation.name, answer.body));
        }
        let asked = (&at_b, arguments.clone());
        self.alike(asked, (&nowhere, arguments.clone())).await
    }
}

fn without((status, mut body): (u16, Value), name: &str, but: &[&str]) -> (u16, Value) {
    for field in but {
        body["data"][name][*field] = Value::Null;
    }
    (status, body)
}

/// Checks one operation.
pub(super) async fn check(scene: &Scene, endpoint: Endpoint, operation: &Operation) -> Found {
    let call = Call {
        scene,
        endpoint,
        operation,
    };
    match (endpoint, &*operation.name) {
        (Endpoint::Tenant, "signIn") => sign_in(call).await,
        (Endpoint::Tenant, "passwordForgot") => password_forgot(call).await,
        (Endpoint::Tenant, "passwordSet") => password_set(call).await,
        (Endpoint::Tenant, "signOut") => sign_out(call).await,
        (Endpoint::Tenant, "passwordChange") => password_change(call).await,
        (Endpoint::Tenant, "superPasswordSet") => super_password_set(call).await,
        (Endpoint::Tenant, "events") => events(call).await,
        (Endpoint::Platform, "signupStart") => signup_start(call).await,
        (Endpoint::Platform, "signupResend") => signup_resend(call).await,
        (Endpoint::Platform, "signupConfirm") => signup_confirm(call).await,
        (Endpoint::Platform, "operatorClaim") => claim::operator_claim(scene, operation).await,
        (Endpoint::Platform, "operatorSignIn") => operator_sign_in(call).await,
        (Endpoint::Platform, "signOut") => operator_sign_out(call).await,
        (_, name) => Err(format!("{name} is called by nobody")),
    }
}

async fn sign_in(call: Call<'_>) -> Found {
    let scene = call.scene;
    let stranger = scene.world.browser.device(DESKTOP);
    let named = |side: &Side, account: &str| {
        json!({ "input": { "tenant": side.company.host_name, "account": account,
            "password": MEMBER_PASSWORD, "surface": "API" } })
    };
    let (of_a, of_b) = (&scene.a.colleague.account, &scene.b.colleague.account);
    // The request that signs in has no session itself: what needs one is the next one's to ask.
    let own = stranger
        .ask(call.endpoint, SIGN_IN, named(&scene.a, of_a))
        .await;
    success(call.operation, &own)?;
    nothing_of_b(scene, &own)?;
    let foreign = (&stranger, named(&scene.a, of_b));
    call.alike(foreign, (&stranger, named(&scene.a, NOBODY)))
        .await?;
    let foreign = (&stranger, named(&scene.b, of_a));
    call.alike(foreign, (&stranger, named(&scene.b, NOBODY)))
        .await
}

async fn password_forgot(call: Call<'_>) -> Found {
    let scene = call.scene;
    let stranger = scene.world.browser.device(DESKTOP);
    let of_a = &scene.a.company.host_name;
    let input = |account: &str| json!({ "input": { "tenant": of_a, "account": account } });
    // Asking for nobody writes what asking for somebody writes; the first time it is new.
    call.ask(&stranger, input("nobodyfirst")).await;
    let of_b = (&stranger, input(&scene.b.mailed));
    call.alike(of_b, (&stranger, input(NOBODY))).await?;
    let before = scene.mails_that_left().await;
    call.succeeds(&stranger, input(&scene.a.mailed)).await?;
    // Its mail moves rows on its own; whoever looks next finds them at rest.
    scene.wait_for_mails(before + 1).await;
    Ok(())
}

async fn password_set(call: Call<'_>) -> Found {
    let scene = call.scene;
    let stranger = scene.world.browser.device(DESKTOP);
    let (of_a, of_b) = (scene.a.token(scene).await, scene.b.token(scene).await);
    let random = Kind::Member.random();
    let head = random.strip_prefix("mem_").unwrap_or(&random);
    let random = format!("{head}{}", "0f".repeat(32));
    let input = |side: &Side, token: &str| {
        json!({ "input": { "tenant": side.company.host_name, "token": token,
            "password": MEMBER_PASSWORD } })
    };
    for (side, foreign) in [(&scene.a, &of_b), (&scene.b, &of_a)] {
        let foreign = (&stranger, input(side, foreign));
        call.alike(foreign, (&stranger, input(side, &random)))
            .await?;
    }
    // Tried in the wrong place, it is still good in its own.
    call.succeeds(&stranger, input(&scene.a, &of_a)).await
}

async fn sign_out(call: Call<'_>) -> Found {
    let (scene, company) = (call.scene, &call.scene.a.company);
    let account = &company.admin.account;
    let site = &scene.world;
    let again = site.sign_in(&company.host_name, account, FOUNDER_PASSWORD, "CONSOLE");
    let again = again.await.map_err(|problem| problem.to_string())?;
    call.succeeds(&again.browser, json!({})).await?;
    call.no_session_elsewhere(&json!({})).await
}

async fn password_change(call: Call<'_>) -> Found {
    let newcomer = call.scene.newcomer().await;
    let input = json!({ "input": { "oldPassword": newcomer.initial_password,
        "newPassword": MEMBER_PASSWORD } });
    call.succeeds(&newcomer.person.browser, input.clone())
        .await?;
    call.no_session_elsewhere(&input).await
}

async fn super_password_set(call: Call<'_>) -> Found {
    let input = json!({ "input": { "ownPassword": FOUNDER_PASSWORD,
        "newPassword": "Only-The-Founder-2026" } });
    call.succeeds(call.scene.owner(), input.clone()).await?;
    call.no_session_elsewhere(&input).await
}

/// B's message is heard in B before A's is sent; a socket of A hears A's alone.
async fn events(call: Call<'_>) -> Found {
    let scene = call.scene;
    let mut of_a = Socket::open(&scene.a.colleague.browser).await;
    let mut of_b = Socket::open(&scene.b.colleague.browser).await;
    let say = async |side: &Side, text: &str| {
        let query = "mutation($input: MessageSendInput!) { messageSend(input: $input) {
            problem { code } } }";
        let input = json!({ "conversationId": side.conversation(), "nonce": text, "text": text });
        let owner = &side.company.admin.browser;
        owner.gql(query, json!({ "input": input })).await;
    };
    let (a_said, b_said) = ("alpha is heard", format!("{MARK_OF_B} is not heard"));
    say(&scene.b, &b_said).await;
    while of_b.hear_type("MessageEvent").await["text"] != b_said {}
    say(&scene.a, a_said).await;
    loop {
        let event = match of_a.hear().await {
            Heard::Event(event) => event,
            Heard::Closed(code, reason) => return Err(format!("events: {code} {reason}")),
        };
        let told = event.to_string();
        let of_b = scene.foreign.all().into_iter().chain([MARK_OF_B]);
        if let Some(part) = of_b.into_iter().find(|part| told.contains(part)) {
            return Err(format!("A's socket hears {part} of B: {told}"));
        }
        if event["text"] == a_said {
            return Ok(());
        }
    }
}

async fn signup_start(call: Call<'_>) -> Found {
    let scene = call.scene;
    let stranger = scene.world.browser.device(DESKTOP);
    let shown = stranger
        .platform("{ deployment { termsVersion } }", json!({}))
        .await;
    let form = |host_name: &str, email: &str| {
        json!({ "input": { "fullName": "Charlie", "email": email, "contactName": "Charlie",
            "industry": "software", "hostName": host_name, "password": FOUNDER_PASSWORD,
            "termsVersion": shown["deployment"]["termsVersion"], "language": "EN" } })
    };
    call.succeeds(&stranger, form("charlie", "c@charlie.example"))
        .await?;
    // Whether an address is known here is nobody's business.
    let of_b = format!("founder@{}.example", scene.b.company.host_name);
    let foreign = (&stranger, form("delta", &of_b));
    let random = (&stranger, form("echo", "e@echo.example"));
    call.alike_but(foreign, random, OF_A_SIGNUP).await
}

async fn signup_resend(call: Call<'_>) -> Found {
    let stranger = call.scene.world.browser.device(DESKTOP);
    let input = |id: &str| json!({ "input": { "signupId": id } });
    let own = call.scene.world.signup("foxtrot").await;
    call.succeeds(&stranger, input(&own.id)).await?;
    missing(&call.ask(&stranger, input(&Kind::Signup.random())).await)
}

/// A sign-up belongs to whoever knows its id and the code of its mail; neither opens another one.
async fn signup_confirm(call: Call<'_>) -> Found {
    let world = &call.scene.world;
    let stranger = world.browser.device(DESKTOP);
    let (own, other) = (world.signup("golf").await, world.signup("hotel").await);
    let input = |id: &str, code: &str| json!({ "input": { "signupId": id, "code": code } });
    let random = Kind::Signup.random();
    for code in [&own.code, &other.code] {
        missing(&call.ask(&stranger, input(&random, code)).await)?;
    }
    if own.code != other.code {
        let crossed = call.ask(&stranger, input(&other.id, &own.code)).await;
        let told = &crossed.body["data"]["signupConfirm"]["problem"]["code"];
        if told != "CODE_WRONG" {
            return Err(format!("a code of another sign-up: {}", crossed.body));
        }
    }
    call.succeeds(&stranger, input(&own.id, &own.code)).await
}

fn missing(answer: &Answer) -> Found {
    match answer.code() {
        Some("NOT_FOUND") => Ok(()),
        _ => Err(format!("not NOT_FOUND: {}", answer.body)),
    }
}

async fn operator_sign_in(call: Call<'_>) -> Found {
    let scene = call.scene;
    let stranger = scene.world.browser.device(DESKTOP);
    let input = |email: &str| json!({ "input": { "email": email, "password": FOUNDER_PASSWORD } });
    call.succeeds(&stranger, input(OPERATOR_EMAIL)).await?;
    // The founder of a company is nobody here.
    let of_b = format!("founder@{}.example", scene.b.company.host_name);
    let foreign = (&stranger, input(&of_b));
    call.alike(foreign, (&stranger, input("nobody@nowhere.example")))
        .await
}

async fn operator_sign_out(call: Call<'_>) -> Found {
    let operator = call.scene.world.browser.device(DESKTOP);
    let query = "mutation($input: OperatorSignInInput!) { operatorSignIn(input: $input) {
        viewer { sessionId } } }";
    let input = json!({ "input": { "email": OPERATOR_EMAIL, "password": FOUNDER_PASSWORD } });
    operator.platform(query, input).await;
    call.succeeds(&operator, json!({})).await?;
    let answer = call.ask(call.scene.owner(), json!({})).await;
    if answer.code() != Some("UNAUTHENTICATED") {
        return Err(format!(
            "a company's session at the platform: {}",
            answer.body
        ));
    }
    call.succeeds_not_again(&operator).await
}

impl Call<'_> {
    /// The session that ended is one that never was.
    async fn succeeds_not_again(&self, browser: &Browser) -> Found {
        let stranger = self.scene.world.browser.device(DESKTOP);
        self.alike((browser, json!({})), (&stranger, json!({})))
            .await
    }
}
