//! Claiming a deployment, signing in to it, and being locked out of it.

use tenancy_store::testing::World;

use super::*;
use crate::{operator_authenticate, operator_claim, operator_claim_link, operator_sign_out};

tenancy_store::testing::test_both_backends!(
    the_first_operator_claims_the_deployment_once,
    wrong_passwords_lock_an_account_for_a_while,
    a_lock_is_told_only_to_a_source_that_signed_in_before,
    a_session_ends_by_sign_out_and_by_itself,
    an_operator_of_the_command_line_is_checked_too,
);

const URL: &str = "http://127.0.0.1:8080/";

async fn link(registry: &Registry) -> Option<Secret> {
    let link = operator_claim_link(registry, URL).await.unwrap()?;
    let token = link
        .reveal()
        .strip_prefix("http://127.0.0.1:8080/operator/claim?token=");
    Some(token.unwrap().into())
}

async fn the_first_operator_claims_the_deployment_once(world: World) {
    let registry = registry(&world);
    let claim =
        async |token: &Secret| operator_claim(&registry, &origin(1), token, &operator_form()).await;
    let old = link(&registry).await.unwrap();
    let token = link(&registry).await.unwrap();
    assert_eq!(code_of(claim(&old).await), ErrorCode::LinkInvalid);
    let all = futures::future::join_all((0..4).map(|_| claim(&token))).await;
    assert_eq!(all.iter().filter(|result| result.is_ok()).count(), 1);
    for refused in all.iter().filter(|result| result.is_err()) {
        let Err(DomainError::Refused(problem)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(problem.code, ErrorCode::LinkInvalid);
    }
    let signed_in = all.into_iter().find_map(Result::ok).unwrap();
    assert_eq!(signed_in.operator.email, "Olga@Example.com");
    assert!(link(&registry).await.is_none(), "there is an operator now");
    let known = operator_authenticate(&registry, &signed_in.token)
        .await
        .unwrap();
    assert_eq!(known, Some(signed_in.operator));
}

async fn wrong_passwords_lock_an_account_for_a_while(world: World) {
    let registry = registry(&world);
    operator_create(&registry, &operator_form()).await.unwrap();
    let sign_in = async |email: &str, password: &str| {
        operator_sign_in(&registry, &origin(1), email, &password.into()).await
    };
    let stranger = sign_in("nobody@example.com", "x").await;
    assert_eq!(code_of(stranger), ErrorCode::CredentialsWrong);
    assert_eq!(
        code_of(sign_in("no address", "x").await),
        ErrorCode::CredentialsWrong
    );
    for _ in 0..5 {
        let wrong = sign_in("olga@example.com", "x").await;
        assert_eq!(code_of(wrong), ErrorCode::CredentialsWrong);
    }
    let locked = sign_in("olga@example.com", "operator's secret").await;
    assert_eq!(code_of(locked), ErrorCode::CredentialsWrong);
    world.clock.advance(chrono::Duration::minutes(15));
    assert_eq!(
        code_of(sign_in("olga@example.com", "x").await),
        ErrorCode::CredentialsWrong
    );
    assert!(
        sign_in("OLGA@example.com", "operator's secret")
            .await
            .is_ok()
    );
}

/// covers: SEC-26
async fn a_lock_is_told_only_to_a_source_that_signed_in_before(world: World) {
    let registry = registry(&world);
    operator_create(&registry, &operator_form()).await.unwrap();
    let good: Secret = "operator's secret".into();
    let sign_in = async |from: u8, email: &str, password: &Secret| {
        operator_sign_in(&registry, &origin(from), email, password).await
    };
    sign_in(1, "olga@example.com", &good).await.unwrap();
    for _ in 0..5 {
        let wrong = sign_in(2, "olga@example.com", &"x".into()).await;
        assert_eq!(code_of(wrong), ErrorCode::CredentialsWrong);
    }
    let stranger = refusal(sign_in(2, "nobody@example.com", &good).await);
    for password in [&"x".into(), &good] {
        let locked = refusal(sign_in(2, "olga@example.com", password).await);
        assert_eq!(locked, stranger, "to an unknown source she is a stranger");
        let locked = refusal(sign_in(1, "olga@example.com", password).await);
        assert_eq!(
            (locked.code, locked.retry_after_s),
            (ErrorCode::AccountLocked, Some(900))
        );
    }
    // A try while it is locked counts for nothing: the lock ends when it was said to.
    world.clock.advance(chrono::Duration::minutes(15));
    assert!(sign_in(2, "olga@example.com", &good).await.is_ok());
}

async fn a_session_ends_by_sign_out_and_by_itself(world: World) {
    let registry = registry(&world);
    let ctx = operator(&registry).await;
    let sign_in = async || {
        let password = "operator's secret".into();
        operator_sign_in(&registry, &origin(1), "olga@example.com", &password)
            .await
            .unwrap()
    };
    let is_known = async |token: &Secret| {
        operator_authenticate(&registry, token)
            .await
            .unwrap()
            .is_some()
    };
    let first = sign_in().await;
    let other = sign_in().await;
    let own = PlatformContext::new(registry.clone(), first.operator, ctx.origin().clone());
    operator_sign_out(&own).await.unwrap();
    assert!(!is_known(&first.token).await);
    assert!(is_known(&other.token).await);
    for _ in 0..11 {
        world.clock.advance(chrono::Duration::hours(1));
        assert!(is_known(&other.token).await, "in use");
    }
    world.clock.advance(chrono::Duration::hours(1));
    assert!(!is_known(&other.token).await, "twelve hours are enough");
    let idle = sign_in().await;
    world.clock.advance(chrono::Duration::hours(2));
    assert!(!is_known(&idle.token).await);
    assert!(!is_known(&"guess".into()).await);
}

async fn an_operator_of_the_command_line_is_checked_too(world: World) {
    let registry = registry(&world);
    operator_create(&registry, &operator_form()).await.unwrap();
    let twice = operator_create(&registry, &operator_form()).await;
    assert_eq!(code_of(twice), ErrorCode::EmailTaken);
    let short = OperatorForm {
        email: "b@example.com".to_owned(),
        password: "x".into(),
        ..operator_form()
    };
    assert_eq!(
        code_of(operator_create(&registry, &short).await),
        ErrorCode::TooShort
    );
}
