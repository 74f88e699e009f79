//! What becomes of a member: changed, disabled, resigned, reset.

use super::*;

tenancy_store::testing::test_both_backends!(
    a_member_is_changed_but_for_the_account,
    who_may_not_come_in_is_out_at_once,
    a_resigned_member_leaves_the_directory_and_can_return,
    a_reset_password_ends_sessions_and_locks,
    observers_follow_in_the_same_transaction,
);

// covers: DIR-16, DIR-17, DIR-18
async fn a_member_is_changed_but_for_the_account(world: World) {
    let scene = Scene::new(&world).await;
    let ctx = scene.job();
    let sales = new_department(&ctx, None, "销售部", 1).await;
    let product = new_department(&ctx, None, "产品部", 2).await;
    let id = new_member(&ctx, "张伟", "E1001", &[sales]).await;
    new_member(&ctx, "李娜", "E1002", &[]).await;
    let all = MemberUpdateInput {
        name: Some("王小明".to_owned()),
        departments: Some(vec![product, sales, sales]),
        email: Some("wang@company.example".to_owned()),
        mobile: Some("13800138000".to_owned()),
        position: Some("销售".to_owned()),
        nickname: Some("小明".to_owned()),
        weight: Some(5),
        id,
    };
    let record = member_update(&ctx, &(), &all).await.unwrap();
    assert_eq!((record.weight, record.member.name.as_str()), (5, "王小明"));
    let tx = ctx.store.read().await.unwrap();
    let places = departments_of(&tx, &[id]).await.unwrap();
    let shown: Vec<_> = places[&id].iter().map(|one| one.name.as_str()).collect();
    assert_eq!(shown, ["销售部", "产品部"]);
    drop(tx);
    let search = Some("wxm".to_owned());
    let found = names(
        &ctx,
        MemberFilter {
            search,
            department: None,
        },
    )
    .await;
    assert_eq!(found, ["王小明"]);
    let cleared = MemberUpdateInput {
        email: Some(String::new()),
        nickname: Some(String::new()),
        departments: Some(Vec::new()),
        ..nothing_of(id)
    };
    let record = member_update(&ctx, &(), &cleared).await.unwrap();
    assert_eq!((record.member.email, record.member.nickname), (None, None));
    assert_eq!(record.member.position.as_deref(), Some("销售"));
    let bare = MemberUpdateInput {
        mobile: Some(String::new()),
        ..nothing_of(id)
    };
    let problem = refused(member_update(&ctx, &(), &bare).await);
    assert_eq!(problem.code, ErrorCode::ContactRequired);
    let taken = MemberUpdateInput {
        email: Some("e1002@company.example".to_owned()),
        ..nothing_of(id)
    };
    assert_eq!(
        refused(member_update(&ctx, &(), &taken).await).code,
        ErrorCode::EmailTaken
    );
    let again = MemberUpdateInput {
        email: Some("wang@company.example".to_owned()),
        ..nothing_of(id)
    };
    member_update(&ctx, &(), &again).await.unwrap();
}

// covers: DIR-30, DIR-32
async fn who_may_not_come_in_is_out_at_once(world: World) {
    let scene = Scene::new(&world).await;
    let ctx = scene.job();
    let anna = scene.person("anna", &[]).await;
    let chat = scene.sign_in("anna", Surface::Member).await;
    set_state(&ctx, anna, MemberState::Disabled).await;
    assert!(
        authenticate(&scene.visit, Surface::Member, &chat.token)
            .await
            .is_err()
    );
    let told = try_sign_in(&scene, "anna", &PASSWORD.into()).await.err();
    assert_eq!(told, Some(ErrorCode::AccountDisabled));
    let record = member_record(&ctx, anna).await.unwrap();
    assert!(!record.authorized && record.session_count == 0);
    let disabled = MemberRecordFilter {
        state: Some(MemberState::Disabled),
        ..MemberRecordFilter::default()
    };
    assert_eq!(
        member_records(&ctx, &disabled, &page(10))
            .await
            .unwrap()
            .total,
        1
    );
    set_state(&ctx, anna, MemberState::Active).await;
    try_sign_in(&scene, "anna", &PASSWORD.into()).await.unwrap();
    let own = scene.sign_in("anna", Surface::Member).await.context;
    let by_self = MemberStateSetInput {
        id: anna,
        state: MemberState::Resigned,
    };
    assert!(is(
        &member_state_set(&own, &(), &by_self).await,
        FaultCode::Forbidden
    ));
}

// covers: DIR-28, DIR-29, DIR-33, DIR-34
async fn a_resigned_member_leaves_the_directory_and_can_return(world: World) {
    let scene = Scene::new(&world).await;
    let ctx = scene.job();
    let sales = new_department(&ctx, None, "销售部", 1).await;
    let id = new_member(&ctx, "张伟", "E1001", &[sales]).await;
    scene.person("bob", &[]).await;
    let bob = scene.sign_in("bob", Surface::Member).await.context;
    let sees = async || names(&bob, MemberFilter::default()).await;
    assert_eq!(sees().await, ["bob", "张伟"]);
    set_state(&ctx, id, MemberState::Resigned).await;
    assert_eq!(sees().await, ["bob"]);
    let here = MemberFilter {
        search: None,
        department: Some(sales),
    };
    assert!(names(&bob, here.clone()).await.is_empty());
    assert!(is(&member(&bob, id).await, FaultCode::NotFound));
    assert_eq!(member(&ctx, id).await.unwrap().state, MemberState::Resigned);
    let tx = ctx.store.read().await.unwrap();
    assert_eq!(members_by_ids(&tx, &[id]).await.unwrap()[&id].name, "张伟");
    drop(tx);
    set_state(&ctx, id, MemberState::Active).await;
    assert_eq!(names(&bob, here).await, ["张伟"]);
}

// covers: SEC-12, SEC-14
async fn a_reset_password_ends_sessions_and_locks(world: World) {
    let scene = Scene::new(&world).await;
    let ctx = scene.job();
    let anna = scene.person("anna", &[]).await;
    let chat = scene.sign_in("anna", Surface::Member).await;
    for _ in 0..5 {
        try_sign_in(&scene, "anna", &"nope".into())
            .await
            .err()
            .unwrap();
    }
    let locked = MemberRecordFilter {
        locked: Some(true),
        ..MemberRecordFilter::default()
    };
    assert_eq!(
        member_records(&ctx, &locked, &page(10))
            .await
            .unwrap()
            .total,
        1
    );
    assert!(!member_unlock(&ctx, anna).await.unwrap().locked);
    let by_slip = MemberPasswordResetInput {
        id: anna,
        slip: true,
    };
    let reset = member_password_reset(&ctx, &by_slip).await.unwrap();
    assert!(
        authenticate(&scene.visit, Surface::Member, &chat.token)
            .await
            .is_err()
    );
    let slip = reset.slip.unwrap();
    assert!(try_sign_in(&scene, "anna", &PASSWORD.into()).await.is_err());
    let again = try_sign_in(&scene, "anna", &slip.initial_password)
        .await
        .unwrap();
    assert!(again.context.require_member().is_err());
    let by_mail = MemberPasswordResetInput {
        id: anna,
        slip: false,
    };
    let reset = member_password_reset(&ctx, &by_mail).await.unwrap();
    assert!(reset.mailed && reset.slip.is_none());
    assert!(
        try_sign_in(&scene, "anna", &slip.initial_password)
            .await
            .is_err()
    );
    assert_eq!(mails(&scene).await[0].body.kind(), "password_link");
}

#[derive(Default)]
struct Notes(Mutex<Vec<MembershipChange>>);

#[async_trait]
impl MembershipObserver for Notes {
    async fn membership_changed(
        &self,
        _: &TenantContext,
        _: &TenantTx,
        change: &MembershipChange,
    ) -> Result<(), DomainError> {
        self.0.lock().await.push(change.clone());
        Ok(())
    }
}

struct Refusing;

#[async_trait]
impl MembershipObserver for Refusing {
    async fn membership_changed(
        &self,
        _: &TenantContext,
        _: &TenantTx,
        _: &MembershipChange,
    ) -> Result<(), DomainError> {
        Err(DomainError::FORBIDDEN)
    }
}

async fn observers_follow_in_the_same_transaction(world: World) {
    let ctx = Scene::new(&world).await.job();
    let sales = new_department(&ctx, None, "销售部", 1).await;
    let input = form("张伟", "E1001", &[sales]);
    assert!(member_create(&ctx, &Refusing, &input).await.is_err());
    assert!(names(&ctx, MemberFilter::default()).await.is_empty());
    let notes = Notes::default();
    let id = member_create(&ctx, &notes, &input)
        .await
        .unwrap()
        .record
        .member
        .id;
    let away = MemberUpdateInput {
        departments: Some(Vec::new()),
        ..nothing_of(id)
    };
    member_update(&ctx, &notes, &away).await.unwrap();
    let renamed = MemberUpdateInput {
        name: Some("李娜".to_owned()),
        ..nothing_of(id)
    };
    member_update(&ctx, &notes, &renamed).await.unwrap();
    for state in [MemberState::Disabled, MemberState::Resigned] {
        let input = MemberStateSetInput { id, state };
        member_state_set(&ctx, &notes, &input).await.unwrap();
    }
    let heard = notes.0.lock().await;
    let heard: Vec<_> = heard
        .iter()
        .map(|change| (change.left.len(), change.joined.len(), change.present))
        .collect();
    assert_eq!(heard, [(0, 1, true), (1, 0, true), (0, 0, false)]);
}
