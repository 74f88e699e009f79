//! What is refused: other tenants' ids, and what one may not do.

use super::*;

tenancy_store::testing::test_both_backends!(
    foreign_and_missing_departments_are_the_same,
    foreign_and_missing_members_are_the_same,
    members_without_permission_change_nothing,
    nobody_manages_somebody_of_a_higher_role,
    the_last_owner_cannot_be_closed,
);

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
            is(&member_authorize(&ctx, id).await, FaultCode::NotFound),
            is(&member_unauthorize(&ctx, id).await, FaultCode::NotFound),
        ];
        assert_eq!(found, [true; 8]);
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
        is(&member_authorize(&own, anna).await, FaultCode::Forbidden),
        is(&member_unauthorize(&own, anna).await, FaultCode::Forbidden),
        is(&member_record(&own, anna).await, FaultCode::Forbidden),
        is(
            &member_records(&own, &none, &page(1)).await,
            FaultCode::Forbidden,
        ),
    ];
    assert_eq!(refused, [true; 9]);
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
    assert!(is(
        &member_authorize(&clerk, owner).await,
        FaultCode::Forbidden
    ));
    assert!(is(
        &member_unauthorize(&clerk, owner).await,
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
