//! The form, the code, and what bounds them.

use tenancy_access::DomainError;
use tenancy_model::{ErrorCode, MailBody, SignupId};
use tenancy_store::testing::World;

use super::*;
use crate::{GUESSES_MAX, RESENDS_MAX, host_name_check, signup_resend};

tenancy_store::testing::test_both_backends!(
    a_company_signs_up_and_is_told_what_it_needs,
    nothing_exists_before_the_code_is_confirmed,
    a_code_works_once_even_when_it_comes_many_times_at_once,
    a_code_expires_and_a_new_one_works,
    five_wrong_codes_are_enough,
    a_code_is_not_sent_at_once_again_nor_for_ever,
    a_name_that_was_taken_meanwhile_is_refused_and_the_code_stays_good,
    a_source_an_address_and_a_domain_have_their_share,
    nobody_gets_more_than_their_share_by_coming_all_at_once,
    a_known_address_is_answered_like_a_stranger,
    a_taken_name_comes_with_a_suggestion,
);

async fn confirm(
    registry: &Arc<Registry>,
    signup: SignupId,
    with: &Secret,
) -> Result<SignedUpTenant, DomainError> {
    let input = SignupConfirm {
        signup,
        code: with.clone(),
    };
    signup_confirm(registry, &input).await
}

/// Six digits that are not the code.
fn wrong(code: &Secret) -> Secret {
    if code.reveal() == "000000" {
        "000001".into()
    } else {
        "000000".into()
    }
}

/// covers: TEN-05
/// covers: LIC-02
async fn a_company_signs_up_and_is_told_what_it_needs(world: World) {
    let registry = registry(&world);
    let tenant = sign_up(&registry, 1).await;
    assert_eq!(
        (tenant.host_name.as_str(), tenant.account.as_str()),
        ("company1", "admin")
    );
    assert_eq!((tenant.number.len(), tenant.seats), (8, 50));
    assert_eq!(
        tenant.ends_at,
        Some(world.now() + chrono::Duration::days(14))
    );
    assert!(
        world
            .stores
            .tenant(tenant.tenant)
            .await
            .unwrap()
            .begin()
            .await
            .is_ok()
    );
    let mails = waiting_mails(&registry).await;
    let done = mails.last().unwrap();
    assert_eq!(done.recipient, "founder@company1.example");
    let MailBody::SignupDone { number, .. } = &done.body else {
        panic!("{done:?}")
    };
    assert_eq!(number, &tenant.number);
    assert_eq!(
        mails.len(),
        1,
        "the mail with the used code is not sent any more"
    );
}

async fn nothing_exists_before_the_code_is_confirmed(world: World) {
    let registry = registry(&world);
    start(&registry, 1).await;
    let ctx = operator(&registry).await;
    let page = tenancy_store::PageRequest::new(10, None).unwrap();
    let all = crate::tenants(&ctx, &crate::TenantFilter::default(), &page)
        .await
        .unwrap();
    assert_eq!(all.total, 0);
    let check = host_name_check(&registry, "company1").await.unwrap();
    assert_eq!(check.problem, None);
}

async fn a_code_works_once_even_when_it_comes_many_times_at_once(world: World) {
    let registry = registry(&world);
    let started = start(&registry, 1).await;
    let code = code(&registry, started.signup).await;
    let all = (0..6).map(|_| confirm(&registry, started.signup, &code));
    let ended = futures::future::join_all(all).await;
    assert_eq!(ended.iter().filter(|result| result.is_ok()).count(), 1);
    for refused in ended.into_iter().filter(Result::is_err) {
        assert_eq!(code_of(refused), ErrorCode::CodeUsed);
    }
}

async fn a_code_expires_and_a_new_one_works(world: World) {
    let registry = registry(&world);
    let started = start(&registry, 1).await;
    let old = code(&registry, started.signup).await;
    assert_eq!(
        started.expires_at,
        world.now() + chrono::Duration::minutes(15)
    );
    world.clock.advance(chrono::Duration::minutes(15));
    let late = confirm(&registry, started.signup, &old).await;
    assert_eq!(code_of(late), ErrorCode::CodeExpired);
    signup_resend(&registry, started.signup).await.unwrap();
    let new = code(&registry, started.signup).await;
    assert_eq!(
        code_of(confirm(&registry, started.signup, &old).await),
        ErrorCode::CodeWrong
    );
    assert!(confirm(&registry, started.signup, &new).await.is_ok());
    let unknown = SignupId::new(&world.clock, &*world.rng);
    let missing = confirm(&registry, unknown, &new).await;
    assert!(matches!(missing, Err(DomainError::Fault(_))));
}

async fn five_wrong_codes_are_enough(world: World) {
    let registry = registry(&world);
    let started = start(&registry, 1).await;
    let code = code(&registry, started.signup).await;
    for guess in 1..=GUESSES_MAX {
        let problem = refusal(confirm(&registry, started.signup, &wrong(&code)).await);
        assert_eq!(problem.code, ErrorCode::CodeWrong);
        assert_eq!(problem.used, Some(guess.unsigned_abs().into()));
    }
    let right = confirm(&registry, started.signup, &code).await;
    assert_eq!(code_of(right), ErrorCode::CodeExpired);
    // A code of one sign-up is worth nothing in another.
    let other = start(&registry, 2).await;
    assert_eq!(
        code_of(confirm(&registry, other.signup, &code).await),
        ErrorCode::CodeWrong
    );
}

async fn a_code_is_not_sent_at_once_again_nor_for_ever(world: World) {
    let registry = registry(&world);
    let started = start(&registry, 1).await;
    let soon = refusal(signup_resend(&registry, started.signup).await);
    assert_eq!(
        (soon.code, soon.retry_after_s),
        (ErrorCode::RateLimited, Some(60))
    );
    for _ in 0..RESENDS_MAX {
        world.clock.advance(chrono::Duration::seconds(60));
        assert_eq!(signup_resend(&registry, started.signup).await.unwrap(), 60);
    }
    world.clock.advance(chrono::Duration::seconds(60));
    let last = signup_resend(&registry, started.signup).await;
    assert_eq!(code_of(last), ErrorCode::TooMany);
    assert_eq!(
        waiting_mails(&registry).await.len(),
        1,
        "only the newest code is mailed"
    );
}

async fn a_name_that_was_taken_meanwhile_is_refused_and_the_code_stays_good(world: World) {
    let registry = registry(&world);
    let first = start(&registry, 1).await;
    let first_code = code(&registry, first.signup).await;
    let same_name = SignupForm {
        host_name: "COMPANY1 ".to_owned(),
        ..form(2)
    };
    let second = signup_start(&registry, &origin(2), &same_name)
        .await
        .unwrap();
    let second_code = code(&registry, second.signup).await;
    confirm(&registry, first.signup, &first_code).await.unwrap();
    for _ in 0..2 {
        let problem = refusal(confirm(&registry, second.signup, &second_code).await);
        assert_eq!(
            (problem.code, problem.field),
            (ErrorCode::HostNameTaken, Some("hostName"))
        );
    }
}

async fn a_source_an_address_and_a_domain_have_their_share(world: World) {
    let registry = registry(&world);
    sign_up(&registry, 1).await;
    sign_up(&registry, 2).await;
    let from_one = |host_name: &str, email: &str| SignupForm {
        host_name: host_name.to_owned(),
        email: email.to_owned(),
        ..form(3)
    };
    // A domain.
    for n in 3..=4 {
        let form = from_one(&format!("other{n}"), &format!("n{n}@one.example"));
        let started = signup_start(&registry, &origin(n), &form).await.unwrap();
        confirm(
            &registry,
            started.signup,
            &code(&registry, started.signup).await,
        )
        .await
        .unwrap();
    }
    let third = from_one("other5", "n5@ONE.example");
    let problem = refusal(signup_start(&registry, &origin(5), &third).await);
    assert_eq!(
        (problem.code, problem.field),
        (ErrorCode::TooManyTrials, Some("email"))
    );
    // One that ends alike is another.
    let alike = from_one("other5", "n5@notone.example");
    assert!(signup_start(&registry, &origin(5), &alike).await.is_ok());
    // A source, whatever its addresses.
    for n in 6..=7 {
        let form = from_one(&format!("other{n}"), &format!("a@d{n}.example"));
        let started = signup_start(&registry, &origin(8), &form).await.unwrap();
        confirm(
            &registry,
            started.signup,
            &code(&registry, started.signup).await,
        )
        .await
        .unwrap();
    }
    let again = from_one("other8", "a@d8.example");
    let problem = refusal(signup_start(&registry, &origin(8), &again).await);
    assert_eq!(
        (problem.code, problem.field),
        (ErrorCode::TooManyTrials, None)
    );
    // An address is not mailed at will.
    for n in 10..14 {
        let form = from_one(&format!("other{n}"), "victim@gmail.com");
        signup_start(&registry, &origin(n), &form).await.unwrap();
    }
    let form = from_one("other14", "Victim@Gmail.com");
    let refused = signup_start(&registry, &origin(14), &form).await;
    assert_eq!(code_of(refused), ErrorCode::TooManyTrials);
    world.clock.advance(chrono::Duration::days(31));
    crate::sweep(&registry, std::time::Duration::ZERO)
        .await
        .unwrap();
    assert!(signup_start(&registry, &origin(8), &again).await.is_ok());
}

async fn nobody_gets_more_than_their_share_by_coming_all_at_once(world: World) {
    let registry = registry(&world);
    // Six from one source with domains of their own, then six of one domain from everywhere.
    for one_domain in [false, true] {
        let mut waiting = Vec::new();
        for n in 0..6 {
            let number = 10 + n + 10 * u8::from(one_domain);
            let mut form = form(number);
            if one_domain {
                form.email = format!("founder{n}@group.example");
            }
            let from = origin(if one_domain { number } else { 1 });
            let started = signup_start(&registry, &from, &form).await.unwrap();
            let code = code(&registry, started.signup).await;
            waiting.push((started.signup, code));
        }
        let all = waiting
            .iter()
            .map(|(id, code)| confirm(&registry, *id, code));
        let all = futures::future::join_all(all).await;
        assert_eq!(all.iter().filter(|made| made.is_ok()).count(), 2);
        for refused in all.into_iter().filter(Result::is_err) {
            assert_eq!(code_of(refused), ErrorCode::TooManyTrials);
        }
    }
    // Codes: eight a source in a day.
    let forms: Vec<_> = (50..62).map(form).collect();
    let from = origin(2);
    let all = forms
        .iter()
        .map(|form| signup_start(&registry, &from, form));
    let all = futures::future::join_all(all).await;
    assert_eq!(all.iter().filter(|started| started.is_ok()).count(), 8);
}

async fn a_known_address_is_answered_like_a_stranger(world: World) {
    let registry = registry(&world);
    sign_up(&registry, 1).await;
    let again = SignupForm {
        host_name: "second".to_owned(),
        ..form(1)
    };
    let started = signup_start(&registry, &origin(2), &again).await.unwrap();
    let stranger = start(&registry, 3).await;
    assert_eq!(started.expires_at, stranger.expires_at);
    assert_eq!(started.resend_after_s, stranger.resend_after_s);
}

/// covers: TEN-02
async fn a_taken_name_comes_with_a_suggestion(world: World) {
    let registry = registry(&world);
    sign_up(&registry, 1).await;
    let taken = host_name_check(&registry, " Company1").await.unwrap();
    assert_eq!(taken.host_name, "company1");
    assert_eq!(taken.problem.unwrap().code, ErrorCode::HostNameTaken);
    assert_eq!(taken.suggestion.as_deref(), Some("company1-2"));
    let reserved = host_name_check(&registry, "admin").await.unwrap();
    assert_eq!(reserved.problem.unwrap().code, ErrorCode::HostNameReserved);
    let malformed = host_name_check(&registry, "-a").await.unwrap();
    assert_eq!(malformed.problem.unwrap().code, ErrorCode::InvalidHostName);
    assert_eq!(malformed.suggestion, None);
    let form = SignupForm {
        host_name: "company1".to_owned(),
        ..form(2)
    };
    let refused = signup_start(&registry, &origin(2), &form).await;
    assert_eq!(code_of(refused), ErrorCode::HostNameTaken);
}
