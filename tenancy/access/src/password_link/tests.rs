//! One-time links, as they arrive by mail.

use sea_orm::{ConnectionTrait as _, Statement};
use tenancy_model::{Role, Surface};
use tenancy_store::testing::World;

use super::*;
use crate::{
    SecuritySettingsUpdateInput, SignInInput, authenticate, security_settings_update, sign_in,
    testing::{PASSWORD, Scene, email_of},
};

tenancy_store::testing::test_both_backends!(
    a_link_sets_the_password_once_and_ends_sessions,
    a_link_expires,
    asking_for_a_link_answers_the_same_for_everybody,
    a_link_that_was_asked_for_does_not_end_a_lock,
    of_two_uses_at_once_one_wins,
    one_link_too_many_ends_the_oldest,
);

/// The mails that wait, as the worker would read them.
pub(crate) async fn mails(scene: &Scene) -> Vec<MailRequest> {
    let tx = scene.begin().await;
    let jobs = Statement::from_sql_and_values(
        tx.get_database_backend(),
        "SELECT body FROM job WHERE kind = $1",
        [MAIL_JOB.into()],
    );
    let rows = tx.query_all_raw(jobs).await.unwrap();
    rows.iter()
        .map(|row| {
            let body: serde_json::Value = row.try_get("", "body").unwrap();
            serde_json::from_value(body).unwrap()
        })
        .collect()
}

fn token(mail: &MailRequest) -> Secret {
    match &mail.body {
        MailBody::Activation { token, .. }
        | MailBody::PasswordLink { token, .. }
        | MailBody::UnlockLink { token, .. } => token.as_str().into(),
        other => panic!("{other:?}"),
    }
}

async fn link(scene: &Scene, member: MemberId, purpose: LinkPurpose) -> Secret {
    let before = mails(scene).await;
    let tx = scene.begin().await;
    assert!(mail_link(&tx, &scene.job(), member, purpose).await.unwrap());
    tx.commit().await.unwrap();
    let new: Vec<_> = mails(scene)
        .await
        .into_iter()
        .filter(|mail| !before.contains(mail))
        .collect();
    assert_eq!(new.len(), 1);
    token(&new[0])
}

async fn set(scene: &Scene, token: &Secret, password: &str) -> Result<String, ErrorCode> {
    let input = PasswordSetInput {
        token: token.clone(),
        password: password.into(),
    };
    match password_set(&scene.visit, &input).await {
        Ok(account) => Ok(account),
        Err(DomainError::Refused(problem)) => Err(problem.code),
        Err(error) => panic!("{error}"),
    }
}

async fn try_sign_in(scene: &Scene, password: &str) -> Result<(), ErrorCode> {
    let input = SignInInput {
        account: "anna".to_owned(),
        password: password.into(),
        surface: Surface::Member,
        by_number: false,
    };
    match sign_in(&scene.visit, &input).await {
        Ok(_) => Ok(()),
        Err(DomainError::Refused(problem)) => Err(problem.code),
        Err(error) => panic!("{error}"),
    }
}

// covers: SEC-12, TEN-12
async fn a_link_sets_the_password_once_and_ends_sessions(world: World) {
    let (scene, other) = (Scene::new(&world).await, Scene::new(&world).await);
    let anna = scene.person("anna", &[]).await;
    let chat = scene.sign_in("anna", Surface::Member).await;
    let strong = SecuritySettingsUpdateInput {
        strong_password: Some(true),
        ..Default::default()
    };
    security_settings_update(&scene.job(), &strong)
        .await
        .unwrap();
    let token = link(&scene, anna, LinkPurpose::Reset).await;
    let old = link(&scene, anna, LinkPurpose::Activation).await;
    assert_eq!(
        set(&scene, &token, "another horse").await,
        Err(ErrorCode::PasswordWeak)
    );
    assert_eq!(
        set(&other, &token, "Another1!").await,
        Err(ErrorCode::LinkInvalid)
    );
    assert_eq!(
        set(&scene, &"x".into(), "Another1!").await,
        Err(ErrorCode::LinkInvalid)
    );
    assert_eq!(
        set(&scene, &token, "Another1!").await,
        Ok("anna".to_owned())
    );
    for spent in [&token, &old] {
        assert_eq!(
            set(&scene, spent, "Another2!").await,
            Err(ErrorCode::LinkInvalid)
        );
    }
    assert!(
        authenticate(&scene.visit, Surface::Member, &chat.token)
            .await
            .is_err()
    );
    assert_eq!(
        try_sign_in(&scene, PASSWORD).await,
        Err(ErrorCode::PasswordWrong)
    );
    assert_eq!(try_sign_in(&scene, "Another1!").await, Ok(()));
}

async fn a_link_expires(world: World) {
    let scene = Scene::new(&world).await;
    let anna = scene.person("anna", &[]).await;
    let token = link(&scene, anna, LinkPurpose::Forgot).await;
    let hours = scene.visit.services.access.config.password_link_hours;
    scene.clock.advance(Duration::hours(hours.into()));
    assert_eq!(
        set(&scene, &token, "another horse").await,
        Err(ErrorCode::LinkExpired)
    );
    scene.clock.advance(Duration::days(1));
    assert_eq!(
        set(&scene, &token, "another horse").await,
        Err(ErrorCode::LinkInvalid)
    );
}

// covers: SEC-10
async fn asking_for_a_link_answers_the_same_for_everybody(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[]).await;
    let bob = scene.person("bob", &[]).await;
    scene.set_state(bob, MemberState::Resigned).await;
    for account in ["nobody", "bob", "nobody@company.example"] {
        password_forgot(&scene.visit, account).await.unwrap();
        assert!(mails(&scene).await.is_empty(), "{account}");
    }
    password_forgot(&scene.visit, &email_of("anna"))
        .await
        .unwrap();
    password_forgot(&scene.visit, "anna").await.unwrap();
    let sent = mails(&scene).await;
    assert_eq!(sent.len(), 1, "asked twice at once, mailed once");
    assert_eq!(sent[0].recipient, email_of("anna"));
    scene.clock.advance(Duration::minutes(FORGOT_EVERY_MINUTES));
    password_forgot(&scene.visit, "anna").await.unwrap();
    assert_eq!(mails(&scene).await.len(), 2);
    assert!(set(&scene, &token(&sent[0]), "another horse").await.is_ok());
}

async fn a_link_that_was_asked_for_does_not_end_a_lock(world: World) {
    let scene = Scene::new(&world).await;
    let anna = scene.person("anna", &[Role::Owner]).await;
    let lock = async || {
        for _ in 0..crate::FAILURES_PER_SOURCE_MAX {
            try_sign_in(&scene, "nope").await.unwrap_err();
        }
    };
    lock().await;
    let asked = link(&scene, anna, LinkPurpose::Forgot).await;
    set(&scene, &asked, "another horse").await.unwrap();
    assert_eq!(
        try_sign_in(&scene, "another horse").await,
        Err(ErrorCode::AccountLocked)
    );
    let own = link(&scene, anna, LinkPurpose::Unlock).await;
    set(&scene, &own, "a third horse").await.unwrap();
    assert_eq!(try_sign_in(&scene, "a third horse").await, Ok(()));
}

async fn of_two_uses_at_once_one_wins(world: World) {
    let scene = Scene::new(&world).await;
    let anna = scene.person("anna", &[]).await;
    let token = link(&scene, anna, LinkPurpose::Reset).await;
    let uses: Vec<_> = (0..8)
        .map(|n| {
            let (scene, token) = (scene.clone(), token.clone());
            tokio::spawn(async move { set(&scene, &token, &format!("horse number {n}")).await })
        })
        .collect();
    let mut won = 0;
    for one in uses {
        match one.await.unwrap() {
            Ok(_) => won += 1,
            Err(code) => assert_eq!(code, ErrorCode::LinkInvalid),
        }
    }
    assert_eq!(won, 1);
}

async fn one_link_too_many_ends_the_oldest(world: World) {
    let scene = Scene::new(&world).await;
    let anna = scene.person("anna", &[]).await;
    let mut links = Vec::new();
    for _ in 0..=LINKS_PER_MEMBER_MAX {
        links.push(link(&scene, anna, LinkPurpose::Reset).await);
        scene.clock.advance(Duration::seconds(1));
    }
    let oldest = set(&scene, &links[0], "another horse").await;
    assert_eq!(oldest, Err(ErrorCode::LinkInvalid));
    assert!(set(&scene, &links[1], "another horse").await.is_ok());
}
