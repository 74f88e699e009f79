//! Every bound of the directory: what it bounds, what it is called, and how it is refused.

use tenancy_model::limits;

use super::*;

tenancy_store::testing::test_both_backends!(
    every_field_of_a_member_is_bounded,
    every_change_of_a_member_is_bounded,
    a_search_is_bounded_wherever_it_is_asked,
    a_member_is_in_a_bounded_number_of_departments,
    a_company_has_a_bounded_number_of_departments,
    a_company_has_a_bounded_number_of_members,
);

type Refusal = (ErrorCode, Option<&'static str>, Option<u64>);

fn told<T>(result: Result<T, DomainError>) -> Refusal {
    let problem = refused(result);
    (problem.code, problem.field, problem.limit)
}

async fn every_field_of_a_member_is_bounded(world: World) {
    let ctx = Scene::new(&world).await.job();
    let name = limits::NAME_CHARS_MAX;
    let too_long = |field, limit: usize| (ErrorCode::TooLong, Some(field), Some(limit as u64));
    let with = |change: &dyn Fn(&mut MemberCreateInput)| {
        let mut input = form("张伟", "a1", &[]);
        change(&mut input);
        input
    };
    let long = |chars: usize| Some("字".repeat(chars));
    let cases = [
        (
            with(&|f| f.name = "字".repeat(name + 1)),
            too_long("name", name),
        ),
        (
            with(&|f| f.nickname = long(name + 1)),
            too_long("nickname", name),
        ),
        (
            with(&|f| f.position = long(name + 1)),
            too_long("position", name),
        ),
        (
            with(&|f| f.account = "a".repeat(limits::ACCOUNT_CHARS_MAX + 1)),
            too_long("account", limits::ACCOUNT_CHARS_MAX),
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(told(member_create(&ctx, &(), &input).await), expected);
    }
    let email = format!("{}@company.example", "a".repeat(limits::EMAIL_CHARS_MAX));
    let by_email = with(&|f| f.email = Some(email.clone()));
    let (_, field, _) = told(member_create(&ctx, &(), &by_email).await);
    assert_eq!(field, Some("email"));
    let mobile = format!("+{}", "1".repeat(limits::MOBILE_CHARS_MAX));
    let by_mobile = with(&|f| f.mobile = Some(mobile.clone()));
    let (_, field, _) = told(member_create(&ctx, &(), &by_mobile).await);
    assert_eq!(field, Some("mobile"));
}

async fn every_change_of_a_member_is_bounded(world: World) {
    let ctx = Scene::new(&world).await.job();
    let name = limits::NAME_CHARS_MAX;
    let long = |chars: usize| Some("字".repeat(chars));
    let full = MemberCreateInput {
        name: "字".repeat(name),
        nickname: long(name),
        position: long(name),
        ..form("", &"a".repeat(limits::ACCOUNT_CHARS_MAX), &[])
    };
    let made = member_create(&ctx, &(), &full).await.unwrap();
    let id = made.record.member.id;
    let of = |field: &str| MemberUpdateInput {
        name: long(name + 1).filter(|_| field == "name"),
        nickname: long(name + 1).filter(|_| field == "nickname"),
        position: long(name + 1).filter(|_| field == "position"),
        ..nothing_of(id)
    };
    for field in ["name", "nickname", "position"] {
        let refusal = told(member_update(&ctx, &(), &of(field)).await);
        let expected = (ErrorCode::TooLong, Some(field), Some(name as u64));
        assert_eq!(refusal, expected);
    }
}

async fn a_search_is_bounded_wherever_it_is_asked(world: World) {
    let ctx = Scene::new(&world).await.job();
    let chars = limits::SEARCH_CHARS_MAX;
    for (length, refused_as) in [(chars, None), (chars + 1, Some(ErrorCode::TooLong))] {
        let search = Some("x".repeat(length));
        let filter = MemberFilter {
            search: search.clone(),
            department: None,
        };
        let records = MemberRecordFilter {
            search,
            ..MemberRecordFilter::default()
        };
        let code =
            |result: Result<(), DomainError>| result.err().map(|e| refused::<()>(Err(e)).code);
        let people = members(&ctx, &filter, &page(1)).await.map(drop);
        assert_eq!(code(people), refused_as);
        let people = member_records(&ctx, &records, &page(1)).await.map(drop);
        assert_eq!(code(people), refused_as);
    }
    let most = i32::try_from(limits::PAGE_MAX).unwrap();
    assert!(PageRequest::new(most, None).is_ok() && PageRequest::new(most + 1, None).is_err());
}

// covers: DIR-16
async fn a_member_is_in_a_bounded_number_of_departments(world: World) {
    let ctx = Scene::new(&world).await.job();
    let most = limits::DEPARTMENTS_PER_MEMBER_MAX;
    let mut ids = Vec::new();
    for n in 0..=most {
        ids.push(new_department(&ctx, None, &format!("{n}"), 1).await);
    }
    let too_many = (ErrorCode::TooMany, Some("departmentIds"), Some(most as u64));
    let input = form("张伟", "a1", &ids);
    assert_eq!(told(member_create(&ctx, &(), &input).await), too_many);
    let id = new_member(&ctx, "张伟", "a1", &ids[..most]).await;
    let more = MemberUpdateInput {
        departments: Some(ids.clone()),
        ..nothing_of(id)
    };
    assert_eq!(told(member_update(&ctx, &(), &more).await), too_many);
    // The same one named often is one.
    let often = MemberUpdateInput {
        departments: Some(vec![ids[0]; most * 2]),
        ..nothing_of(id)
    };
    member_update(&ctx, &(), &often).await.unwrap();
    assert_eq!(counts(&ctx, ids[0]).await.0, 1);
    assert_eq!(counts(&ctx, ids[1]).await.0, 0);
}

async fn a_company_has_a_bounded_number_of_departments(world: World) {
    let scene = Scene::new(&world).await;
    let ctx = scene.job();
    let most = limits::DEPARTMENTS_MAX;
    let fill = "INSERT INTO department (id, name, order_number, path, depth, created_at) \
                SELECT $ID, 'd', 1, 'p' || n, 1, $1 FROM $NUMBERS";
    fill_rows(&scene, fill, most - 1).await;
    new_department(&ctx, None, "the last", 1).await;
    let input = DepartmentCreateInput {
        parent: None,
        name: "one more".to_owned(),
        order_number: 1,
    };
    let problem = refused(department_create(&ctx, &input).await);
    assert_eq!(problem.code, ErrorCode::TooMany);
    assert_eq!((problem.limit, problem.used), (Some(most), Some(most)));
}

// covers: LIC-11
async fn a_company_has_a_bounded_number_of_members(world: World) {
    let scene = Scene::new(&world).await;
    let ctx = scene.job();
    let most = limits::MEMBERS_MAX;
    fill_members(&scene, most - 1).await;
    new_member(&ctx, "张伟", "last", &[]).await;
    let problem = refused(member_create(&ctx, &(), &form("李娜", "more", &[])).await);
    assert_eq!(problem.code, ErrorCode::TooMany);
    assert_eq!((problem.limit, problem.used), (Some(most), Some(most)));
    assert_eq!(names(&ctx, found("last")).await, ["张伟"]);
}

fn found(search: &str) -> MemberFilter {
    MemberFilter {
        search: Some(search.to_owned()),
        department: None,
    }
}
