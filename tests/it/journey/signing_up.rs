//! A company signs up: the form, the code, what exists when, and what it cannot be used for.

use std::sync::Arc;

use hansa_tests::{Column, FOUNDER_PASSWORD, World};
use kernel::{Clock as _, Instant, SystemClock};
use serde_json::{Value, json};
use tenancy_access::Origin;

use super::desk::{code, mail, text};

both_columns! {
    /// covers: TEN-05
    the_form_says_what_is_wrong_and_what_a_trial_is
    /// covers: TEN-05, LIC-02
    nothing_exists_before_the_code_and_a_trial_after_it
    a_code_is_guessed_at_five_times
    the_mail_to_a_stranger_carries_no_link_of_the_caller
    an_address_and_a_domain_have_their_share_of_trials
}

const START: &str = "mutation($input: SignupStartInput!) { signupStart(input: $input) {
    problem { code field limit } signupId expiresAt resendAfterS } }";
const CONFIRM: &str = "mutation($input: SignupConfirmInput!) { signupConfirm(input: $input) {
    problem { code used limit }
    tenant { tenantId enterpriseNumber hostName account seatsLimit expiresAt } } }";

async fn form(world: &World, host_name: &str) -> Value {
    let shown = world
        .browser
        .platform("{ deployment { termsVersion } }", json!({}))
        .await;
    json!({
        "fullName": "海云网络科技有限公司",
        "email": format!("founder@{host_name}.example"),
        "contactName": "张伟",
        "industry": "software",
        "hostName": host_name,
        "password": FOUNDER_PASSWORD,
        "termsVersion": shown["deployment"]["termsVersion"],
        "language": "EN",
    })
}

async fn start(world: &World, form: &Value) -> Value {
    let done = world
        .browser
        .platform(START, json!({ "input": form }))
        .await;
    done["signupStart"].clone()
}

async fn confirm(world: &World, signup: &Value, code: &str) -> Value {
    let input = json!({ "input": { "signupId": signup, "code": code } });
    world.browser.platform(CONFIRM, input).await["signupConfirm"].clone()
}

/// Six digits that are not the code.
fn wrong(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

async fn the_form_says_what_is_wrong_and_what_a_trial_is(column: Column) {
    let world = World::start(column).await;
    let query = "{ deployment { trialSeats trialDays industries termsText } }";
    let shown = world.browser.platform(query, json!({})).await["deployment"].clone();
    assert_eq!(
        (&shown["trialSeats"], &shown["trialDays"]),
        (&json!(50), &json!(14))
    );
    assert!(
        shown["industries"]
            .as_array()
            .is_some_and(|list| list.contains(&json!("software")))
    );
    assert!(!text(&shown["termsText"]).is_empty());
    for (field, value, told) in [
        ("fullName", " ", "REQUIRED"),
        ("email", "founder", "INVALID_EMAIL"),
        ("contactName", "", "REQUIRED"),
        ("industry", "piracy", "INVALID_INPUT"),
        ("hostName", "ab", "INVALID_HOST_NAME"),
        ("hostName", "a_b", "INVALID_HOST_NAME"),
        ("hostName", "admin", "HOST_NAME_RESERVED"),
        ("password", "short", "TOO_SHORT"),
        ("termsVersion", "", "TERMS_NOT_ACCEPTED"),
        ("termsVersion", "1999-01", "TERMS_OUTDATED"),
    ] {
        let mut form = form(&world, "checked").await;
        form[field] = json!(value);
        let done = start(&world, &form).await;
        let problem = &done["problem"];
        assert_eq!(
            (&problem["code"], &problem["field"]),
            (&json!(told), &json!(field))
        );
        assert_eq!(done["signupId"], Value::Null);
        // The source has ten an hour; this test is about the form.
        if field == "hostName" {
            let check = "query($name: String!) { hostNameCheck(hostName: $name) {
                available problem { code } } }";
            let seen = world
                .browser
                .platform(check, json!({ "name": value }))
                .await;
            assert_eq!(seen["hostNameCheck"]["problem"]["code"], told);
        }
    }
    world.running.stop().await;
}

async fn nothing_exists_before_the_code_and_a_trial_after_it(column: Column) {
    let world = World::start(column).await;
    let began = SystemClock.now();
    let started = start(&world, &form(&world, "haiyun").await).await;
    let signup = &started["signupId"];
    let there = async || {
        let query = "{ tenants(search: \"haiyun\") { totalCount } }";
        world.operator.platform(query, json!({})).await["tenants"]["totalCount"].clone()
    };
    assert_eq!(there().await, 0);
    let early = world
        .sign_in("haiyun", "admin", FOUNDER_PASSWORD, "CONSOLE")
        .await;
    assert_eq!(
        early.err().expect("nothing is there")["code"],
        "TENANT_UNKNOWN"
    );
    let digits = world.code_of("founder@haiyun.example").await;
    let done = confirm(&world, signup, &digits).await;
    let tenant = &done["tenant"];
    assert_eq!(
        (&tenant["hostName"], &tenant["seatsLimit"]),
        (&json!("haiyun"), &json!(50))
    );
    assert_eq!(code(&confirm(&world, signup, &digits).await), "CODE_USED");
    assert_eq!(there().await, 1);

    let account = text(&tenant["account"]);
    let founder = world
        .sign_in("haiyun", &account, FOUNDER_PASSWORD, "CONSOLE")
        .await;
    let founder = founder.expect("the password of the form");
    let query = "{ viewer { mustChangePassword roles } company { trial seatsUsed seatsLimit
        verified expiresAt enterpriseNumber superPasswordSet } }";
    let seen = founder.browser.gql(query, json!({})).await;
    assert_eq!(seen["viewer"]["mustChangePassword"], false);
    let company = &seen["company"];
    assert_eq!(company["enterpriseNumber"], tenant["enterpriseNumber"]);
    let flags = [
        &company["trial"],
        &company["verified"],
        &company["superPasswordSet"],
    ];
    assert_eq!(flags, [&json!(true), &json!(false), &json!(false)]);
    assert_eq!(
        (&company["seatsUsed"], &company["seatsLimit"]),
        (&json!(0), &json!(50))
    );
    let ends: Instant = text(&company["expiresAt"]).parse().expect("a time");
    assert_eq!((ends - began).num_days(), 14);
    assert_eq!(
        (ends - SystemClock.now()).num_days(),
        13,
        "14 days from then, less this test"
    );

    // Which terms were accepted, and when.
    let registry = &world.running.parts().gateway.registry;
    let id = text(&tenant["tenantId"]).parse().expect("an id");
    let visit = tenancy_registry::visit_by_id(registry, Origin::job(), id).await;
    let kept = visit.expect("the company").tenant;
    assert_eq!(kept.terms_version, world.config.registry.terms_version);
    assert!((began..=SystemClock.now()).contains(&kept.terms_accepted_at));
    assert!(
        kept.terms_accepted_at < kept.created_at,
        "accepted before there was a company"
    );
    world.running.stop().await;
}

async fn a_code_is_guessed_at_five_times(column: Column) {
    let world = World::start(column).await;
    let started = start(&world, &form(&world, "guessed").await).await;
    let digits = world.code_of("founder@guessed.example").await;
    for n in 1..=5 {
        let told = confirm(&world, &started["signupId"], wrong(&digits)).await;
        assert_eq!(
            told["problem"],
            json!({ "code": "CODE_WRONG", "used": n, "limit": 5 })
        );
    }
    let right = confirm(&world, &started["signupId"], &digits).await;
    assert_eq!(code(&right), "CODE_EXPIRED");
    let query = "{ tenants(search: \"guessed\") { totalCount } }";
    let there = world.operator.platform(query, json!({})).await;
    assert_eq!(there["tenants"]["totalCount"], 0);
    world.running.stop().await;
}

async fn the_mail_to_a_stranger_carries_no_link_of_the_caller(column: Column) {
    let world = World::start(column).await;
    let mut form = form(&world, "spam").await;
    form["email"] = json!("victim@elsewhere.example");
    form["fullName"] = json!(format!(
        "WIN https://evil.example/?q=1 www.evil.example mail@evil.example\u{202e} {}",
        "领取大奖".repeat(6)
    ));
    form["contactName"] = json!("click http://evil.example");
    let done = start(&world, &form).await;
    assert!(done["signupId"].is_string(), "{done}");
    let body = mail(&world, "victim@elsewhere.example", "signup_code").await;
    for part in [
        "evil.example",
        "://evil",
        "www.",
        "@evil",
        "click",
        "\u{202e}",
    ] {
        assert!(!body.contains(part), "{part} in {body}");
    }
    assert!(
        body.matches("领取大奖").count() < 6,
        "the name is cut: {body}"
    );
    world.running.stop().await;
}

async fn an_address_and_a_domain_have_their_share_of_trials(column: Column) {
    let world = World::start_with(column, Arc::new(SystemClock), |config| {
        config.registry.signups_per_address_max = 2;
        config.registry.trials_per_domain_max = 1;
    })
    .await;
    let mut first = form(&world, "first").await;
    first["email"] = json!("one@same.example");
    let started = start(&world, &first).await;
    let digits = world.code_of("one@same.example").await;
    let done = confirm(&world, &started["signupId"], &digits).await;
    assert!(done["tenant"].is_object(), "{done}");
    let mut second = form(&world, "second").await;
    second["email"] = json!("two@SAME.example");
    assert_eq!(code(&start(&world, &second).await), "TOO_MANY_TRIALS");
    for told in ["IN", "IN", "TOO_MANY_TRIALS"] {
        second["email"] = json!("victim@other.example");
        assert_eq!(code(&start(&world, &second).await), told);
    }
    world.running.stop().await;
}
