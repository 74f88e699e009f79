//! How people come in, and what keeps others out: names of a company, accounts, locks, and the
//! founder's own door.

use hansa_tests::{Column, FOUNDER_PASSWORD, MEMBER_PASSWORD, Schema, Socket, World};
use serde_json::{Value, json};

use super::desk::{Desk, PASSWORD_SET, behind_a_proxy, code, hire, mail, set, text, token};

both_columns! {
    /// covers: TEN-01
    the_super_password_opens_the_console_and_never_the_chat
    /// covers: TEN-02, TEN-03, SEC-01
    a_company_is_named_by_its_host_name_or_its_number
    /// covers: SEC-02
    email_and_mobile_are_names_where_the_company_says_so
    /// covers: LIC-09
    a_seat_is_given_at_the_first_sign_in
    /// covers: LIC-09, LIC-10, DIR-30
    an_administrator_gives_and_takes_a_seat_by_hand
    /// covers: SEC-14, DIR-35
    five_wrong_passwords_lock_a_source_and_ten_lock_all
    /// covers: SEC-14
    an_administrator_ends_their_own_lock_by_mail
    /// covers: SEC-26
    a_stranger_learns_nothing_of_who_exists
}

const SUPER_PASSWORD: &str = "Only-The-Founder-2026";

async fn the_super_password_opens_the_console_and_never_the_chat(column: Column) {
    let world = World::start(column).await;
    let company = world.company("founded").await;
    let anna = world.colleague(&company, "Anna", "anna").await;
    let owner = &company.admin.browser;
    let query = "{ company { enterpriseNumber superPasswordSet } }";
    let before = owner.gql(query, json!({})).await;
    assert_eq!(before["company"]["enterpriseNumber"], company.number);
    assert_eq!(before["company"]["superPasswordSet"], false);
    let query = "mutation($input: SuperPasswordSetInput!) { superPasswordSet(input: $input) {
        problem { code field } } }";
    for (own, told) in [("Wrong-2026", "PASSWORD_WRONG"), (FOUNDER_PASSWORD, "IN")] {
        let input = json!({ "input": { "ownPassword": own, "newPassword": SUPER_PASSWORD } });
        let done = owner.gql(query, input).await;
        assert_eq!(code(&done["superPasswordSet"]), told);
    }

    let number = company.number.as_str();
    let founder = world.sign_in(number, "", SUPER_PASSWORD, "CONSOLE").await;
    let founder = founder.expect("number and super password open the console");
    let query = "{ viewer { surface member { id } } company { superPasswordSet } }";
    let seen = founder.browser.gql(query, json!({})).await;
    assert_eq!(
        seen["viewer"],
        json!({ "surface": "CONSOLE", "member": null })
    );
    assert_eq!(seen["company"]["superPasswordSet"], true);
    for (tenant, account, surface) in [
        (number, "", "MEMBER"),
        (number, "", "API"),
        (number, "admin", "MEMBER"),
        (number, number, "MEMBER"),
        ("founded", "", "CONSOLE"),
        ("founded", "", "MEMBER"),
    ] {
        let tried = world
            .sign_in(tenant, account, SUPER_PASSWORD, surface)
            .await;
        assert!(tried.is_err(), "{tenant} {account} {surface}");
    }
    let wrong = world.sign_in(number, "", "Wrong-2026", "CONSOLE").await;
    assert_eq!(wrong.err().expect("a refusal")["code"], "CREDENTIALS_WRONG");

    let open = "mutation($input: ConversationOpenDirectInput!) {
        conversationOpenDirect(input: $input) { conversation { id } } }";
    let chat = [
        ("{ conversations { totalCount } }", json!({})),
        ("{ sync { more } }", json!({})),
        (open, json!({ "input": { "memberId": anna.member } })),
    ];
    for (query, arguments) in chat {
        let answer = founder.browser.ask(Schema::Tenant, query, arguments).await;
        assert_eq!(answer.code(), Some("FORBIDDEN"), "{query}");
    }
    world.running.stop().await;
}

async fn a_company_is_named_by_its_host_name_or_its_number(column: Column) {
    let world = World::start(column).await;
    let company = world.company("named").await;
    world.colleague(&company, "Anna", "anna").await;
    for name in ["named", " NAMED ", &company.number] {
        let person = world.sign_in(name, "anna", MEMBER_PASSWORD, "MEMBER").await;
        let person = person.expect(name);
        assert_eq!(person.browser.tenant(), Some(&*company.tenant));
    }
    // 「该企业号*****尚未开通服务！」: the form names the number that was typed.
    for name in ["99999999", "nobody-here", "", "named.example", "%"] {
        let told = world.sign_in(name, "anna", MEMBER_PASSWORD, "MEMBER").await;
        let told = told.err().expect("a refusal");
        let known = [&json!("TENANT_UNKNOWN"), &json!("REQUIRED")];
        assert!(known.contains(&&told["code"]), "{name}: {told}");
        assert_eq!(told["field"], "tenant", "{name}");
    }
    world.running.stop().await;
}

async fn email_and_mobile_are_names_where_the_company_says_so(column: Column) {
    let world = World::start(column).await;
    let company = world.company("reached").await;
    let owner = &company.admin.browser;
    let form = json!({ "name": "张伟", "account": "wei", "email": "wei@reached.example",
        "mobile": "13800138000", "slip": true });
    let slip = text(&hire(owner, form).await["slip"]["initialPassword"]);
    let names = [
        ("WEI@reached.example", "signInByEmail"),
        ("138 0013 8000", "signInByMobile"),
        ("+86-13800138000", "signInByMobile"),
    ];
    let sign_in = async |name: &str| world.sign_in("reached", name, &slip, "MEMBER").await;
    for (name, rule) in names {
        let told = sign_in(name).await.err().expect("not yet a name");
        assert_eq!(told["code"], "ACCOUNT_UNKNOWN", "{name}");
        set(owner, json!({ rule: true })).await;
        sign_in(name).await.expect(name);
        set(owner, json!({ rule: false })).await;
    }
    sign_in("wei").await.expect("the account is always a name");
    world.running.stop().await;
}

async fn a_seat_is_given_at_the_first_sign_in(column: Column) {
    let world = World::start(column).await;
    let company = world.company("seated").await;
    let owner = &company.admin.browser;
    let seats = async || {
        let query = "{ company { seatsUsed autoAuthorize } }";
        owner.gql(query, json!({})).await["company"].clone()
    };
    assert_eq!(
        seats().await,
        json!({ "seatsUsed": 0, "autoAuthorize": true })
    );
    world.colleague(&company, "Anna", "anna").await;
    assert_eq!(seats().await["seatsUsed"], 1);
    let form = json!({ "name": "Bo", "account": "bo", "slip": true });
    let slip = text(&hire(owner, form).await["slip"]["initialPassword"]);
    assert_eq!(seats().await["seatsUsed"], 1, "existing is free");
    set(owner, json!({ "autoAuthorize": false })).await;
    assert_eq!(seats().await["autoAuthorize"], false);
    let told = world.sign_in("seated", "bo", &slip, "MEMBER").await;
    let told = told.err().expect("a refusal");
    assert_eq!(told["code"], "NOT_AUTHORIZED_TO_SIGN_IN");
    let again = world.sign_in("seated", "anna", MEMBER_PASSWORD, "MEMBER");
    again.await.expect("whoever has a seat keeps it");
    set(owner, json!({ "autoAuthorize": true })).await;
    let bo = world.sign_in("seated", "bo", &slip, "MEMBER").await;
    bo.expect("a seat at the first sign-in");
    assert_eq!(seats().await["seatsUsed"], 2);
    world.running.stop().await;
}

async fn an_administrator_gives_and_takes_a_seat_by_hand(column: Column) {
    let world = World::start(column).await;
    let company = world.company("granted").await;
    let owner = &company.admin.browser;
    let anna = world.colleague(&company, "Anna", "anna").await;
    let mut hears = Socket::open(&anna.browser).await;
    set(owner, json!({ "autoAuthorize": false })).await;
    let told = async || {
        let tried = world.sign_in("granted", "anna", MEMBER_PASSWORD, "MEMBER");
        let refusal = tried.await.err();
        refusal.map_or_else(|| "IN".to_owned(), |problem| text(&problem["code"]))
    };
    let ask = async |verb: &str, id: &str| {
        let input = format!("{}Input", verb.replacen('m', "M", 1));
        let query = format!(
            "mutation($input: {input}!) {{ answer: {verb}(input: $input) {{
                problem {{ code }} member {{ authorized sessionCount }} }} }}"
        );
        let variables = json!({ "input": { "id": id } });
        owner.gql(&query, variables).await["answer"].clone()
    };

    let done = ask("memberUnauthorize", &anna.member).await;
    assert_eq!(
        done["member"],
        json!({ "authorized": false, "sessionCount": 0 })
    );
    assert_eq!(hears.until_closed().await.0, 4403);
    let seen = anna.browser.gql("{ viewer { sessionId } }", json!({}));
    assert!(seen.await["viewer"].is_null());
    assert_eq!(told().await, "NOT_AUTHORIZED_TO_SIGN_IN");
    let done = ask("memberAuthorize", &anna.member).await;
    assert_eq!(done["member"]["authorized"], true, "{done}");
    assert_eq!(told().await, "IN");

    let own = owner.gql("{ viewer { member { id } } }", json!({})).await;
    let own = text(&own["viewer"]["member"]["id"]);
    ask("memberAuthorize", &own).await;
    let done = ask("memberUnauthorize", &own).await;
    assert_eq!(code(&done), "SELF_NOT_ALLOWED");
    world.running.stop().await;
}

async fn five_wrong_passwords_lock_a_source_and_ten_lock_all(column: Column) {
    let world = behind_a_proxy(column).await;
    let company = world.company("locked").await;
    let anna = world.colleague(&company, "Anna", "anna").await;
    let at = |address| Desk {
        site: &world,
        address,
    };
    let (office, cafe, train) = (at("10.1.1.1"), at("198.51.100.7"), at("203.0.113.9"));
    let tries = async |desk: &Desk<'_>, password: &str| desk.code("locked", "anna", password).await;
    assert_eq!(tries(&office, MEMBER_PASSWORD).await, "IN");
    let mut told = Vec::new();
    for _ in 0..5 {
        told.push(tries(&cafe, "wrong").await);
    }
    let mut expected = ["CREDENTIALS_WRONG"; 5];
    expected[4] = "ACCOUNT_LOCKED";
    assert_eq!(told, expected);
    assert_eq!(tries(&cafe, MEMBER_PASSWORD).await, "ACCOUNT_LOCKED");
    // Another machine of the same network is the same source; another network is not.
    assert_eq!(
        tries(&at("198.51.100.200"), MEMBER_PASSWORD).await,
        "ACCOUNT_LOCKED"
    );
    assert_eq!(tries(&office, MEMBER_PASSWORD).await, "IN");
    for _ in 0..5 {
        tries(&train, "wrong").await;
    }
    assert_eq!(tries(&office, MEMBER_PASSWORD).await, "ACCOUNT_LOCKED");
    assert_eq!(
        tries(&at("192.0.2.1"), MEMBER_PASSWORD).await,
        "ACCOUNT_LOCKED"
    );

    let owner = &company.admin.browser;
    let locked = "{ memberRecords(locked: true) { edges { node { member { id } locked } } } }";
    let list = owner.gql(locked, json!({})).await["memberRecords"]["edges"].clone();
    let entry = json!({ "node": { "member": { "id": anna.member }, "locked": true } });
    assert_eq!(list, json!([entry]));
    let unlock = "mutation($input: MemberUnlockInput!) { memberUnlock(input: $input) {
        problem { code } member { locked } } }";
    let done = owner
        .gql(unlock, json!({ "input": { "id": anna.member } }))
        .await;
    assert_eq!(done["memberUnlock"]["member"]["locked"], false, "{done}");
    assert_eq!(tries(&cafe, MEMBER_PASSWORD).await, "IN");
    assert_eq!(tries(&office, MEMBER_PASSWORD).await, "IN");
    let list = owner.gql(locked, json!({})).await;
    assert_eq!(list["memberRecords"]["edges"], json!([]));
    world.running.stop().await;
}

async fn an_administrator_ends_their_own_lock_by_mail(column: Column) {
    let world = behind_a_proxy(column).await;
    let company = world.company("alone").await;
    let account = company.admin.account.as_str();
    let cafe = Desk {
        site: &world,
        address: "198.51.100.7",
    };
    for _ in 0..5 {
        cafe.code("alone", account, "wrong").await;
    }
    let told = cafe.code("alone", account, FOUNDER_PASSWORD).await;
    assert_eq!(told, "ACCOUNT_LOCKED");
    let body = mail(&world, "founder@alone.example", "unlock_link").await;
    assert!(!body.contains(FOUNDER_PASSWORD));
    let token = token(&body);
    let use_link = async |password: &str| {
        let input = json!({ "tenant": "alone", "token": token, "password": password });
        let stranger = world.browser.device(hansa_tests::DESKTOP);
        stranger.gql(PASSWORD_SET, json!({ "input": input })).await["passwordSet"].clone()
    };
    assert_eq!(code(&use_link("short").await), "TOO_SHORT");
    let done = use_link("Another-2026").await;
    assert_eq!(
        (code(&done).as_str(), &done["account"]),
        ("IN", &json!(account))
    );
    assert_eq!(code(&use_link("Third-2026").await), "LINK_INVALID");
    assert_eq!(cafe.code("alone", account, "Another-2026").await, "IN");
    let seen = company
        .admin
        .browser
        .gql("{ viewer { sessionId } }", json!({}))
        .await;
    assert_eq!(
        seen["viewer"],
        Value::Null,
        "the old password's sessions have ended"
    );
    world.running.stop().await;
}

async fn a_stranger_learns_nothing_of_who_exists(column: Column) {
    let world = behind_a_proxy(column).await;
    let company = world.company("quiet").await;
    world.colleague(&company, "Anna", "anna").await;
    let at = |address| Desk {
        site: &world,
        address,
    };
    let (office, cafe) = (at("10.1.1.1"), at("198.51.100.7"));
    let strange = cafe.told("quiet", "nobody", "wrong").await;
    assert_eq!(cafe.told("quiet", "anna", "wrong").await, strange);
    assert_eq!(code(&strange), "CREDENTIALS_WRONG");
    assert_eq!(strange["problem"]["field"], Value::Null);
    assert_eq!(office.code("quiet", "anna", MEMBER_PASSWORD).await, "IN");
    let told = office.told("quiet", "nobody", "wrong").await;
    let problem = |code: &str, field: &str| {
        let (limit, used) = (Value::Null, Value::Null);
        json!({ "code": code, "field": field, "limit": limit, "used": used })
    };
    assert_eq!(told["problem"], problem("ACCOUNT_UNKNOWN", "account"));
    let told = office.told("quiet", "anna", "wrong").await;
    assert_eq!(told["problem"], problem("PASSWORD_WRONG", "password"));
    // Known to this company is not known to another one.
    world.company("other").await;
    let elsewhere = office.code("other", "anna", MEMBER_PASSWORD).await;
    assert_eq!(elsewhere, "CREDENTIALS_WRONG");
    world.running.stop().await;
}
