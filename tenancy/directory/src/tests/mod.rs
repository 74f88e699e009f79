//! The directory, as members and administrators notice it.

mod changing;
mod concurrency;
mod creating;
mod departments;
mod finding;
mod limits;
mod seats;
mod walls;

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

/// So many members more, written at once: nobody signs in as one of them.
async fn fill_members(scene: &Scene, many: u64) {
    let fill = "INSERT INTO member (id, account, name, search, sort, state, must_change_password, \
                failures, created_at) SELECT $ID, 'f' || n, 'f', 'f', 'f', 'active', $FALSE, 0, $1 \
                FROM $NUMBERS";
    fill_rows(scene, fill, many).await;
}

/// Runs `fill` for the numbers 1 to `many`, in either database's words.
async fn fill_rows(scene: &Scene, fill: &str, many: u64) {
    let tx = scene.begin().await;
    let backend = tx.get_database_backend();
    let (id, numbers, no) = match backend {
        sea_orm::DbBackend::Sqlite => (
            "printf('00000000-0000-4000-8000-%012x', n)",
            "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < $2) \
             SELECT n FROM c) AS numbers",
            "0",
        ),
        _ => (
            "gen_random_uuid()",
            "generate_series(1, $2) AS numbers(n)",
            "false",
        ),
    };
    let text = fill
        .replace("$ID", id)
        .replace("$NUMBERS", numbers)
        .replace("$FALSE", no);
    let values = [scene.now().into(), i64::try_from(many).unwrap().into()];
    let insert = Statement::from_sql_and_values(backend, text, values);
    tx.execute_raw(insert).await.unwrap();
    tx.commit().await.unwrap();
}
