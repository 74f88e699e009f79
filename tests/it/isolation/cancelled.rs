//! A request that is given up in the middle of its transaction leaves nothing of its tenant on the
//! connection: the next one, another tenant's, finds its own rows. Over PostgreSQL, where tenants
//! share connections, and through pools of one and of two.

use std::sync::Arc;

use hansa_tests::{Browser, Column, Company, PATIENCE, Socket, World};
use kernel::SystemClock;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tenancy_model::TenantId;

/// Requests that are on their way at once; a socket runs at most 16.
const AT_ONCE: usize = 12;
/// Times that they are given up wherever they are.
const ROUNDS: usize = 40;
/// Times that they are given up while they wait inside their transaction.
const HELD_ROUNDS: usize = 4;
/// Between two looks at what PostgreSQL waits for.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(5);

const DEPARTMENTS: &str = "{ departments { edges { node { name } } } company { hostName } }";
const MAKE: &str = "mutation($input: DepartmentCreateInput!) { departmentCreate(input: $input) {
    problem { code } department { id } } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_of_one_leaks_no_tenant_of_a_cancelled_request_scaled() {
    nobody_finds_anothers_rows(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_of_two_leaks_no_tenant_of_a_cancelled_request_scaled() {
    nobody_finds_anothers_rows(2).await;
}

async fn nobody_finds_anothers_rows(connections: u32) {
    let clock = Arc::new(SystemClock);
    let narrow = |config: &mut api_server::RootConfig| {
        config.database.connections = connections;
        config.database.acquire_timeout_ms = 30_000;
    };
    let world = World::start_with(Column::Scaled, clock, narrow).await;
    let (a, b) = (
        company(&world, "alpha").await,
        company(&world, "bravo").await,
    );
    for round in 0..ROUNDS {
        let mut socket = begin(&a.admin.browser).await;
        // From nothing done yet to all done: the further, the longer B's first read takes.
        if round % 3 > 0 {
            finds_its_own(&b).await;
        }
        give_up(&mut socket, round % 2 == 0).await;
        drop(socket);
        finds_its_own(&b).await;
    }
    let mut other = PgConnection::connect(&world.config.database.url)
        .await
        .expect("PostgreSQL");
    for round in 0..HELD_ROUNDS {
        held(&a, &b, &mut other, round % 2 == 0).await;
    }
    finds_its_own(&a).await;
    finds_its_own(&b).await;
    world.running.stop().await;
}

/// A's requests wait inside their transactions, for a table that somebody else has locked, and are
/// given up there; B's requests wait behind them for a connection.
async fn held(a: &Company, b: &Company, other: &mut PgConnection, by_name: bool) {
    let tenant: TenantId = a.tenant.parse().expect("an id");
    let schema = format!("t_{}", tenant.uuid().simple());
    let lock = format!(
        "BEGIN; SET LOCAL ROLE {schema}; LOCK TABLE {schema}.department IN ACCESS EXCLUSIVE MODE"
    );
    run(other, &lock).await;
    let mut socket = begin(&a.admin.browser).await;
    waits_inside(other, &schema).await;
    give_up(&mut socket, by_name).await;
    drop(socket);
    let reads: Vec<_> = (0..4)
        .map(|_| {
            let b = b.admin.browser.clone();
            tokio::spawn(async move { departments(&b).await })
        })
        .collect();
    run(other, "ROLLBACK").await;
    for read in reads {
        assert_eq!(read.await.expect("a read"), own(b));
    }
}

/// Waits until a statement of the server waits for the lock.
async fn waits_inside(other: &mut PgConnection, schema: &str) {
    let query = "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation \
                 JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE NOT l.granted AND n.nspname = $1";
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while tokio::time::Instant::now() < deadline {
        let waiting = sqlx::query_scalar::<_, i64>(query).bind(schema);
        if waiting.fetch_one(&mut *other).await.expect("a count") > 0 {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("nothing waits inside its transaction");
}

async fn run(connection: &mut PgConnection, text: &str) {
    let statement = sqlx::raw_sql(AssertSqlSafe(text.to_owned()));
    statement.execute(connection).await.expect("a statement");
}

/// Reads and changes of A are on their way, over a socket: what a page closes is given up.
async fn begin(browser: &Browser) -> Socket {
    let mut socket = Socket::open(browser).await;
    for n in 0..AT_ONCE {
        let input = json!({ "name": "alpha more", "orderNumber": n });
        let (query, variables) = match n % 2 {
            0 => (DEPARTMENTS, json!({})),
            _ => (MAKE, json!({ "input": input })),
        };
        let payload = json!({ "query": query, "variables": variables });
        let id = n.to_string();
        let subscribe = json!({ "id": id, "type": "subscribe", "payload": payload });
        socket.send(&subscribe).await;
    }
    socket
}

/// Each by its name; otherwise by closing the socket, which is the caller's.
async fn give_up(socket: &mut Socket, by_name: bool) {
    if !by_name {
        return;
    }
    for n in 0..AT_ONCE {
        socket
            .send(&json!({ "id": n.to_string(), "type": "complete" }))
            .await;
    }
}

/// A company with one department that is called as it is.
async fn company(world: &World, name: &str) -> Company {
    let company = world.company(name).await;
    let input = json!({ "input": { "name": name, "orderNumber": 0 } });
    company.admin.browser.gql(MAKE, input).await;
    company
}

/// What a company's departments are called, each once, and what the company itself is.
async fn departments(browser: &Browser) -> (Vec<String>, Value) {
    let seen = browser.gql(DEPARTMENTS, json!({})).await;
    let edges = seen["departments"]["edges"].as_array().cloned();
    let names = edges.unwrap_or_default().into_iter();
    let names = names.map(|edge| edge["node"]["name"].as_str().expect("a name").to_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    (names, seen["company"]["hostName"].clone())
}

fn own(company: &Company) -> (Vec<String>, Value) {
    let name = company.host_name.clone();
    (vec![name.clone()], json!(name))
}

async fn finds_its_own(company: &Company) {
    let (mut names, host_name) = departments(&company.admin.browser).await;
    // What A's changes made before they were given up.
    names.retain(|name| name != "alpha more" || company.host_name != "alpha");
    assert_eq!((names, host_name), own(company));
}
