//! Where passwords come from and how they change: slips, mailed links, forced and free changes.

use hansa_tests::{Browser, Column, DESKTOP, MEMBER_PASSWORD, Schema, World};
use serde_json::{Value, json};

use super::desk::{PASSWORD_SET, code, hire, mail, set, text, token};

both_columns! {
    /// covers: DIR-11, SEC-06
    a_slip_opens_nothing_but_the_change_of_its_password
    /// covers: TEN-12
    a_mailed_link_sets_the_first_password
    /// covers: SEC-10
    a_forgotten_password_is_replaced_by_mail
    /// covers: SEC-12
    an_administrator_resets_a_password
    /// covers: SEC-07, SEC-08
    the_strong_rule_holds_for_every_new_password
}

const CHANGE: &str = "mutation($input: PasswordChangeInput!) { passwordChange(input: $input) {
    problem { code field } viewer { mustChangePassword } } }";

async fn change(browser: &Browser, old: &str, new: &str) -> Value {
    let input = json!({ "input": { "oldPassword": old, "newPassword": new } });
    browser.gql(CHANGE, input).await["passwordChange"].clone()
}

async fn use_link(world: &World, tenant: &str, token: &str, password: &str) -> String {
    let input = json!({ "tenant": tenant, "token": token, "password": password });
    let stranger = world.browser.device(DESKTOP);
    let done = stranger.gql(PASSWORD_SET, json!({ "input": input })).await;
    code(&done["passwordSet"])
}

async fn a_slip_opens_nothing_but_the_change_of_its_password(column: Column) {
    let world = World::start(column).await;
    let company = world.company("slips").await;
    let owner = &company.admin.browser;
    let bare = json!({ "name": "Anna", "account": "anna" });
    assert_eq!(code(&hire(owner, bare).await), "CONTACT_REQUIRED");
    let form = json!({ "name": "Anna", "account": "anna", "slip": true });
    let made = hire(owner, form).await;
    assert_eq!(made["mailed"], false);
    let slip = &made["slip"];
    assert_eq!(slip["hostName"], "slips");
    assert_eq!(slip["enterpriseNumber"], company.number);
    assert_eq!(slip["account"], "anna");
    let initial = text(&slip["initialPassword"]);

    let anna = world.sign_in("slips", "anna", &initial, "MEMBER").await;
    let anna = anna.expect("the slip opens the door").browser;
    let seen = anna
        .gql("{ viewer { mustChangePassword } }", json!({}))
        .await;
    assert_eq!(seen["viewer"]["mustChangePassword"], true);
    for query in [
        "{ members { totalCount } }",
        "{ conversations { totalCount } }",
        "{ sync { more } }",
    ] {
        let answer = anna.ask(Schema::Tenant, query, json!({})).await;
        assert_eq!(answer.code(), Some("PASSWORD_CHANGE_REQUIRED"), "{query}");
    }
    let again = world.sign_in("slips", "anna", &initial, "MEMBER").await;
    let anna = again
        .expect("it cannot be skipped by signing in again")
        .browser;
    for (old, new, told) in [
        ("wrong", MEMBER_PASSWORD, "PASSWORD_WRONG"),
        (&*initial, &*initial, "PASSWORD_SAME"),
        (&*initial, "short", "TOO_SHORT"),
        (&*initial, MEMBER_PASSWORD, "IN"),
    ] {
        assert_eq!(code(&change(&anna, old, new).await), told);
    }
    anna.gql("{ members { totalCount } sync { more } }", json!({}))
        .await;
    let old = world.sign_in("slips", "anna", &initial, "MEMBER").await;
    assert_eq!(old.err().expect("a refusal")["code"], "PASSWORD_WRONG");
    world.running.stop().await;
}

async fn a_mailed_link_sets_the_first_password(column: Column) {
    let world = World::start(column).await;
    let company = world.company("mailed").await;
    let owner = &company.admin.browser;
    let form = json!({ "name": "李娜", "account": "lina", "email": "lina@mailed.example" });
    let made = hire(owner, form).await;
    assert_eq!(
        (&made["mailed"], &made["slip"]),
        (&json!(true), &Value::Null)
    );
    let body = mail(&world, "lina@mailed.example", "activation").await;
    // 登录帐号, 组织机构域, and a link in the place of a password.
    for part in ["lina", "mailed", "/set-password?"] {
        assert!(body.contains(part), "{body}");
    }
    let token = token(&body);
    let before = world
        .sign_in("mailed", "lina", MEMBER_PASSWORD, "MEMBER")
        .await;
    assert!(before.is_err(), "no password, no way in");
    world.company("neighbour").await;
    let use_it = async |tenant: &str| use_link(&world, tenant, &token, MEMBER_PASSWORD).await;
    assert_eq!(use_it("neighbour").await, "LINK_INVALID");
    assert_eq!(use_it("mailed").await, "IN");
    assert_eq!(use_it("mailed").await, "LINK_INVALID");
    let lina = world
        .sign_in("mailed", "lina", MEMBER_PASSWORD, "MEMBER")
        .await;
    let lina = lina.expect("the password of the link").browser;
    let seen = lina
        .gql("{ viewer { mustChangePassword } sync { more } }", json!({}))
        .await;
    assert_eq!(seen["viewer"]["mustChangePassword"], false);
    // The console tells that the mail left, and never what was in it.
    let query = "{ mails { edges { node { recipient kind state } } } }";
    let sent = owner.gql(query, json!({})).await.to_string();
    assert!(
        sent.contains("lina@mailed.example") && !sent.contains(&token),
        "{sent}"
    );
    world.running.stop().await;
}

async fn a_forgotten_password_is_replaced_by_mail(column: Column) {
    let world = World::start(column).await;
    let company = world.company("forgot").await;
    let owner = &company.admin.browser;
    let form = json!({ "name": "Anna", "account": "anna", "email": "anna@forgot.example",
        "slip": true });
    let initial = text(&hire(owner, form).await["slip"]["initialPassword"]);
    let anna = world.sign_in("forgot", "anna", &initial, "MEMBER").await;
    let anna = anna.expect("the slip").browser;
    change(&anna, &initial, MEMBER_PASSWORD).await;
    let forgot = async |account: &str| {
        let query = "mutation($input: PasswordForgotInput!) { passwordForgot(input: $input) {
            problem { code } } }";
        let input = json!({ "input": { "tenant": "forgot", "account": account } });
        world.browser.device(DESKTOP).gql(query, input).await
    };
    let nobody = forgot("nobody").await;
    assert_eq!(forgot("anna").await, nobody, "told alike whoever exists");
    let body = mail(&world, "anna@forgot.example", "password_link").await;
    let link = token(&body);
    assert_eq!(
        use_link(&world, "forgot", &link, "Replaced-2026").await,
        "IN"
    );
    let gone = anna.gql("{ viewer { sessionId } }", json!({})).await;
    assert_eq!(gone["viewer"], Value::Null, "whoever was signed in is out");
    let old = world
        .sign_in("forgot", "anna", MEMBER_PASSWORD, "MEMBER")
        .await;
    assert!(old.is_err());
    let new = world
        .sign_in("forgot", "anna", "Replaced-2026", "MEMBER")
        .await;
    new.expect("the new password");
    world.running.stop().await;
}

async fn an_administrator_resets_a_password(column: Column) {
    let world = World::start(column).await;
    let company = world.company("reset").await;
    let anna = world.colleague(&company, "Anna", "anna").await;
    let owner = &company.admin.browser;
    let query = "mutation($input: MemberPasswordResetInput!) { memberPasswordReset(input: $input) {
        problem { code } mailed slip { initialPassword } } }";
    // Without an address there is a slip, whether one was asked for or not.
    let input = json!({ "input": { "id": anna.member } });
    let done = owner.gql(query, input).await["memberPasswordReset"].clone();
    assert_eq!(done["mailed"], false, "{done}");
    let initial = text(&done["slip"]["initialPassword"]);
    let gone = anna
        .browser
        .gql("{ viewer { sessionId } }", json!({}))
        .await;
    assert_eq!(gone["viewer"], Value::Null);
    let old = world
        .sign_in("reset", "anna", MEMBER_PASSWORD, "MEMBER")
        .await;
    assert!(old.is_err());
    let anna = world.sign_in("reset", "anna", &initial, "MEMBER").await;
    let anna = anna.expect("the new initial password").browser;
    let answer = anna
        .ask(Schema::Tenant, "{ sync { more } }", json!({}))
        .await;
    assert_eq!(answer.code(), Some("PASSWORD_CHANGE_REQUIRED"));
    assert_eq!(code(&change(&anna, &initial, "Chosen-2026").await), "IN");
    world.running.stop().await;
}

async fn the_strong_rule_holds_for_every_new_password(column: Column) {
    let world = World::start(column).await;
    let company = world.company("strong").await;
    let owner = &company.admin.browser;
    let anna = world.colleague(&company, "Anna", "anna").await.browser;
    assert_eq!(
        code(&change(&anna, MEMBER_PASSWORD, "just letters").await),
        "IN"
    );
    set(owner, json!({ "strongPassword": true })).await;
    let rule = anna
        .gql("{ passwordRule { minLength maxLength strong } }", json!({}))
        .await;
    let wanted = json!({ "minLength": 8, "maxLength": 16, "strong": true });
    assert_eq!(rule["passwordRule"], wanted);
    for (new, told) in [
        ("Ab1-xyz", "TOO_SHORT"),
        ("Abcdefghijklmn-12", "TOO_LONG"),
        ("abcdefg-1", "PASSWORD_WEAK"),
        ("ABCDEFG-1", "PASSWORD_WEAK"),
        ("Abcdefg-x", "PASSWORD_WEAK"),
        ("Abcdefg12", "PASSWORD_WEAK"),
        ("Abcdefg-1", "IN"),
    ] {
        let done = change(&anna, "just letters", new).await;
        assert_eq!(code(&done), told, "{new}");
    }
    // A slip's password satisfies the rule that was set meanwhile.
    let form = json!({ "name": "Bo", "account": "bo", "slip": true });
    let initial = text(&hire(owner, form).await["slip"]["initialPassword"]);
    let bo = world.sign_in("strong", "bo", &initial, "MEMBER").await;
    let bo = bo.expect("the slip").browser;
    assert_eq!(
        code(&change(&bo, &initial, "just letters").await),
        "PASSWORD_WEAK"
    );
    world.running.stop().await;
}
