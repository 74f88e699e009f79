//! Sessions, as their members and administrators notice them.

use tenancy_model::ErrorCode;
use tenancy_store::testing::World;

use super::*;
use crate::{
    FaultCode, MemberRolesSetInput, PasswordChangeInput, SignedIn,
    assignment::member_roles_set,
    language_set, password_change,
    testing::{PASSWORD, Scene},
    viewer,
};

tenancy_store::testing::test_both_backends!(
    a_token_opens_its_own_door_in_its_own_tenant,
    a_session_ends_by_time_and_by_disuse,
    being_seen_is_written_once_a_minute,
    a_session_is_listed_and_revoked,
    nobody_sees_other_peoples_sessions_without_the_permission,
    signing_out_ends_the_session,
    changing_the_password_ends_the_other_sessions,
    wrong_old_passwords_lock_like_wrong_sign_ins,
    roles_are_in_force_at_once_and_the_last_owner_stays,
    the_viewer_is_who_signed_in,
    one_session_too_many_ends_the_oldest,
);

async fn opens(scene: &Scene, surface: Surface, signed_in: &SignedIn) -> bool {
    match authenticate(&scene.visit, surface, &signed_in.token).await {
        Ok(_) => true,
        Err(DomainError::Fault(FaultCode::Unauthenticated)) => false,
        Err(error) => panic!("{error}"),
    }
}

fn all() -> PageRequest {
    PageRequest::new(50, None).unwrap()
}

fn is<T>(result: Result<T, DomainError>, fault: FaultCode) -> bool {
    matches!(result, Err(DomainError::Fault(found)) if found == fault)
}

fn code<T>(result: Result<T, DomainError>) -> Option<ErrorCode> {
    match result {
        Err(DomainError::Refused(problem)) => Some(problem.code),
        _ => None,
    }
}

async fn a_token_opens_its_own_door_in_its_own_tenant(world: World) {
    let (scene, other) = (Scene::new(&world).await, Scene::new(&world).await);
    scene.person("anna", &[Role::Administrator]).await;
    other.person("anna", &[Role::Administrator]).await;
    let chat = scene.sign_in("anna", Surface::Member).await;
    assert!(opens(&scene, Surface::Member, &chat).await);
    assert!(!opens(&scene, Surface::Console, &chat).await);
    assert!(!opens(&other, Surface::Member, &chat).await);
    let ctx = authenticate(&scene.visit, Surface::Member, &chat.token)
        .await
        .unwrap();
    assert_eq!(ctx.actor, chat.context.actor);
    assert!(ctx.may(Permission::MembersManage));
}

async fn a_session_ends_by_time_and_by_disuse(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[Role::Owner]).await;
    let config = scene.visit.services.access.config.clone();
    let idle = config.idles_for(Surface::Console);
    let used = scene.sign_in("anna", Surface::Console).await;
    let unused = scene.sign_in("anna", Surface::Console).await;
    scene.clock.advance(idle - Duration::seconds(1));
    assert!(opens(&scene, Surface::Console, &used).await);
    scene.clock.advance(Duration::seconds(1));
    assert!(!opens(&scene, Surface::Console, &unused).await);
    // Being seen is written to the minute.
    let often = idle - Duration::seconds(SEEN_EVERY_S);
    let rounds = config.lives_for(Surface::Console).num_seconds() / often.num_seconds();
    for _ in 0..rounds {
        assert!(opens(&scene, Surface::Console, &used).await);
        scene.clock.advance(often);
    }
    assert!(!opens(&scene, Surface::Console, &used).await);
}

async fn being_seen_is_written_once_a_minute(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[]).await;
    let begun = scene.now();
    let chat = scene.sign_in("anna", Surface::Member).await;
    let seen = async || {
        let list = sessions(&chat.context, None, &all()).await.unwrap();
        list.items[0].1.last_seen_at
    };
    scene.clock.advance(Duration::seconds(59));
    opens(&scene, Surface::Member, &chat).await;
    assert_eq!(seen().await, begun);
    scene.clock.advance(Duration::seconds(1));
    opens(&scene, Surface::Member, &chat).await;
    assert_eq!(seen().await, scene.now());
    scene.clock.advance(Duration::seconds(60));
    reauthenticate(&chat.context).await.unwrap();
    assert_eq!(seen().await, scene.now() - Duration::seconds(60));
}

// covers: SEC-18
async fn a_session_is_listed_and_revoked(world: World) {
    let scene = Scene::new(&world).await;
    let anna = scene.person("anna", &[]).await;
    scene.person("boss", &[Role::Administrator]).await;
    let chat = scene.sign_in("anna", Surface::Member).await;
    let console = scene.sign_in("boss", Surface::Console).await;
    let boss = &console.context;
    let everybody = sessions(boss, None, &all()).await.unwrap();
    assert_eq!(everybody.total, 2);
    let hers = sessions(boss, Some(anna), &all()).await.unwrap();
    let (_, listed) = &hers.items[0];
    assert_eq!((listed.member, listed.current), (Some(anna), false));
    assert_eq!(
        (listed.device.as_str(), listed.ip.as_str()),
        ("Firefox on Linux", "10.0.0.1")
    );
    let mut heard = scene
        .bus()
        .subscribe(&tenancy_model::topic(boss.tenant_id()))
        .await
        .unwrap();
    session_revoke(boss, listed.id).await.unwrap();
    let Some(platform::bus::Delivery::Message(bytes)) = heard.next().await else {
        panic!("nothing was published")
    };
    let told = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(
        told.contains("session_ended") && told.contains("revoked"),
        "{told}"
    );
    assert!(!opens(&scene, Surface::Member, &chat).await);
    assert!(is(
        reauthenticate(&chat.context).await,
        FaultCode::Unauthenticated
    ));
    assert!(is(
        session_revoke(boss, listed.id).await,
        FaultCode::NotFound
    ));
}

async fn nobody_sees_other_peoples_sessions_without_the_permission(world: World) {
    let (scene, other) = (Scene::new(&world).await, Scene::new(&world).await);
    let anna = scene.person("anna", &[]).await;
    let bob = scene.person("bob", &[]).await;
    other.person("boss", &[Role::Owner]).await;
    let hers = scene.sign_in("anna", Surface::Member).await;
    let his = scene.sign_in("bob", Surface::Member).await;
    let list = sessions(&hers.context, None, &all()).await.unwrap();
    assert_eq!((list.total, list.items[0].1.member), (1, Some(anna)));
    assert!(is(
        sessions(&hers.context, Some(bob), &all()).await,
        FaultCode::Forbidden
    ));
    let id = his.context.actor.session().unwrap();
    assert!(is(
        session_revoke(&hers.context, id).await,
        FaultCode::NotFound
    ));
    assert!(is(session(&hers.context, id).await, FaultCode::NotFound));
    let foreign = other.sign_in("boss", Surface::Console).await.context;
    assert!(is(session_revoke(&foreign, id).await, FaultCode::NotFound));
    assert!(is(
        sessions(&foreign, Some(anna), &all()).await,
        FaultCode::NotFound
    ));
    assert!(opens(&scene, Surface::Member, &his).await);
}

// covers: SEC-28
async fn signing_out_ends_the_session(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[]).await;
    let chat = scene.sign_in("anna", Surface::Member).await;
    sign_out(&chat.context).await.unwrap();
    assert!(!opens(&scene, Surface::Member, &chat).await);
}

// covers: SEC-06, SEC-07
async fn changing_the_password_ends_the_other_sessions(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[Role::Owner]).await;
    let here = scene.sign_in("anna", Surface::Member).await;
    let there = scene.sign_in("anna", Surface::Console).await;
    let change = |old: &str, new: &str| PasswordChangeInput {
        old_password: old.into(),
        new_password: new.into(),
    };
    let refused =
        async |old: &str, new: &str| code(password_change(&here.context, &change(old, new)).await);
    assert_eq!(
        refused("nope", "another horse 8").await,
        Some(ErrorCode::PasswordWrong)
    );
    assert_eq!(
        refused(PASSWORD, PASSWORD).await,
        Some(ErrorCode::PasswordSame)
    );
    assert_eq!(refused(PASSWORD, "short").await, Some(ErrorCode::TooShort));
    let new = change(PASSWORD, "another horse 8");
    let ctx = password_change(&here.context, &new).await.unwrap();
    assert!(ctx.require_member().is_ok());
    assert!(opens(&scene, Surface::Member, &here).await);
    assert!(!opens(&scene, Surface::Console, &there).await);
}

async fn wrong_old_passwords_lock_like_wrong_sign_ins(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[]).await;
    let chat = scene.sign_in("anna", Surface::Member).await;
    let guess = PasswordChangeInput {
        old_password: "nope".into(),
        new_password: "another horse 8".into(),
    };
    for _ in 0..crate::FAILURES_PER_SOURCE_MAX {
        let told = code(password_change(&chat.context, &guess).await);
        assert_eq!(told, Some(ErrorCode::PasswordWrong));
    }
    let told = code(password_change(&chat.context, &guess).await);
    assert_eq!(told, Some(ErrorCode::AccountLocked));
}

async fn roles_are_in_force_at_once_and_the_last_owner_stays(world: World) {
    let scene = Scene::new(&world).await;
    let owner = scene.person("owner", &[Role::Owner]).await;
    let anna = scene.person("anna", &[Role::Administrator]).await;
    let bob = scene.person("bob", &[Role::DirectoryAdministrator]).await;
    let sign_in = async |account| scene.sign_in(account, Surface::Console).await;
    let (boss, hers, his) = (
        sign_in("owner").await,
        sign_in("anna").await,
        sign_in("bob").await,
    );
    let set = async |ctx: &TenantContext, member, roles: &[Role]| {
        let roles = roles.iter().copied().collect();
        member_roles_set(ctx, &MemberRolesSetInput { member, roles }).await
    };
    assert!(is(
        set(&his.context, bob, &[Role::Administrator]).await,
        FaultCode::Forbidden
    ));
    assert!(is(
        set(&hers.context, anna, &[Role::Owner]).await,
        FaultCode::Forbidden
    ));
    assert!(is(
        set(&hers.context, owner, &[]).await,
        FaultCode::Forbidden
    ));
    let last = set(&boss.context, owner, &[Role::Administrator]).await;
    assert_eq!(code(last), Some(ErrorCode::LastOwner));
    set(&hers.context, bob, &[]).await.unwrap();
    assert!(!opens(&scene, Surface::Console, &his).await);
    set(&boss.context, anna, &[Role::Owner]).await.unwrap();
    let now = authenticate(&scene.visit, Surface::Console, &hers.token)
        .await
        .unwrap();
    assert!(now.is_sovereign());
    set(&now, owner, &[Role::Administrator]).await.unwrap();
    let foreign = Scene::new(&world).await.person("x", &[]).await;
    assert!(is(set(&now, foreign, &[]).await, FaultCode::NotFound));
}

async fn the_viewer_is_who_signed_in(world: World) {
    let scene = Scene::new(&world).await;
    let anna = scene.person("anna", &[]).await;
    let chat = scene.sign_in("anna", Surface::Member).await;
    let seen = viewer(&chat.context).await.unwrap();
    assert_eq!((seen.member, seen.surface), (Some(anna), Surface::Member));
    assert_eq!(seen.roles, BTreeSet::from([Role::Member]));
    assert!(seen.permissions.is_empty() && !seen.must_change_password);
    assert_eq!(seen.language, None);
    let seen = language_set(&chat.context, tenancy_model::Language::ZhCn)
        .await
        .unwrap();
    assert_eq!(seen.language, Some(tenancy_model::Language::ZhCn));
}

/// Tokens sign nobody out, until there are more of them than anybody has use for.
async fn one_session_too_many_ends_the_oldest(world: World) {
    let scene = Scene::new(&world).await;
    scene.person("anna", &[]).await;
    let chat = scene.sign_in("anna", Surface::Member).await;
    let mut tokens = Vec::new();
    for _ in 0..SESSIONS_PER_SURFACE_MAX {
        let signed_in = scene.sign_in("anna", Surface::Api).await;
        assert!(signed_in.replaced.is_empty());
        tokens.push(signed_in);
        scene.clock.advance(Duration::seconds(1));
    }
    let one_more = scene.sign_in("anna", Surface::Api).await;
    assert_eq!(one_more.replaced.len(), 1);
    assert!(!opens(&scene, Surface::Api, &tokens[0]).await);
    assert!(opens(&scene, Surface::Api, &tokens[1]).await);
    assert!(opens(&scene, Surface::Api, &one_more).await);
    assert!(opens(&scene, Surface::Member, &chat).await);
}
