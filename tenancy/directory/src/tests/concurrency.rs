//! Two administrators at once: neither loses what the other changed, and nothing becomes what
//! neither of them asked for.

use super::*;

tenancy_store::testing::test_both_backends!(
    both_changes_of_a_department_hold,
    two_moves_make_no_circle,
    nobody_is_placed_where_a_department_was,
    both_changes_of_a_member_hold,
    a_tree_is_never_deeper_than_it_may_be,
    the_last_place_is_taken_once,
);

/// How often two are let loose on each other.
const ROUNDS: usize = 6;

fn nothing_of_department(id: DepartmentId) -> DepartmentUpdateInput {
    DepartmentUpdateInput {
        id,
        name: None,
        order_number: None,
        parent: None,
    }
}

/// Two changes of departments at once.
async fn both(
    ctx: &TenantContext,
    one: DepartmentUpdateInput,
    other: DepartmentUpdateInput,
) -> [Result<Department, DomainError>; 2] {
    let start = |input: DepartmentUpdateInput| {
        let ctx = ctx.clone();
        tokio::spawn(async move { department_update(&ctx, &input).await })
    };
    let (one, other) = (start(one), start(other));
    [one.await.unwrap(), other.await.unwrap()]
}

// covers: DIR-06
async fn both_changes_of_a_department_hold(world: World) {
    let ctx = Scene::new(&world).await.job();
    let id = new_department(&ctx, None, "销售部", 1).await;
    for round in 0..ROUNDS {
        let name = format!("销售 {round}");
        let number = i32::try_from(round).unwrap() + 100;
        let rename = DepartmentUpdateInput {
            name: Some(name.clone()),
            ..nothing_of_department(id)
        };
        let reorder = DepartmentUpdateInput {
            order_number: Some(number),
            ..nothing_of_department(id)
        };
        assert!(both(&ctx, rename, reorder).await.iter().all(Result::is_ok));
        let now = department(&ctx, id).await.unwrap();
        assert_eq!((now.name, now.order_number), (name, number));
    }
}

async fn two_moves_make_no_circle(world: World) {
    let ctx = Scene::new(&world).await.job();
    for _ in 0..ROUNDS {
        let a = new_department(&ctx, None, "a", 1).await;
        let b = new_department(&ctx, None, "b", 1).await;
        let below = |id, parent| DepartmentUpdateInput {
            parent: Some(Some(parent)),
            ..nothing_of_department(id)
        };
        let moved = both(&ctx, below(a, b), below(b, a)).await;
        let [one, other] = moved.map(|result| result.map_err(|e| refused::<()>(Err(e)).code));
        let won = usize::from(one.is_ok()) + usize::from(other.is_ok());
        assert_eq!(won, 1, "{one:?} {other:?}");
        let lost = one.err().or(other.err());
        assert_eq!(lost, Some(ErrorCode::DepartmentCycle));
        let (a, b) = (
            department(&ctx, a).await.unwrap(),
            department(&ctx, b).await.unwrap(),
        );
        assert_eq!(a.depth + b.depth, 3, "one is below the other");
        assert!(a.parent.is_none() != b.parent.is_none());
    }
}

async fn nobody_is_placed_where_a_department_was(world: World) {
    let ctx = Scene::new(&world).await.job();
    for round in 0..ROUNDS {
        let id = new_department(&ctx, None, "销售部", 1).await;
        let delete = {
            let ctx = ctx.clone();
            tokio::spawn(async move { department_delete(&ctx, id).await })
        };
        let place = {
            let (ctx, form) = (ctx.clone(), form("张伟", &format!("a{round}"), &[id]));
            tokio::spawn(async move { member_create(&ctx, &(), &form).await })
        };
        let (deleted, placed) = (delete.await.unwrap(), place.await.unwrap());
        assert!(deleted.is_ok() != placed.is_ok(), "exactly one of the two");
        match placed {
            Ok(_) => {
                let told = refused(deleted).code;
                assert_eq!(told, ErrorCode::DepartmentNotEmpty);
                assert_eq!(counts(&ctx, id).await.0, 1);
            }
            Err(error) => {
                assert!(is::<()>(&Err(error), FaultCode::NotFound));
                assert!(is(&department(&ctx, id).await, FaultCode::NotFound));
            }
        }
    }
}

// covers: DIR-17
async fn both_changes_of_a_member_hold(world: World) {
    let ctx = Scene::new(&world).await.job();
    let sales = new_department(&ctx, None, "销售部", 1).await;
    let id = new_member(&ctx, "张伟", "a1", &[]).await;
    for round in 0..ROUNDS {
        let (name, nickname) = (format!("张伟 {round}"), format!("小伟 {round}"));
        let rename = MemberUpdateInput {
            name: Some(name.clone()),
            departments: Some(if round % 2 == 0 { vec![sales] } else { vec![] }),
            ..nothing_of(id)
        };
        let renick = MemberUpdateInput {
            nickname: Some(nickname.clone()),
            weight: Some(i32::try_from(round).unwrap()),
            ..nothing_of(id)
        };
        let changes = [rename, renick].map(|input| {
            let ctx = ctx.clone();
            tokio::spawn(async move { member_update(&ctx, &(), &input).await })
        });
        for change in changes {
            change.await.unwrap().unwrap();
        }
        let record = member_record(&ctx, id).await.unwrap();
        assert_eq!(record.member.name, name);
        assert_eq!(record.member.nickname, Some(nickname));
        assert_eq!(record.weight, i32::try_from(round).unwrap());
        let there = counts(&ctx, sales).await.0;
        assert_eq!(there, i64::from(round % 2 == 0));
        // What is searched for is the whole of it, whoever wrote last.
        let search = Some(format!("小伟 {round}"));
        let filter = MemberFilter {
            search,
            department: None,
        };
        assert_eq!(names(&ctx, filter).await.len(), 1);
    }
}

async fn a_tree_is_never_deeper_than_it_may_be(world: World) {
    let ctx = Scene::new(&world).await.job();
    let chain = async |levels: usize| {
        let mut ids: Vec<DepartmentId> = Vec::new();
        for level in 0..levels {
            let above = ids.last().copied();
            ids.push(new_department(&ctx, above, &format!("{level}"), 1).await);
        }
        ids
    };
    // 8 + 7 fit below each other, and nothing more.
    let (high, low) = (chain(8).await, chain(7).await);
    let hang = DepartmentUpdateInput {
        parent: Some(Some(high[7])),
        ..nothing_of_department(low[0])
    };
    let grow = {
        let (ctx, parent) = (ctx.clone(), low[6]);
        tokio::spawn(async move {
            let input = DepartmentCreateInput {
                parent: Some(parent),
                name: "one more".to_owned(),
                order_number: 1,
            };
            department_create(&ctx, &input).await
        })
    };
    let hung = department_update(&ctx, &hang).await;
    let grown = grow.await.unwrap();
    assert!(hung.is_ok() != grown.is_ok(), "exactly one of the two");
    let told = hung.err().or(grown.err()).unwrap();
    assert_eq!(refused::<()>(Err(told)).code, ErrorCode::TooDeep);
}

async fn the_last_place_is_taken_once(world: World) {
    let scene = Scene::new(&world).await;
    let ctx = scene.job();
    let most = tenancy_model::limits::MEMBERS_MAX;
    fill_members(&scene, most - 1).await;
    let tries: Vec<_> = (0..4)
        .map(|n| {
            let (ctx, form) = (ctx.clone(), form("张伟", &format!("a{n}"), &[]));
            tokio::spawn(async move { member_create(&ctx, &(), &form).await })
        })
        .collect();
    let mut made = 0;
    for one in tries {
        match one.await.unwrap() {
            Ok(_) => made += 1,
            Err(error) => assert_eq!(refused::<()>(Err(error)).code, ErrorCode::TooMany),
        }
    }
    assert_eq!(made, 1);
}
