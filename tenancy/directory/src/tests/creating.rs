//! How people come into the directory: by mail, by slip, and the founder.

use super::*;

tenancy_store::testing::test_both_backends!(
    a_member_is_created_by_mail_and_sets_a_password,
    a_member_without_contact_gets_a_slip,
    account_email_and_mobile_are_one_members_alone,
    two_at_once_cannot_take_the_same_account,
    the_first_administrator_is_an_owner_with_a_password_of_their_own,
);

// covers: DIR-10, TEN-12, SEC-06
async fn a_member_is_created_by_mail_and_sets_a_password(world: World) {
    let scene = Scene::new(&world).await;
    let ctx = scene.job();
    let created = member_create(&ctx, &(), &form("张伟", "E1001", &[]))
        .await
        .unwrap();
    assert!(created.mailed && created.slip.is_none());
    let record = &created.record;
    assert!(record.initial_password && !record.authorized && record.last_sign_in_at.is_none());
    assert_eq!(record.roles, BTreeSet::from([Role::Member]));
    let sent = mails(&scene).await;
    let MailBody::Activation {
        account,
        host_name,
        token,
        ..
    } = &sent[0].body
    else {
        panic!("{:?}", sent[0].body)
    };
    assert_eq!(
        (account.as_str(), host_name),
        ("E1001", &ctx.tenant.host_name)
    );
    assert_eq!(sent[0].recipient, "E1001@company.example");
    assert!(try_sign_in(&scene, "E1001", &"".into()).await.is_err());
    let set = PasswordSetInput {
        token: token.as_str().into(),
        password: PASSWORD.into(),
    };
    assert_eq!(password_set(&scene.visit, &set).await.unwrap(), "E1001");
    let signed_in = try_sign_in(&scene, "e1001", &PASSWORD.into())
        .await
        .unwrap();
    assert!(signed_in.context.require_member().is_ok());
    let record = member_record(&ctx, record.member.id).await.unwrap();
    assert!(!record.initial_password && record.authorized);
    assert_eq!(
        (record.session_count, record.last_sign_in_at),
        (1, Some(scene.now()))
    );
}

// covers: DIR-11, SEC-06
async fn a_member_without_contact_gets_a_slip(world: World) {
    let scene = Scene::new(&world).await;
    let ctx = scene.job();
    let mut input = form("张伟", "E1001", &[]);
    input.email = Some(" ".to_owned());
    let problem = refused(member_create(&ctx, &(), &input).await);
    assert_eq!(problem.code, ErrorCode::ContactRequired);
    input.slip = true;
    let created = member_create(&ctx, &(), &input).await.unwrap();
    assert!(!created.mailed && mails(&scene).await.is_empty());
    let slip = created.slip.unwrap();
    assert_eq!(slip.account, "E1001");
    assert_eq!(slip.enterprise_number, ctx.tenant.number);
    let signed_in = try_sign_in(&scene, "E1001", &slip.initial_password)
        .await
        .unwrap();
    let first = signed_in.context.require_member();
    assert!(is(&first, FaultCode::PasswordChangeRequired));
    assert!(is(
        &members(&signed_in.context, &MemberFilter::default(), &page(1)).await,
        FaultCode::PasswordChangeRequired
    ));
    let mut by_mobile = form("李娜", "E1002", &[]);
    by_mobile.email = None;
    by_mobile.mobile = Some("138 0013 8000".to_owned());
    let created = member_create(&ctx, &(), &by_mobile).await.unwrap();
    assert_eq!(created.record.member.mobile.as_deref(), Some("13800138000"));
    assert!(created.slip.is_some());
}

// covers: DIR-12
async fn account_email_and_mobile_are_one_members_alone(world: World) {
    let (scene, other) = (Scene::new(&world).await, Scene::new(&world).await);
    let ctx = scene.job();
    let mut input = form("张伟", "E1001", &[]);
    input.mobile = Some("13800138000".to_owned());
    let id = member_create(&ctx, &(), &input)
        .await
        .unwrap()
        .record
        .member
        .id;
    set_state(&ctx, id, MemberState::Resigned).await;
    let try_one = async |account: &str, email: &str, mobile: &str| {
        let input = MemberCreateInput {
            email: Some(email.to_owned()),
            mobile: Some(mobile.to_owned()),
            ..form("李娜", account, &[])
        };
        let problem = refused(member_create(&ctx, &(), &input).await);
        (problem.code, problem.field)
    };
    assert_eq!(
        try_one("e1001", "", "13900139000").await,
        (ErrorCode::AccountTaken, Some("account"))
    );
    assert_eq!(
        try_one("e2", "e1001@COMPANY.example", "").await,
        (ErrorCode::EmailTaken, Some("email"))
    );
    assert_eq!(
        try_one("e2", "", "+86 13800138000").await,
        (ErrorCode::MobileTaken, Some("mobile"))
    );
    assert_eq!(try_one("e 2", "", "1").await.0, ErrorCode::InvalidAccount);
    assert_eq!(try_one("e2", "x", "").await.0, ErrorCode::InvalidEmail);
    assert_eq!(try_one("e2", "", "1").await.0, ErrorCode::InvalidMobile);
    member_create(&other.job(), &(), &input).await.unwrap();
}

async fn two_at_once_cannot_take_the_same_account(world: World) {
    let ctx = Scene::new(&world).await.job();
    let tries: Vec<_> = (0..4)
        .map(|n| {
            let (ctx, mut input) = (ctx.clone(), form("张伟", "E1001", &[]));
            input.email = Some(format!("e{n}@company.example"));
            tokio::spawn(async move { member_create(&ctx, &(), &input).await })
        })
        .collect();
    let mut made = 0;
    for one in tries {
        match one.await.unwrap() {
            Ok(_) => made += 1,
            Err(error) => assert_eq!(refused::<()>(Err(error)).code, ErrorCode::AccountTaken),
        }
    }
    assert_eq!(made, 1);
}

async fn the_first_administrator_is_an_owner_with_a_password_of_their_own(world: World) {
    let scene = Scene::new(&world).await;
    let services = &scene.visit.services;
    let plain = PASSWORD.into();
    let hash = services.access.passwords.hash(&*services.rng, &plain);
    let first = FirstAdministrator {
        id: MemberId::new(&*services.clock, &*services.rng),
        name: "安娜".to_owned(),
        account: "admin".to_owned(),
        email: Some("anna@company.example".to_owned()),
        mobile: None,
        language: Language::ZhCn,
        password_hash: hash.await.unwrap(),
        now: scene.now(),
    };
    let tx = scene.begin().await;
    first_administrator(&tx, &first).await.unwrap();
    tx.commit().await.unwrap();
    let console = scene.sign_in("admin", Surface::Console).await.context;
    assert!(console.is_sovereign() && console.require_member().is_ok());
    let record = member_record(&console, first.id).await.unwrap();
    assert!(!record.initial_password && !record.authorized);
    assert_eq!(record.roles, BTreeSet::from([Role::Owner, Role::Member]));
}
