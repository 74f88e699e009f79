//! Lists and searches.

use super::*;

tenancy_store::testing::test_both_backends!(
    members_are_found_by_name_account_and_pinyin,
    people_of_a_department_are_shown_by_weight,
    pages_go_on_where_they_stopped,
);

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
