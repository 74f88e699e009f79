//! Sign-in, as the person at the desk notices it.

use std::collections::BTreeSet;

use chrono::Duration;
use tenancy_model::{ErrorCode, EventBody, MemberState, Permission, TenantEvent};
use tenancy_store::{PageRequest, testing::World};

use super::*;
use crate::{
    FAILURES_PER_SOURCE_MAX, SecuritySettingsUpdateInput, SuperPasswordSetInput,
    audit_log::audit_log,
    credential::unlock,
    seats_used, security_settings_update, session_counts, super_password_set,
    testing::{PASSWORD, Scene, email_of},
};

tenancy_store::testing::test_both_backends!(
    a_member_signs_in_by_account_and_where_allowed_by_email,
    only_a_known_source_learns_what_was_wrong,
    five_wrong_passwords_lock_the_source_and_ten_everybody,
    an_administrator_who_locked_themself_out_is_mailed_a_link,
    an_unknown_name_locks_like_a_known_one,
    concurrent_guesses_are_counted_one_by_one,
    nobody_is_told_apart_by_the_time_it_takes,
    a_name_or_password_longer_than_any_is_nobodys,
    who_may_not_come_in_is_refused_with_the_reason,
    an_ended_licence_leaves_the_console_open,
    the_last_seats_are_given_once,
    without_automatic_authorisation_a_seat_must_be_given,
    a_second_desktop_takes_the_first_ones_place,
    several_devices_live_side_by_side_where_allowed,
    api_sessions_are_no_devices,
    the_founder_enters_the_console_and_nothing_else,
    an_old_password_must_be_changed_where_it_expires,
);

fn input(account: &str, password: &str, surface: Surface) -> SignInInput {
    SignInInput {
        account: account.to_owned(),
        password: password.into(),
        surface,
        by_number: false,
    }
}

async fn refusal(scene: &Scene, account: &str, password: &str) -> ErrorCode {
    problem(scene, &input(account, password, Surface::Member))
        .await
        .code
}

async fn problem(scene: &Scene, input: &SignInInput) -> Problem {
    match sign_in(&scene.visit, input).await {
        Err(DomainError::Refused(problem)) => problem,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("signed in"),
    }
}

async fn allow(scene: &Scene, input: SecuritySettingsUpdateInput) {
    security_settings_update(&scene.job(), &input)
        .await
        .unwrap();
}

// covers: SEC-01, SEC-02
async fn a_member_signs_in_by_account_and_where_allowed_by_email(world: World) {
    let scene = Scene::new(&world).await;
    let anna = scene.person("Anna1", &[]).await;
    let signed_in = scene.sign_in("ＡＮＮＡ1", Surface::Member).await;
    assert_eq!(signed_in.context.actor.member(), Some(anna));
    assert!(signed_in.replaced.is_empty());
    let email = email_of("Anna1");
    assert_eq!(
        refusal(&scene, &email, PASSWORD).await,
        ErrorCode::AccountUnknown
    );
    let email_too = SecuritySettingsUpdateInput {
        sign_in_by_email: Some(true),
        ..Default::default()
    };
    allow(&scene, email_too).await;
    let signed_in = scene.sign_in(&email.to_uppercase(), Surface::Member).await;
    assert_eq!(signed_in.context.actor.member(), Some(anna));
    assert_eq!(
        refusal(&scene, "13800000005", PASSWORD).await,
        ErrorCode::AccountUnknown
    );
}

// covers: SEC-26
async fn only_a_known_source_learns_what_was_wrong(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[]).await;
    assert_eq!(
        refusal(&scene, "anna", "nope").await,
        ErrorCode::CredentialsWrong
    );
    assert_eq!(
        refusal(&scene, "bob", "nope").await,
        ErrorCode::CredentialsWrong
    );
    scene.sign_in("anna", Surface::Member).await;
    assert_eq!(
        refusal(&scene, "anna", "nope").await,
        ErrorCode::PasswordWrong
    );
    assert_eq!(
        refusal(&scene, "bob", "nope").await,
        ErrorCode::AccountUnknown
    );
    let elsewhere = scene.from([192, 0, 2, 1], "Chrome", DeviceType::Desktop);
    assert_eq!(
        refusal(&elsewhere, "anna", "nope").await,
        ErrorCode::CredentialsWrong
    );
    assert_eq!(
        refusal(&elsewhere, "bob", "nope").await,
        ErrorCode::CredentialsWrong
    );
    // Another tenant does not know the source, whatever happened in this one.
    let other = Scene::new(&world).await;
    assert_eq!(
        refusal(&other, "anna", PASSWORD).await,
        ErrorCode::CredentialsWrong
    );
}

// covers: SEC-14, DIR-35
async fn five_wrong_passwords_lock_the_source_and_ten_everybody(world: World) {
    let scene = Scene::new(&world).await;
    let anna = scene.person("anna", &[]).await;
    let home = scene.from([192, 0, 2, 1], "Safari", DeviceType::Mobile);
    let cafe = scene.from([198, 51, 100, 1], "Chrome", DeviceType::Desktop);
    for _ in 1..FAILURES_PER_SOURCE_MAX {
        assert_eq!(
            refusal(&scene, "anna", "nope").await,
            ErrorCode::CredentialsWrong
        );
    }
    assert_eq!(
        refusal(&scene, "anna", "nope").await,
        ErrorCode::AccountLocked
    );
    assert_eq!(
        refusal(&scene, "anna", PASSWORD).await,
        ErrorCode::AccountLocked
    );
    home.sign_in("anna", Surface::Member).await;
    for _ in 0..FAILURES_PER_SOURCE_MAX {
        refusal(&cafe, "anna", "nope").await;
    }
    assert_eq!(
        refusal(&home, "anna", PASSWORD).await,
        ErrorCode::AccountLocked
    );
    let tx = scene.begin().await;
    let row = credential::get(&tx, anna).await.unwrap().unwrap();
    assert_eq!((row.failures, row.locked_at), (10, Some(scene.now())));
    unlock(&tx, &scene.visit.services, anna).await.unwrap();
    tx.commit().await.unwrap();
    scene.sign_in("anna", Surface::Member).await;
}

async fn an_administrator_who_locked_themself_out_is_mailed_a_link(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[Role::Administrator]).await;
    scene.person("bob", &[]).await;
    for account in ["anna", "bob"] {
        for _ in 0..FAILURES_PER_SOURCE_MAX {
            refusal(&scene, account, "nope").await;
        }
    }
    let mails = crate::password_link::tests::mails(&scene).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].recipient, email_of("anna"));
    assert_eq!(mails[0].body.kind(), "unlock_link");
}

async fn an_unknown_name_locks_like_a_known_one(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[]).await;
    let mut answers = Vec::new();
    for account in ["anna", "nobody"] {
        let mut told = Vec::new();
        for source in 1..=3 {
            let from = scene.from([198, 51, source, 1], "Chrome", DeviceType::Desktop);
            for _ in 0..=FAILURES_PER_SOURCE_MAX {
                told.push(refusal(&from, account, "nope").await);
            }
        }
        answers.push(told);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].contains(&ErrorCode::AccountLocked));
}

async fn concurrent_guesses_are_counted_one_by_one(world: World) {
    let scene = Scene::new(&world).await;
    let anna = scene.person("anna", &[]).await;
    let guesses = (0..20).map(|n| {
        let (scene, guess) = (scene.clone(), format!("guess {n}"));
        tokio::spawn(async move { refusal(&scene, "anna", &guess).await })
    });
    let guesses: Vec<_> = guesses.collect();
    let mut wrong = 0;
    for guess in guesses {
        wrong += u32::from(guess.await.unwrap() == ErrorCode::CredentialsWrong);
    }
    assert_eq!(wrong, FAILURES_PER_SOURCE_MAX - 1);
    let row = credential::get(&scene.begin().await, anna).await.unwrap();
    assert_eq!(row.unwrap().failures, 5);
}

/// Every way in pays for one hash, and none gets around it: where none can be had, all of them wait
/// alike.
// covers: SEC-26
async fn nobody_is_told_apart_by_the_time_it_takes(world: World) {
    let mut scene = Scene::new(&world).await;
    scene.person("anna", &[]).await;
    let by_link = scene.person("invited", &[]).await;
    let tx = scene.begin().await;
    credential::clear_password(&tx, by_link).await.unwrap();
    tx.commit().await.unwrap();
    let config = crate::AccessConfig {
        hashes_at_once: 1,
        hash_wait_ms: 0,
        ..crate::AccessConfig::for_testing()
    };
    scene.visit.services.access = crate::Access::new(config).unwrap();
    let turn = scene.visit.services.access.passwords.turn().await.unwrap();
    let founder = SignInInput {
        by_number: true,
        ..input("", "nope", Surface::Console)
    };
    assert_eq!(problem(&scene, &founder).await.code, ErrorCode::RateLimited);
    for (account, password) in [
        ("anna", PASSWORD),
        ("anna", "nope"),
        ("invited", "nope"),
        ("nobody", "nope"),
    ] {
        let told = refusal(&scene, account, password).await;
        assert_eq!(told, ErrorCode::RateLimited, "{account}");
    }
    drop(turn);
    assert_eq!(
        refusal(&scene, "nobody", "nope").await,
        ErrorCode::CredentialsWrong
    );
}

async fn a_name_or_password_longer_than_any_is_nobodys(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[]).await;
    let long = "a".repeat(limits::EMAIL_CHARS_MAX + 1);
    let endless = "a".repeat(1 << 20);
    for account in [&long, &endless] {
        let told = refusal(&scene, account, PASSWORD).await;
        assert_eq!(told, ErrorCode::CredentialsWrong);
    }
    for password in [&long, &endless] {
        let told = refusal(&scene, "anna", password).await;
        assert_eq!(told, ErrorCode::CredentialsWrong);
    }
}

// covers: DIR-32, DIR-28
async fn who_may_not_come_in_is_refused_with_the_reason(world: World) {
    let scene = Scene::new(&world).await;
    let anna = scene.person("anna", &[]).await;
    for state in [MemberState::Disabled, MemberState::Resigned] {
        scene.set_state(anna, state).await;
        assert_eq!(
            refusal(&scene, "anna", PASSWORD).await,
            ErrorCode::AccountDisabled
        );
    }
    // Who does not know the password learns nothing of it.
    assert_eq!(
        refusal(&scene, "anna", "nope").await,
        ErrorCode::PasswordWrong
    );
    scene.set_state(anna, MemberState::Active).await;
    let console = problem(&scene, &input("anna", PASSWORD, Surface::Console)).await;
    assert_eq!(console.code, ErrorCode::NotAuthorizedToSignIn);
    let empty = problem(&scene, &input("anna", "", Surface::Member)).await;
    assert_eq!(
        (empty.code, empty.field),
        (ErrorCode::Required, Some("password"))
    );
    let nobody = problem(&scene, &input(" ", "x", Surface::Member)).await;
    assert_eq!(
        (nobody.code, nobody.field),
        (ErrorCode::Required, Some("account"))
    );
}

// covers: LIC-13
async fn an_ended_licence_leaves_the_console_open(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[Role::Owner]).await;
    let chat = scene.sign_in("anna", Surface::Member).await;
    let ended = scene.entitled(50, Some(scene.now()));
    let again = crate::authenticate(&ended.visit, Surface::Member, &chat.token).await;
    assert!(again.is_err());
    assert_eq!(
        refusal(&ended, "anna", PASSWORD).await,
        ErrorCode::LicenseExpired
    );
    ended.sign_in("anna", Surface::Console).await;
}

// covers: LIC-09, LIC-12
async fn the_last_seats_are_given_once(world: World) {
    let scene = Scene::new(&world).await.entitled(5, None);
    for account in ["old1", "old2"] {
        scene.person(account, &[]).await;
        scene.sign_in(account, Surface::Member).await;
    }
    let accounts: Vec<String> = (0..20).map(|n| format!("new{n}")).collect();
    for account in &accounts {
        scene.person(account, &[]).await;
    }
    let tries: Vec<_> = accounts
        .into_iter()
        .map(|account| {
            let scene = scene.clone();
            tokio::spawn(async move {
                sign_in(&scene.visit, &input(&account, PASSWORD, Surface::Member)).await
            })
        })
        .collect();
    let mut inside = 0;
    for one in tries {
        match one.await.unwrap() {
            Ok(_) => inside += 1,
            Err(DomainError::Refused(problem)) => {
                assert_eq!(problem.code, ErrorCode::SeatsExhausted);
                assert_eq!((problem.used, problem.limit), (Some(5), Some(5)));
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(inside, 3);
    assert_eq!(seats_used(&scene.begin().await).await.unwrap(), 5);
    // Whoever holds a seat is unaffected, and administration needs none.
    scene.sign_in("old1", Surface::Member).await;
    scene.person("boss", &[Role::Owner]).await;
    scene.sign_in("boss", Surface::Console).await;
}

async fn without_automatic_authorisation_a_seat_must_be_given(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[]).await;
    scene.person("bob", &[]).await;
    scene.sign_in("anna", Surface::Member).await;
    let by_hand = SecuritySettingsUpdateInput {
        auto_authorize: Some(false),
        ..Default::default()
    };
    allow(&scene, by_hand).await;
    scene.sign_in("anna", Surface::Member).await;
    assert_eq!(
        refusal(&scene, "bob", PASSWORD).await,
        ErrorCode::NotAuthorizedToSignIn
    );
}

// covers: SEC-16, SEC-17
async fn a_second_desktop_takes_the_first_ones_place(world: World) {
    let scene = Scene::new(&world).await;
    let anna = scene.person("anna", &[]).await;
    let topic = tenancy_model::topic(scene.visit.store.id());
    let phone = scene.from([192, 0, 2, 1], "Safari on iOS", DeviceType::Mobile);
    let first = scene.sign_in("anna", Surface::Member).await;
    let on_phone = phone.sign_in("anna", Surface::Member).await;
    assert!(on_phone.replaced.is_empty());
    let mut heard = scene.bus().subscribe(&topic).await.unwrap();
    let laptop = scene.from([192, 0, 2, 7], "Edge on Windows", DeviceType::Desktop);
    let second = laptop.sign_in("anna", Surface::Member).await;
    assert_eq!(second.replaced, ["Firefox on Linux"]);
    let Some(platform::bus::Delivery::Message(bytes)) = heard.next().await else {
        panic!("nothing was published")
    };
    let event: TenantEvent = serde_json::from_slice(&bytes).unwrap();
    let ended = EventBody::SessionEnded {
        session: first.context.actor.session().unwrap(),
        reason: SessionEndReason::Replaced,
        by: Some("Edge on Windows (192.0.2.7)".to_owned()),
    };
    assert_eq!(event.body, ended);
    let opens = async |signed_in: &SignedIn| {
        crate::authenticate(&scene.visit, Surface::Member, &signed_in.token)
            .await
            .is_ok()
    };
    assert!(!opens(&first).await);
    assert!(opens(&second).await && opens(&on_phone).await);
    let counts = session_counts(&scene.begin().await, &scene.job(), &[anna]).await;
    assert_eq!(counts.unwrap()[&anna], 2);
}

async fn several_devices_live_side_by_side_where_allowed(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[]).await;
    let several = SecuritySettingsUpdateInput {
        several_devices: Some(true),
        ..Default::default()
    };
    allow(&scene, several).await;
    let first = scene.sign_in("anna", Surface::Member).await;
    let second = scene.sign_in("anna", Surface::Member).await;
    assert!(second.replaced.is_empty());
    for signed_in in [first, second] {
        crate::authenticate(&scene.visit, Surface::Member, &signed_in.token)
            .await
            .unwrap();
    }
}

async fn api_sessions_are_no_devices(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[Role::Owner]).await;
    let chat = scene.sign_in("anna", Surface::Member).await;
    for surface in [Surface::Api, Surface::Api, Surface::Console] {
        assert!(scene.sign_in("anna", surface).await.replaced.is_empty());
    }
    crate::authenticate(&scene.visit, Surface::Member, &chat.token)
        .await
        .unwrap();
}

// covers: TEN-01
async fn the_founder_enters_the_console_and_nothing_else(world: World) {
    let scene = Scene::new(&world).await;
    let founder = SignInInput {
        by_number: true,
        ..input("", "super secret 1", Surface::Console)
    };
    assert_eq!(
        problem(&scene, &founder).await.code,
        ErrorCode::CredentialsWrong
    );
    let set = SuperPasswordSetInput {
        own_password: PASSWORD.into(),
        new_password: "super secret 1".into(),
    };
    super_password_set(&scene.job(), &set).await.unwrap();
    let signed_in = sign_in(&scene.visit, &founder).await.unwrap();
    let ctx = &signed_in.context;
    assert!(matches!(ctx.actor, Actor::Founder { .. }));
    assert!(ctx.require(Permission::CompanyManage).is_ok());
    assert!(ctx.require_member().is_err());
    for surface in [Surface::Member, Surface::Api] {
        let chat = SignInInput {
            surface,
            ..founder.clone()
        };
        assert_eq!(problem(&scene, &chat).await.code, ErrorCode::Required);
    }
    let by_host_name = SignInInput {
        by_number: false,
        ..founder.clone()
    };
    assert_eq!(
        problem(&scene, &by_host_name).await.code,
        ErrorCode::Required
    );
    crate::authenticate(&scene.visit, Surface::Console, &signed_in.token)
        .await
        .unwrap();
    let page = PageRequest::new(10, None).unwrap();
    let log = audit_log(ctx, &page).await.unwrap();
    let told: BTreeSet<_> = log
        .items
        .iter()
        .map(|(_, line)| (line.action.as_str(), line.outcome.as_str()))
        .collect();
    assert!(told.contains(&("console.sign_in_founder", "done")));
    assert!(told.contains(&("console.sign_in_founder", "refused")));
    let wrong = SignInInput {
        password: "wrong".into(),
        ..founder.clone()
    };
    for _ in 0..FAILURES_PER_SOURCE_MAX {
        problem(&scene, &wrong).await;
    }
    assert_eq!(
        problem(&scene, &founder).await.code,
        ErrorCode::AccountLocked
    );
}

// covers: SEC-09
async fn an_old_password_must_be_changed_where_it_expires(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[]).await;
    let expires = SecuritySettingsUpdateInput {
        password_validity_days: Some(30),
        ..Default::default()
    };
    allow(&scene, expires).await;
    let fresh = scene.sign_in("anna", Surface::Member).await;
    assert!(fresh.context.require_member().is_ok());
    scene.clock.advance(Duration::days(30));
    let old = scene.sign_in("anna", Surface::Member).await;
    assert!(old.context.require_member().is_err());
}
