//! The walk itself: each check answers what it found wrong, so that a test can also show that it
//! finds something.

use std::collections::BTreeSet;

use hansa_tests::{Answer, Browser, Schema as Endpoint};
use serde_json::{Value, json};

use super::{
    scene::{Kind, MARK_OF_B, Own, Scene},
    schema::Operation,
    table::{Line, Takes},
};

/// What a check found.
pub(super) type Found = Result<(), String>;

/// Status and body, without what differs from request to request.
pub(super) fn comparable(answer: &Answer) -> (u16, Value) {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.remove("traceId");
                map.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut body = answer.body.clone();
    strip(&mut body);
    (answer.status, body)
}

/// Whether nothing of B is in an answer to A.
pub(super) fn nothing_of_b(scene: &Scene, answer: &Answer) -> Found {
    let text = answer.body.to_string();
    let ids = scene.foreign.all();
    let found = ids
        .into_iter()
        .chain([MARK_OF_B])
        .find(|part| text.contains(part));
    found.map_or(Ok(()), |part| {
        Err(format!("an answer to A contains {part}: {text}"))
    })
}

/// Puts an id into arguments at a path; a list gets it beside what it has.
pub(super) fn put(arguments: &mut Value, path: &str, id: &str) {
    // In the middle of a path: the first of a list.
    let path = path.replace("[].", ".0.");
    let path = path.as_str();
    let (path, is_list) = match path.strip_suffix("[]") {
        Some(path) => (path, true),
        None => (path, false),
    };
    let place = arguments
        .pointer_mut(&format!("/{}", path.replace('.', "/")))
        .unwrap_or_else(|| panic!("the table gives no {path}"));
    match place.as_array_mut() {
        Some(list) if is_list => {
            if !list.iter().any(|there| there == id) {
                list.push(json!(id));
            }
        }
        _ => *place = json!(id),
    }
}

/// Whether an answer is a success, payload included.
pub(super) fn success(operation: &Operation, answer: &Answer) -> Found {
    let payload = &answer.body["data"][&operation.name];
    if answer.body.get("errors").is_some() || payload["problem"].is_object() {
        return Err(format!(
            "{}: {} {}",
            operation.name, answer.status, answer.body
        ));
    }
    Ok(())
}

async fn own_for(scene: &Scene, line: &Line) -> Own {
    match line.uses_files() {
        true => scene.own_with_files().await,
        false => scene.own().await,
    }
}

/// Calls an operation as its table line says, with an own id of each kind it takes: it succeeds,
/// and tells nothing of B.
pub(super) async fn own_ids_succeed(scene: &Scene, operation: &Operation, line: &Line) -> Found {
    let cases: Vec<_> = match line.takes {
        Takes::Ids(ids) | Takes::LeftOut(ids) => ids.iter().copied().map(Some).collect(),
        Takes::NoId => vec![None],
        Takes::Called | Takes::Secret(_) => return Ok(()),
    };
    for case in cases {
        let own = own_for(scene, line).await;
        let mut arguments = (line.arguments)(&own);
        if let Some((path, kind)) = case {
            put(&mut arguments, path, own.id(kind));
        }
        let owner = scene.owner();
        let answer = owner
            .ask(Endpoint::Tenant, &operation.document, arguments)
            .await;
        success(operation, &answer).map_err(|found| format!("{case:?}, own id: {found}"))?;
        nothing_of_b(scene, &answer)?;
    }
    Ok(())
}

/// Calls an operation with B's id at one place and with an id that nobody has: both answers are
/// `NOT_FOUND`, alike, and no row of either company moved. `before` runs right before each request.
pub(super) async fn foreign_id_is_random(
    scene: &Scene,
    (operation, line): (&Operation, &Line),
    (path, kind): (&str, Kind),
    before: &(dyn Fn() + Sync),
) -> Found {
    let own = own_for(scene, line).await;
    let rows = scene.dump().await;
    let mut answers = Vec::new();
    for id in [scene.foreign.id(kind), &kind.random()] {
        let mut arguments = (line.arguments)(&own);
        put(&mut arguments, path, id);
        before();
        let owner = scene.owner();
        answers.push(
            owner
                .ask(Endpoint::Tenant, &operation.document, arguments)
                .await,
        );
    }
    let place = format!("{}({path}: {kind:?})", operation.name);
    if comparable(&answers[0]) != comparable(&answers[1]) {
        let (foreign, random) = (&answers[0].body, &answers[1].body);
        return Err(format!(
            "{place} tells B's id from a random one: {foreign} / {random}"
        ));
    }
    if matches!(line.takes, Takes::LeftOut(_)) {
        success(operation, &answers[0])?;
    } else if answers[0].code() != Some("NOT_FOUND") {
        return Err(format!("{place} is not NOT_FOUND: {}", answers[0].body));
    }
    nothing_of_b(scene, &answers[0])?;
    unmoved(&place, &rows, &scene.dump().await)
}

pub(super) type Rows = (tenancy_store::testing::Dump, tenancy_store::testing::Dump);

fn unmoved(place: &str, before: &Rows, after: &Rows) -> Found {
    for (whose, before, after) in [("A", &before.0, &after.0), ("B", &before.1, &after.1)] {
        for (table, rows) in before {
            if after.get(table) != Some(rows) {
                return Err(format!("{place} touched {whose}'s rows in {table}"));
            }
        }
    }
    Ok(())
}

/// In how many rows each table of either company differs: gone, and new.
pub(super) fn touched(before: &Rows, after: &Rows) -> BTreeSet<(char, String, usize, usize)> {
    let mut all = BTreeSet::new();
    for (whose, before, after) in [('A', &before.0, &after.0), ('B', &before.1, &after.1)] {
        for (table, rows) in before {
            let old: BTreeSet<&String> = rows.iter().collect();
            let new: BTreeSet<&String> = after[table].iter().collect();
            let (gone, new) = (old.difference(&new).count(), new.difference(&old).count());
            if gone + new > 0 {
                all.insert((whose, table.clone(), gone, new));
            }
        }
    }
    all
}

/// Calls a list with a position out of B's list: nothing of B is told.
pub(super) async fn foreign_cursor_tells_nothing(scene: &Scene, operation: &Operation) -> Found {
    for cursor in &operation.cursors {
        // Without its filters, so that there is something in the list.
        let admin = &scene.b.company.admin.browser;
        let page = admin
            .ask(Endpoint::Tenant, &operation.document, json!({}))
            .await;
        let list = &page.body["data"][&operation.name];
        let positions = [&list["pageInfo"]["startCursor"], &list["position"]];
        let position = positions.into_iter().find(|p| p.is_string());
        let Some(position) = position else {
            return Err(format!(
                "{}: B has no position: {}",
                operation.name, page.body
            ));
        };
        let arguments = json!({ cursor.as_str(): position });
        let owner = scene.owner();
        let answer = owner
            .ask(Endpoint::Tenant, &operation.document, arguments)
            .await;
        nothing_of_b(scene, &answer)?;
    }
    Ok(())
}

/// Calls an operation as somebody who has no session for it.
pub(super) async fn refused_without_session(
    browser: &Browser,
    endpoint: Endpoint,
    (operation, line): (&Operation, &Line),
    own: &Own,
) -> Result<Answer, String> {
    let arguments = (line.arguments)(own);
    let answer = browser.ask(endpoint, &operation.document, arguments).await;
    if answer.code() != Some("UNAUTHENTICATED") || answer.status != 200 {
        return Err(format!(
            "{}: {} {}",
            operation.name, answer.status, answer.body
        ));
    }
    Ok(answer)
}

/// Calls an operation of operators with what exists, then with ids that nobody has: it succeeds,
/// and is `NOT_FOUND`.
pub(super) async fn operator_succeeds(
    scene: &Scene,
    operation: &Operation,
    line: &Line,
    own: &Own,
) -> Found {
    let cases: Vec<_> = match line.takes {
        Takes::Ids(ids) | Takes::LeftOut(ids) => ids.iter().copied().map(Some).collect(),
        Takes::NoId => vec![None],
        Takes::Called | Takes::Secret(_) => return Ok(()),
    };
    let operator = &scene.world.operator;
    for case in cases {
        let mut arguments = (line.arguments)(own);
        let Some((path, kind)) = case else {
            let answer = operator
                .ask(Endpoint::Platform, &operation.document, arguments)
                .await;
            success(operation, &answer)?;
            continue;
        };
        put(&mut arguments, path, own.id(kind));
        let asked = operator.ask(Endpoint::Platform, &operation.document, arguments.clone());
        success(operation, &asked.await)?;
        put(&mut arguments, path, &kind.random());
        let answer = operator
            .ask(Endpoint::Platform, &operation.document, arguments)
            .await;
        if answer.code() != Some("NOT_FOUND") {
            return Err(format!("{}: {}", operation.name, answer.body));
        }
    }
    Ok(())
}
