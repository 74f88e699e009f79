//! The directory, as members and administrators notice it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use kernel::Secret;
use sea_orm::{ConnectionTrait as _, Statement};
use tenancy_access::{
    FaultCode, PasswordSetInput, SignInInput, SignedIn, authenticate, password_set, sign_in,
    testing::{PASSWORD, Scene},
};
use tenancy_model::{
    DepartmentId, ErrorCode, Language, MAIL_JOB, MailBody, MailRequest, MemberId, MemberState,
    Problem, Role, Surface,
};
use tenancy_store::{PageRequest, TenantTx, testing::World};
use tokio::sync::Mutex;

use super::*;

tenancy_store::testing::test_both_backends!(
    departments_are_listed_by_order_number_and_counted_once,
    a_department_moves_with_everything_below_it,
    a_department_with_people_or_departments_stays,
    the_rules_of_department_fields,
    a_member_is_created_by_mail_and_sets_a_password,
    a_member_without_contact_gets_a_slip,
    account_email_and_mobile_are_one_members_alone,
    two_at_once_cannot_take_the_same_account,
    members_are_found_by_name_account_and_pinyin,
    people_of_a_department_are_shown_by_weight,
    pages_go_on_where_they_stopped,
    a_member_is_changed_but_for_the_account,
    who_may_not_come_in_is_out_at_once,
    a_resigned_member_leaves_the_directory_and_can_return,
    nobody_manages_somebody_of_a_higher_role,
    the_last_owner_cannot_be_closed,
    a_reset_password_ends_sessions_and_locks,
    observers_follow_in_the_same_transaction,
    foreign_and_missing_departments_are_the_same,
    foreign_and_missing_members_are_the_same,
    members_without_permission_change_nothing,
    the_first_administrator_is_an_owner_with_a_password_of_their_own,
);

fn page(first: i32) -> PageRequest {
    PageRequest::new(first, None).unwrap()
}

fn refused<T>(result: Result<T, DomainError>) -> Problem {
    match result {
        Err(DomainError::Refused(problem)) => problem,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("was not refused"),
    }
}

fn is<T>(result: &Result<T, DomainError>, fault: FaultCode) -> bool {
    matches!(result, Err(DomainError::Fault(found)) if *found == fault)
}

async fn new_department(
    ctx: &TenantContext,
    parent: Option<DepartmentId>,
    name: &str,
    order_number: i32,
) -> DepartmentId {
    let input = DepartmentCreateInput {
        parent,
        name: name.to_owned(),
        order_number,
    };
    department_create(ctx, &input).await.unwrap().id
}

fn form(name: &str, account: &str, departments: &[DepartmentId]) -> MemberCreateInput {
    MemberCreateInput {
        name: name.to_owned(),
        account: account.to_owned(),
        departments: departments.to_vec(),
        email: Some(format!("{account}@company.example")),
        ..MemberCreateInput::default()
    }
}

async fn new_member(
    ctx: &TenantContext,
    name: &str,
    account: &str,
    departments: &[DepartmentId],
) -> MemberId {
    let created = member_create(ctx, &(), &form(name, account, departments)).await;
    created.unwrap().record.member.id
}

fn nothing_of(id: MemberId) -> MemberUpdateInput {
    MemberUpdateInput {
        id,
        name: None,
        departments: None,
        email: None,
        mobile: None,
        position: None,
        nickname: None,
        weight: None,
    }
}

async fn counts(ctx: &TenantContext, id: DepartmentId) -> (i64, i64) {
    let tx = ctx.store.read().await.unwrap();
    let counts = department_counts(&tx, &[id]).await.unwrap();
    (counts[&id].members, counts[&id].children)
}

async fn names(ctx: &TenantContext, filter: MemberFilter) -> Vec<String> {
    let found = members(ctx, &filter, &page(100)).await.unwrap();
    assert_eq!(found.total as usize, found.items.len());
    found
        .items
        .into_iter()
        .map(|(_, member)| member.name)
        .collect()
}

async fn set_state(ctx: &TenantContext, id: MemberId, state: MemberState) {
    let input = MemberStateSetInput { id, state };
    member_state_set(ctx, &(), &input).await.unwrap();
}

async fn try_sign_in(
    scene: &Scene,
    account: &str,
    password: &Secret,
) -> Result<SignedIn, ErrorCode> {
    let input = SignInInput {
        account: account.to_owned(),
        password: password.clone(),
        surface: Surface::Member,
        by_number: false,
    };
    match sign_in(&scene.visit, &input).await {
        Ok(signed_in) => Ok(signed_in),
        Err(error) => Err(refused::<()>(Err(error)).code),
    }
}

async fn mails(scene: &Scene) -> Vec<MailRequest> {
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

// covers: DIR-01, DIR-02, DIR-04
async fn departments_are_listed_by_order_number_and_counted_once(world: World) {
    let ctx = Scene::new(&world).await.job();
    let sales = new_department(&ctx, None, "销售部", 20).await;
    let product = new_department(&ctx, None, "产品部", 10).await;
    let north = new_department(&ctx, Some(sales), "华北", 1).await;
    let south = new_department(&ctx, Some(sales), "华南", 2).await;
    new_member(&ctx, "张伟", "a1", &[north, south]).await;
    new_member(&ctx, "李娜", "a2", &[sales]).await;
    let gone = new_member(&ctx, "王芳", "a3", &[south]).await;
    new_member(&ctx, "赵六", "a4", &[product]).await;
    set_state(&ctx, gone, MemberState::Resigned).await;
    let top = departments(&ctx, None, &page(10)).await.unwrap();
    let shown: Vec<_> = top
        .items
        .iter()
        .map(|(_, one)| (one.id, one.depth))
        .collect();
    assert_eq!(shown, [(product, 1), (sales, 1)]);
    let first = departments(&ctx, None, &page(1)).await.unwrap();
    let next = PageRequest::new(1, Some(first.items[0].0.clone())).unwrap();
    let second = departments(&ctx, None, &next).await.unwrap();
    assert_eq!((second.items[0].1.id, second.has_next), (sales, false));
    assert_eq!(counts(&ctx, sales).await, (2, 2));
    assert_eq!(counts(&ctx, south).await, (1, 0));
    assert_eq!(counts(&ctx, product).await, (1, 0));
}

async fn a_department_moves_with_everything_below_it(world: World) {
    let ctx = Scene::new(&world).await.job();
    let a = new_department(&ctx, None, "a", 1).await;
    let b = new_department(&ctx, Some(a), "b", 1).await;
    let c = new_department(&ctx, Some(b), "c", 1).await;
    let d = new_department(&ctx, None, "d", 2).await;
    new_member(&ctx, "张伟", "a1", &[c]).await;
    let to = |id, parent| DepartmentUpdateInput {
        id,
        name: None,
        order_number: None,
        parent: Some(parent),
    };
    for below in [a, b, c] {
        let problem = refused(department_update(&ctx, &to(a, Some(below))).await);
        assert_eq!(problem.code, ErrorCode::DepartmentCycle);
    }
    department_update(&ctx, &to(b, Some(d))).await.unwrap();
    assert_eq!(
        (counts(&ctx, a).await, counts(&ctx, d).await),
        ((0, 0), (1, 1))
    );
    assert_eq!(department(&ctx, c).await.unwrap().depth, 3);
    department_update(&ctx, &to(b, None)).await.unwrap();
    assert_eq!(department(&ctx, c).await.unwrap().depth, 2);
    assert_eq!(
        (counts(&ctx, b).await, counts(&ctx, d).await),
        ((1, 1), (0, 0))
    );
    let mut deepest = d;
    for depth in 2..=15 {
        deepest = new_department(&ctx, Some(deepest), &format!("level {depth}"), 1).await;
    }
    let problem = refused(department_update(&ctx, &to(b, Some(deepest))).await);
    assert_eq!(
        (problem.code, problem.limit),
        (ErrorCode::TooDeep, Some(15))
    );
}

// covers: DIR-07
async fn a_department_with_people_or_departments_stays(world: World) {
    let ctx = Scene::new(&world).await.job();
    let a = new_department(&ctx, None, "a", 1).await;
    let b = new_department(&ctx, Some(a), "b", 1).await;
    let member = new_member(&ctx, "张伟", "a1", &[b]).await;
    for held in [a, b] {
        let problem = refused(department_delete(&ctx, held).await);
        assert_eq!(problem.code, ErrorCode::DepartmentNotEmpty);
    }
    set_state(&ctx, member, MemberState::Resigned).await;
    department_delete(&ctx, b).await.unwrap();
    department_delete(&ctx, a).await.unwrap();
    assert!(is(&department_delete(&ctx, a).await, FaultCode::NotFound));
}

// covers: DIR-03, DIR-06
async fn the_rules_of_department_fields(world: World) {
    let ctx = Scene::new(&world).await.job();
    let try_name = async |name: &str| {
        let input = DepartmentCreateInput {
            parent: None,
            name: name.to_owned(),
            order_number: 1,
        };
        department_create(&ctx, &input).await
    };
    assert_eq!(refused(try_name(" ").await).code, ErrorCode::Required);
    assert_eq!(
        refused(try_name(&"部".repeat(26)).await).code,
        ErrorCode::TooLong
    );
    assert_eq!(
        refused(try_name(&"x".repeat(51)).await).code,
        ErrorCode::TooLong
    );
    try_name(&"部".repeat(25)).await.unwrap();
    let made = try_name(&"x".repeat(50)).await.unwrap();
    let rename = DepartmentUpdateInput {
        id: made.id,
        name: Some(" 研发 ".to_owned()),
        order_number: Some(7),
        parent: None,
    };
    let renamed = department_update(&ctx, &rename).await.unwrap();
    assert_eq!((renamed.name.as_str(), renamed.order_number), ("研发", 7));
}

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

// covers: DIR-22
async fn members_are_found_by_name_account_and_pinyin(world: World) {
    let ctx = Scene::new(&world).await.job();
    let sales = new_department(&ctx, None, "销售部", 1).await;
    let north = new_department(&ctx, Some(sales), "华北", 1).await;
    new_member(&ctx, "张伟", "E1001", &[north]).await;
    new_member(&ctx, "李娜", "E1002", &[sales]).await;
    new_member(&ctx, "Anna_Li", "E1003", &[]).await;
    let find = async |term: &str, department| {
        let search = Some(term.to_owned());
        names(&ctx, MemberFilter { search, department }).await
    };
    for term in ["张", "zhangwei", "ZW", "e1001", "Ｅ1001"] {
        assert_eq!(find(term, None).await, ["张伟"], "{term}");
    }
    assert_eq!(find("li", None).await, ["Anna_Li", "李娜"]);
    assert_eq!(find("a_l", None).await, ["Anna_Li"]);
    assert_eq!(find("_", None).await, ["Anna_Li"]);
    assert!(find("%", None).await.is_empty() && find("\\", None).await.is_empty());
    assert!(find("'; DROP TABLE member; --", None).await.is_empty());
    assert_eq!(find("100", Some(sales)).await, ["李娜", "张伟"]);
    assert_eq!(find("100", Some(north)).await, ["张伟"]);
    assert_eq!(find(" ", None).await.len(), 3);
    let long = MemberFilter {
        search: Some("x".repeat(65)),
        department: None,
    };
    assert_eq!(
        refused(members(&ctx, &long, &page(1)).await).code,
        ErrorCode::TooLong
    );
}

// covers: DIR-19, DIR-49
async fn people_of_a_department_are_shown_by_weight(world: World) {
    let ctx = Scene::new(&world).await.job();
    let sales = new_department(&ctx, None, "销售部", 1).await;
    let north = new_department(&ctx, Some(sales), "华北", 1).await;
    for (name, account, weight) in [("张伟", "a1", 0), ("李娜", "a2", 22_222), ("安娜", "a3", 0)]
    {
        let id = new_member(&ctx, name, account, &[sales]).await;
        let heavier = MemberUpdateInput {
            weight: Some(weight),
            position: Some("经理".to_owned()),
            ..nothing_of(id)
        };
        let record = member_update(&ctx, &(), &heavier).await.unwrap();
        assert_eq!(record.member.position.as_deref(), Some("经理"));
    }
    new_member(&ctx, "王芳", "a4", &[north]).await;
    let here = MemberFilter {
        search: None,
        department: Some(sales),
    };
    assert_eq!(names(&ctx, here.clone()).await, ["李娜", "安娜", "张伟"]);
    let mut after = None;
    let mut paged = Vec::new();
    loop {
        let request = PageRequest::new(1, after).unwrap();
        let found = members(&ctx, &here, &request).await.unwrap();
        paged.extend(found.items.iter().map(|(_, member)| member.name.clone()));
        after = found.items.first().map(|(cursor, _)| cursor.clone());
        if !found.has_next {
            break;
        }
    }
    assert_eq!(paged, ["李娜", "安娜", "张伟"]);
    let record = MemberRecordFilter {
        department: Some(sales),
        ..MemberRecordFilter::default()
    };
    assert_eq!(
        member_records(&ctx, &record, &page(10))
            .await
            .unwrap()
            .total,
        4
    );
}

async fn pages_go_on_where_they_stopped(world: World) {
    let ctx = Scene::new(&world).await.job();
    for n in 0..7 {
        new_member(&ctx, "张伟", &format!("a{n}"), &[]).await;
    }
    let mut seen = BTreeSet::new();
    let mut after = None;
    for _ in 0..4 {
        let request = PageRequest::new(2, after).unwrap();
        let found = member_records(&ctx, &MemberRecordFilter::default(), &request)
            .await
            .unwrap();
        assert_eq!(found.total, 7);
        after = found.items.last().map(|(cursor, _)| cursor.clone());
        seen.extend(
            found
                .items
                .into_iter()
                .map(|(_, record)| record.member.account),
        );
    }
    assert_eq!(seen.len(), 7);
}

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

async fn nobody_manages_somebody_of_a_higher_role(world: World) {
    let scene = Scene::new(&world).await;
    let owner = scene.person("owner", &[Role::Owner]).await;
    scene.person("second", &[Role::Owner]).await;
    scene.person("clerk", &[Role::DirectoryAdministrator]).await;
    let clerk = scene.sign_in("clerk", Surface::Console).await.context;
    let update = MemberUpdateInput {
        email: Some("thief@company.example".to_owned()),
        ..nothing_of(owner)
    };
    assert!(is(
        &member_update(&clerk, &(), &update).await,
        FaultCode::Forbidden
    ));
    let reset = MemberPasswordResetInput {
        id: owner,
        slip: true,
    };
    assert!(is(
        &member_password_reset(&clerk, &reset).await,
        FaultCode::Forbidden
    ));
    let close = MemberStateSetInput {
        id: owner,
        state: MemberState::Disabled,
    };
    assert!(is(
        &member_state_set(&clerk, &(), &close).await,
        FaultCode::Forbidden
    ));
    assert!(is(
        &member_unlock(&clerk, owner).await,
        FaultCode::Forbidden
    ));
}

async fn the_last_owner_cannot_be_closed(world: World) {
    let scene = Scene::new(&world).await;
    let ctx = scene.job();
    let first = scene.person("first", &[Role::Owner]).await;
    let close = |id| MemberStateSetInput {
        id,
        state: MemberState::Disabled,
    };
    let problem = refused(member_state_set(&ctx, &(), &close(first)).await);
    assert_eq!(problem.code, ErrorCode::LastOwner);
    let second = scene.person("second", &[Role::Owner]).await;
    let own = scene.sign_in("second", Surface::Console).await.context;
    let problem = refused(member_state_set(&own, &(), &close(second)).await);
    assert_eq!(problem.code, ErrorCode::SelfNotAllowed);
    let both = [first, second].map(|id| {
        let (ctx, input) = (ctx.clone(), close(id));
        tokio::spawn(async move { member_state_set(&ctx, &(), &input).await.is_ok() })
    });
    let mut closed = 0;
    for one in both {
        closed += u32::from(one.await.unwrap());
    }
    assert_eq!(closed, 1);
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

async fn foreign_and_missing_departments_are_the_same(world: World) {
    let (scene, other) = (Scene::new(&world).await, Scene::new(&world).await);
    let (ctx, foreign) = (scene.job(), other.job());
    let department_there = new_department(&foreign, None, "a", 1).await;
    let own = new_member(&ctx, "李娜", "a2", &[]).await;
    let missing = DepartmentId::new(ctx.clock(), ctx.rng());
    for id in [department_there, missing] {
        let to = |parent| DepartmentUpdateInput {
            id,
            name: None,
            order_number: None,
            parent,
        };
        let filter = MemberFilter {
            search: None,
            department: Some(id),
        };
        let records = MemberRecordFilter {
            department: Some(id),
            ..MemberRecordFilter::default()
        };
        let moved = MemberUpdateInput {
            departments: Some(vec![id]),
            ..nothing_of(own)
        };
        let found = [
            is(&department(&ctx, id).await, FaultCode::NotFound),
            is(
                &departments(&ctx, Some(id), &page(1)).await,
                FaultCode::NotFound,
            ),
            is(
                &department_update(&ctx, &to(None)).await,
                FaultCode::NotFound,
            ),
            is(&department_delete(&ctx, id).await, FaultCode::NotFound),
            is(&members(&ctx, &filter, &page(1)).await, FaultCode::NotFound),
            is(
                &member_records(&ctx, &records, &page(1)).await,
                FaultCode::NotFound,
            ),
            is(&member_update(&ctx, &(), &moved).await, FaultCode::NotFound),
            is(
                &member_create(&ctx, &(), &form("x", "x", &[id])).await,
                FaultCode::NotFound,
            ),
        ];
        assert_eq!(found, [true; 8]);
    }
}

async fn foreign_and_missing_members_are_the_same(world: World) {
    let (scene, other) = (Scene::new(&world).await, Scene::new(&world).await);
    let ctx = scene.job();
    let member_there = new_member(&other.job(), "张伟", "a1", &[]).await;
    for id in [member_there, MemberId::new(ctx.clock(), ctx.rng())] {
        let state = MemberStateSetInput {
            id,
            state: MemberState::Active,
        };
        let reset = MemberPasswordResetInput { id, slip: true };
        let found = [
            is(&member(&ctx, id).await, FaultCode::NotFound),
            is(&member_record(&ctx, id).await, FaultCode::NotFound),
            is(
                &member_update(&ctx, &(), &nothing_of(id)).await,
                FaultCode::NotFound,
            ),
            is(
                &member_state_set(&ctx, &(), &state).await,
                FaultCode::NotFound,
            ),
            is(
                &member_password_reset(&ctx, &reset).await,
                FaultCode::NotFound,
            ),
            is(&member_unlock(&ctx, id).await, FaultCode::NotFound),
        ];
        assert_eq!(found, [true; 6]);
    }
}

async fn members_without_permission_change_nothing(world: World) {
    let scene = Scene::new(&world).await;
    let anna = scene.person("anna", &[]).await;
    let own = scene.sign_in("anna", Surface::Member).await.context;
    let department = DepartmentCreateInput {
        parent: None,
        name: "a".to_owned(),
        order_number: 1,
    };
    let state = MemberStateSetInput {
        id: anna,
        state: MemberState::Disabled,
    };
    let none = MemberRecordFilter::default();
    let refused = [
        is(
            &department_create(&own, &department).await,
            FaultCode::Forbidden,
        ),
        is(
            &member_create(&own, &(), &form("x", "x", &[])).await,
            FaultCode::Forbidden,
        ),
        is(
            &member_update(&own, &(), &nothing_of(anna)).await,
            FaultCode::Forbidden,
        ),
        is(
            &member_state_set(&own, &(), &state).await,
            FaultCode::Forbidden,
        ),
        is(&member_unlock(&own, anna).await, FaultCode::Forbidden),
        is(&member_record(&own, anna).await, FaultCode::Forbidden),
        is(
            &member_records(&own, &none, &page(1)).await,
            FaultCode::Forbidden,
        ),
    ];
    assert_eq!(refused, [true; 7]);
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
