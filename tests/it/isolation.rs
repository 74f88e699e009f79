//! The wall between tenants, walked from the schemas: every operation, with every id it takes. A
//! tenant's id in another tenant's hands is answered exactly as an id that nobody has.
//!
//! `isolation/table.rs` says how each operation is called; an operation, an id argument or an
//! argument below the roots that is not in it fails the test.

mod called;
mod cancelled;
mod claim;
mod routes;
mod scene;
mod schema;
mod table;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use hansa_tests::{Browser, Column, DESKTOP, Schema as Endpoint, Socket};
use serde_json::json;
use tenancy_store::testing::{breach_wall, mend_wall};

use scene::{Kind, Scene, tenant_id};
use schema::{Operation, Root, Schema};
use table::{Door, Line, Takes};

both_columns! {
    own_ids_succeed
    another_tenants_id_is_like_no_id
    what_takes_no_id_succeeds_and_tells_nothing
    /// covers: SEC-06
    with_an_initial_password_nothing_answers
    another_tenants_cursor_tells_nothing
    file_routes_tell_nothing_of_another_tenant
    without_a_session_of_the_tenant_nothing_answers
    operators_operations_are_for_operators
    a_breach_of_the_wall_turns_the_walk_red
}

/// Each operation with its line.
fn pairs(
    schema: &Schema,
    lines: impl Iterator<Item = &'static Line>,
) -> Vec<(Operation, &'static Line)> {
    let lines: BTreeMap<&str, &Line> = lines.map(|line| (line.name, line)).collect();
    let with_line = |operation: Operation| {
        let line = lines.get(&*operation.name).copied();
        let line = line.unwrap_or_else(|| panic!("the table has no {}", operation.name));
        (operation, line)
    };
    schema.operations().into_iter().map(with_line).collect()
}

fn tenant_pairs() -> Vec<(Operation, &'static Line)> {
    pairs(&Schema::tenant(), table::tenant_lines())
}

fn platform_pairs() -> Vec<(Operation, &'static Line)> {
    pairs(&Schema::platform(), table::platform_lines())
}

/// Fails with everything that was found.
fn nothing(found: &[String]) {
    assert!(found.is_empty(), "{}\n", found.join("\n"));
}

/// What is in a schema and not in the table, or the other way round.
fn differences(schema: &Schema, lines: &[&Line]) -> Vec<String> {
    let mut found = Vec::new();
    let operations = schema.operations();
    for operation in &operations {
        let name = &operation.name;
        let Some(line) = lines.iter().find(|line| line.name == name) else {
            found.push(format!("the table has no {name}"));
            continue;
        };
        let in_line: BTreeSet<&str> = match &line.takes {
            Takes::Ids(ids) | Takes::LeftOut(ids) => ids.iter().map(|(path, _)| *path).collect(),
            Takes::Secret(path) => [*path].into(),
            Takes::NoId | Takes::Called => BTreeSet::new(),
        };
        let in_schema: BTreeSet<&str> = operation.ids.iter().map(String::as_str).collect();
        if in_line != in_schema {
            found.push(format!("ids of {name}: {in_schema:?}, not {in_line:?}"));
        }
    }
    for line in lines {
        if !operations
            .iter()
            .any(|operation| operation.name == line.name)
        {
            found.push(format!("no schema has {}", line.name));
        }
    }
    found
}

#[test]
fn every_operation_and_every_id_has_its_line() {
    let tenant: Vec<_> = table::tenant_lines().collect();
    let platform: Vec<_> = table::platform_lines().collect();
    nothing(&differences(&Schema::tenant(), &tenant));
    nothing(&differences(&Schema::platform(), &platform));
}

#[test]
fn an_operation_or_an_id_without_its_line_is_found() {
    for (schema, lines) in [
        (Schema::tenant(), table::tenant_lines().collect::<Vec<_>>()),
        (Schema::platform(), table::platform_lines().collect()),
    ] {
        for (n, left_out) in lines.iter().enumerate() {
            let mut rest = lines.clone();
            rest.remove(n);
            let name = left_out.name;
            assert_eq!(
                differences(&schema, &rest),
                [format!("the table has no {name}")]
            );
            if !matches!(
                left_out.takes,
                Takes::Ids(_) | Takes::LeftOut(_) | Takes::Secret(_)
            ) {
                continue;
            }
            let without_ids = Line {
                takes: Takes::NoId,
                ..**left_out
            };
            rest.push(&without_ids);
            let found = differences(&schema, &rest);
            assert!(found.len() == 1 && found[0].contains(name), "{found:?}");
        }
    }
}

#[test]
fn every_argument_below_the_roots_has_its_reason() {
    let known = table::BELOW_THE_ROOTS
        .iter()
        .map(|(name, _)| (*name).to_owned());
    let known: BTreeSet<String> = known.collect();
    assert_eq!(Schema::tenant().arguments_below_the_roots(), known);
    assert_eq!(
        Schema::platform().arguments_below_the_roots(),
        BTreeSet::new()
    );
}

#[test]
fn subscriptions_reach_nothing_that_depends_on_who_hears() {
    let known: BTreeSet<String> = table::HEARD.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(Schema::tenant().reached_by_subscriptions(), known);
    assert_eq!(
        Schema::platform().reached_by_subscriptions(),
        BTreeSet::new()
    );
}

async fn own_ids_succeed(column: Column) {
    let scene = Scene::start(column).await;
    let mut found = Vec::new();
    for (operation, line) in tenant_pairs() {
        found.extend(walk::own_ids_succeed(&scene, &operation, line).await.err());
    }
    nothing(&found);
    scene.world.running.stop().await;
}

async fn another_tenants_id_is_like_no_id(column: Column) {
    let scene = Scene::start(column).await;
    let mut found = Vec::new();
    for (operation, line) in tenant_pairs() {
        for id in line.ids() {
            let check = walk::foreign_id_is_random(&scene, (&operation, line), *id, &|| {});
            found.extend(check.await.err());
        }
    }
    nothing(&found);
    scene.world.running.stop().await;
}

async fn what_takes_no_id_succeeds_and_tells_nothing(column: Column) {
    let scene = Scene::start(column).await;
    let mut found = Vec::new();
    let tenant = tenant_pairs()
        .into_iter()
        .map(|pair| (Endpoint::Tenant, pair));
    let platform = platform_pairs();
    let platform = platform.into_iter().map(|pair| (Endpoint::Platform, pair));
    for (endpoint, (operation, line)) in tenant.chain(platform) {
        if matches!(line.takes, Takes::Called | Takes::Secret(_)) {
            found.extend(called::check(&scene, endpoint, &operation).await.err());
        }
    }
    nothing(&found);
    scene.world.running.stop().await;
}

/// Whatever the roles: it is the same session that waits for its password.
async fn with_an_initial_password_nothing_answers(column: Column) {
    let scene = Scene::start(column).await;
    let own = scene.own().await;
    let newcomer = scene.newcomer().await.person;
    let roles = "mutation($input: MemberRolesSetInput!) { memberRolesSet(input: $input) {
        problem { code } } }";
    let input = json!({ "id": newcomer.member, "roles": ["MEMBER", "OWNER"] });
    let done = scene.owner().gql(roles, json!({ "input": input })).await;
    assert_eq!(done["memberRolesSet"]["problem"], serde_json::Value::Null);
    let rows = scene.dump().await;
    let mut found = Vec::new();
    for (operation, line) in tenant_pairs() {
        let over_http = operation.root != Root::Subscription && line.door != Door::Public;
        let by_itself = ["signOut", "passwordChange"].contains(&line.name);
        if !over_http || by_itself || table::BEFORE_THE_CHANGE.contains(&line.name) {
            continue;
        }
        let arguments = (line.arguments)(&own);
        let browser = &newcomer.browser;
        let answer = browser
            .ask(Endpoint::Tenant, &operation.document, arguments)
            .await;
        if answer.code() != Some("PASSWORD_CHANGE_REQUIRED") {
            found.push(format!("{}: {}", operation.name, answer.body));
        }
    }
    nothing(&found);
    assert_eq!(scene.dump().await, rows);
    scene.world.running.stop().await;
}

async fn another_tenants_cursor_tells_nothing(column: Column) {
    let scene = Scene::start(column).await;
    let mut found = Vec::new();
    for (operation, _) in tenant_pairs() {
        let check = walk::foreign_cursor_tells_nothing(&scene, &operation);
        found.extend(check.await.err());
    }
    nothing(&found);
    scene.world.running.stop().await;
}

async fn file_routes_tell_nothing_of_another_tenant(column: Column) {
    let scene = Scene::start(column).await;
    nothing(&routes::check(&scene).await);
    scene.world.running.stop().await;
}

async fn without_a_session_of_the_tenant_nothing_answers(column: Column) {
    let scene = Scene::start(column).await;
    let own = scene.own().await;
    let stranger = scene.world.browser.device(DESKTOP).in_tenant(&own.tenant);
    let intruder = scene.owner().in_tenant(&scene.foreign.tenant);
    let lost = scene.owner().in_tenant(&Kind::Tenant.random());
    let browsers = [stranger, intruder, lost];
    let rows = scene.dump().await;
    let mut found = Vec::new();
    for (operation, line) in tenant_pairs() {
        if operation.root == Root::Subscription || line.door == Door::Public {
            continue;
        }
        for browser in &browsers {
            let pair = (&operation, line);
            for own in [&own, &scene.foreign] {
                let check =
                    walk::refused_without_session(browser, Endpoint::Tenant, pair, own).await;
                found.extend(check.err());
            }
        }
    }
    nothing(&found);
    assert_eq!(scene.dump().await, rows);
    let closed = [
        socket_end(&browsers[1]).await,
        socket_end(&browsers[2]).await,
    ];
    assert_eq!(closed[0], closed[1]);
    assert!((4400..4500).contains(&closed[0].0), "{closed:?}");
    scene.world.running.stop().await;
}

/// How a socket ends that names a tenant for which the browser has no session.
async fn socket_end(browser: &Browser) -> (u16, String) {
    let mut socket = Socket::connect(browser).await;
    let init = json!({ "tenant": browser.tenant(), "surface": browser.surface() });
    socket
        .send(&json!({ "type": "connection_init", "payload": init }))
        .await;
    let subscribe = json!({ "query": hansa_tests::EVENTS });
    socket
        .send(&json!({ "id": "e", "type": "subscribe", "payload": subscribe }))
        .await;
    socket.until_closed().await
}

async fn operators_operations_are_for_operators(column: Column) {
    let scene = Scene::start(column).await;
    let own = scene.own().await;
    let stranger = scene.world.browser.device(DESKTOP);
    let mut found = Vec::new();
    for pair in &platform_pairs() {
        if pair.1.door == Door::Public {
            continue;
        }
        for browser in [&stranger, scene.owner()] {
            let pair = (&pair.0, pair.1);
            let check = walk::refused_without_session(browser, Endpoint::Platform, pair, &own);
            found.extend(check.await.err());
        }
    }
    for (operation, line) in &platform_pairs() {
        found.extend(
            walk::operator_succeeds(&scene, operation, line, &own)
                .await
                .err(),
        );
    }
    nothing(&found);
    scene.world.running.stop().await;
}

/// Takes the wall away for operations of each noun, one way of asking each: the check must see it.
async fn a_breach_of_the_wall_turns_the_walk_red(column: Column) {
    let scene = Scene::start(column).await;
    scene.plant_a_twin_in_b().await;
    let (a, b) = (tenant_id(&scene.a), tenant_id(&scene.b));
    let lines: Vec<_> = tenant_pairs();
    for (name, path, kind) in [
        ("node", "id", Kind::Department),
        ("node", "id", Kind::Message),
        ("node", "id", Kind::Mail),
        ("node", "id", Kind::File),
        ("department", "id", Kind::Department),
        ("departments", "parentId", Kind::Department),
        ("member", "id", Kind::Member),
        ("memberRecord", "id", Kind::Member),
        ("sessions", "memberId", Kind::Member),
        ("conversation", "id", Kind::Conversation),
        ("readMarkMove", "input.conversationId", Kind::Conversation),
        ("memberUnlock", "input.id", Kind::Member),
    ] {
        let (operation, line) = lines.iter().find(|(o, _)| o.name == name).expect("a line");
        let check = walk::foreign_id_is_random(&scene, (operation, line), (path, kind), &|| {});
        assert_eq!(check.await, Ok(()), "{name} with the wall");
        // The first transaction of a request finds its session.
        let breach = || breach_wall(a, b, 1);
        let check = walk::foreign_id_is_random(&scene, (operation, line), (path, kind), &breach);
        let found = check.await;
        mend_wall(a);
        let found = found.expect_err(name);
        assert!(found.contains("tells B's id from a random one"), "{found}");
        // Of the two answers, that to the random id: B's id was answered.
        assert_eq!(found.matches("NOT_FOUND").count(), 1, "{found}");
    }
    scene.world.running.stop().await;
}
