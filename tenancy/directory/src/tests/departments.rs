//! The tree of departments.

use super::*;

tenancy_store::testing::test_both_backends!(
    departments_are_listed_by_order_number_and_counted_once,
    a_department_moves_with_everything_below_it,
    a_department_with_people_or_departments_stays,
    the_rules_of_department_fields,
);

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
