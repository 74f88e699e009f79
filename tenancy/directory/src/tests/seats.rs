//! Seats given and taken back by hand.

use tenancy_access::{SecuritySettingsUpdateInput, security_settings_update};

use super::*;

tenancy_store::testing::test_both_backends!(
    a_seat_is_given_and_taken_back_by_hand,
    the_last_seat_is_given_once_by_hand,
    nobody_takes_their_own_seat_or_gives_one_to_who_is_closed,
);

async fn deeds(ctx: &TenantContext, action: &str) -> usize {
    let all = page(50);
    let log = tenancy_access::audit_log::audit_log(ctx, &all).await;
    let log = log.unwrap();
    log.items
        .iter()
        .filter(|(_, entry)| entry.action == action)
        .count()
}

// covers: LIC-09, LIC-10, DIR-30
async fn a_seat_is_given_and_taken_back_by_hand(world: World) {
    let scene = Scene::new(&world).await;
    let ctx = scene.job();
    let by_hand = SecuritySettingsUpdateInput {
        auto_authorize: Some(false),
        ..Default::default()
    };
    security_settings_update(&ctx, &by_hand).await.unwrap();
    let anna = scene.person("anna", &[]).await;
    let told = async || try_sign_in(&scene, "anna", &PASSWORD.into()).await.err();
    assert_eq!(told().await, Some(ErrorCode::NotAuthorizedToSignIn));
    for _ in 0..2 {
        assert!(member_authorize(&ctx, anna).await.unwrap().authorized);
    }
    assert_eq!(deeds(&ctx, "member.authorize").await, 1);
    let chat = scene.sign_in("anna", Surface::Member).await;
    for _ in 0..2 {
        let record = member_unauthorize(&ctx, anna).await.unwrap();
        assert!(!record.authorized && record.session_count == 0);
    }
    assert_eq!(deeds(&ctx, "member.unauthorize").await, 1);
    let again = authenticate(&scene.visit, Surface::Member, &chat.token).await;
    assert!(again.is_err());
    assert_eq!(told().await, Some(ErrorCode::NotAuthorizedToSignIn));
}

// covers: LIC-10, LIC-12, DIR-30
async fn the_last_seat_is_given_once_by_hand(world: World) {
    let scene = Scene::new(&world).await.entitled(1, None);
    let ctx = scene.job();
    let both = [
        scene.person("anna", &[]).await,
        scene.person("bob", &[]).await,
    ];
    let tries = both.map(|id| {
        let ctx = ctx.clone();
        tokio::spawn(async move { (id, member_authorize(&ctx, id).await) })
    });
    let (mut seated, mut standing) = (Vec::new(), Vec::new());
    for one in tries {
        match one.await.unwrap() {
            (id, Ok(_)) => seated.push(id),
            (id, refusal) => {
                let problem = refused(refusal);
                assert_eq!(problem.code, ErrorCode::SeatsExhausted);
                assert_eq!((problem.used, problem.limit), (Some(1), Some(1)));
                standing.push(id);
            }
        }
    }
    assert_eq!((seated.len(), standing.len()), (1, 1));
    // Whoever holds the last seat may be authorised once more; freed, it is the other's.
    member_authorize(&ctx, seated[0]).await.unwrap();
    member_unauthorize(&ctx, seated[0]).await.unwrap();
    member_authorize(&ctx, standing[0]).await.unwrap();
}

// covers: DIR-30, DIR-32
async fn nobody_takes_their_own_seat_or_gives_one_to_who_is_closed(world: World) {
    let scene = Scene::new(&world).await;
    let boss = scene.person("boss", &[Role::Owner]).await;
    let own = scene.sign_in("boss", Surface::Console).await.context;
    assert!(member_authorize(&own, boss).await.unwrap().authorized);
    let problem = refused(member_unauthorize(&own, boss).await);
    assert_eq!(problem.code, ErrorCode::SelfNotAllowed);
    assert!(member_record(&own, boss).await.unwrap().authorized);
    let anna = scene.person("anna", &[]).await;
    for state in [MemberState::Disabled, MemberState::Resigned] {
        set_state(&own, anna, state).await;
        let problem = refused(member_authorize(&own, anna).await);
        assert_eq!(problem.code, ErrorCode::AccountDisabled);
    }
}
