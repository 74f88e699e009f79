//! Departments (DIR-01 to DIR-09).

use async_graphql::{
    ComplexObject, Context, ID, InputObject, MaybeUndefined, Object, SimpleObject,
};
use tenancy_access::TenantContext;
use tenancy_directory::{
    self as directory, DepartmentCreateInput as Create, DepartmentUpdateInput as Update,
};
use tenancy_model::DepartmentId;

use super::loader;
use crate::{
    context::{language, tenant},
    error::{ProblemObject, domain, refused},
    id::{parse, print},
    int::int,
    page::{self, connection},
};

/// A node of the organisation tree.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Department {
    #[graphql(owned)]
    pub(super) id: ID,
    #[graphql(skip)]
    key: DepartmentId,
    name: String,
    parent_id: Option<ID>,
    /// A smaller number is shown first (DIR-04).
    order_number: i32,
    /// Levels above it.
    depth: i32,
}

connection!(DepartmentConnection, DepartmentEdge, Department);

#[ComplexObject]
impl Department {
    /// People in it and below it, each once.
    async fn member_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(int(loader::counts(ctx, self.key).await?.members))
    }

    /// Departments right below it.
    async fn child_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(int(loader::counts(ctx, self.key).await?.children))
    }
}

impl Department {
    pub(super) fn new(department: directory::Department) -> Self {
        Self {
            id: print(department.id),
            key: department.id,
            name: department.name,
            parent_id: department.parent.map(print),
            order_number: department.order_number,
            depth: department.depth,
        }
    }
}

/// A new department; without a parent it is a root.
#[derive(InputObject)]
pub struct DepartmentCreateInput {
    parent_id: Option<ID>,
    name: String,
    order_number: i32,
}

/// The department, made.
#[derive(SimpleObject)]
pub struct DepartmentCreatePayload {
    problem: Option<ProblemObject>,
    department: Option<Department>,
}

/// What to change; what is absent stays, a parent of null makes it a root.
#[derive(InputObject)]
pub struct DepartmentUpdateInput {
    id: ID,
    name: Option<String>,
    order_number: Option<i32>,
    parent_id: MaybeUndefined<ID>,
}

/// The department as it is now.
#[derive(SimpleObject)]
pub struct DepartmentUpdatePayload {
    problem: Option<ProblemObject>,
    department: Option<Department>,
}

/// Which department goes.
#[derive(InputObject)]
pub struct DepartmentDeleteInput {
    id: ID,
}

/// The department is gone.
#[derive(SimpleObject)]
pub struct DepartmentDeletePayload {
    problem: Option<ProblemObject>,
    department_id: Option<ID>,
}

/// One department; `NOT_FOUND` when there is none.
pub(super) async fn get(
    caller: &TenantContext,
    id: DepartmentId,
) -> async_graphql::Result<Department> {
    directory::department(caller, id)
        .await
        .map(Department::new)
        .map_err(domain)
}

#[derive(Default)]
pub(super) struct DepartmentQuery;

#[Object]
impl DepartmentQuery {
    /// The departments right below one, in their order; without a parent the roots.
    async fn departments(
        &self,
        ctx: &Context<'_>,
        parent_id: Option<ID>,
        #[graphql(default = 100)] first: i32,
        after: Option<String>,
    ) -> async_graphql::Result<DepartmentConnection> {
        let caller = tenant(ctx)?;
        let parent = parent_id.as_ref().map(parse).transpose()?;
        let request = page::request(first, after.clone())?;
        let found = directory::departments(caller, parent, &request)
            .await
            .map_err(domain)?;
        Ok(DepartmentConnection::new(
            found,
            after.as_ref(),
            Department::new,
        ))
    }

    /// One department.
    async fn department(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<Department>> {
        get(tenant(ctx)?, parse(&id)?).await.map(Some)
    }
}

#[derive(Default)]
pub(super) struct DepartmentMutation;

#[Object]
impl DepartmentMutation {
    /// Makes a department (DEPARTMENTS_MANAGE).
    async fn department_create(
        &self,
        ctx: &Context<'_>,
        input: DepartmentCreateInput,
    ) -> async_graphql::Result<DepartmentCreatePayload> {
        let caller = tenant(ctx)?;
        let verb = Create {
            parent: input.parent_id.as_ref().map(parse).transpose()?,
            name: input.name,
            order_number: input.order_number,
        };
        let created = directory::department_create(caller, &verb).await;
        Ok(match refused(created, language(ctx))? {
            Ok(department) => DepartmentCreatePayload {
                problem: None,
                department: Some(Department::new(department)),
            },
            Err(problem) => DepartmentCreatePayload {
                problem: Some(problem),
                department: None,
            },
        })
    }

    /// Renames, orders or moves a department (DEPARTMENTS_MANAGE).
    async fn department_update(
        &self,
        ctx: &Context<'_>,
        input: DepartmentUpdateInput,
    ) -> async_graphql::Result<DepartmentUpdatePayload> {
        let caller = tenant(ctx)?;
        let parent = match &input.parent_id {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(id) => Some(Some(parse(id)?)),
        };
        let verb = Update {
            id: parse(&input.id)?,
            name: input.name,
            order_number: input.order_number,
            parent,
        };
        let updated = directory::department_update(caller, &verb).await;
        Ok(match refused(updated, language(ctx))? {
            Ok(department) => DepartmentUpdatePayload {
                problem: None,
                department: Some(Department::new(department)),
            },
            Err(problem) => DepartmentUpdatePayload {
                problem: Some(problem),
                department: None,
            },
        })
    }

    /// Deletes a department without members and departments below it (DIR-07; DEPARTMENTS_MANAGE).
    async fn department_delete(
        &self,
        ctx: &Context<'_>,
        input: DepartmentDeleteInput,
    ) -> async_graphql::Result<DepartmentDeletePayload> {
        let deleted = directory::department_delete(tenant(ctx)?, parse(&input.id)?).await;
        Ok(match refused(deleted, language(ctx))? {
            Ok(()) => DepartmentDeletePayload {
                problem: None,
                department_id: Some(input.id),
            },
            Err(problem) => DepartmentDeletePayload {
                problem: Some(problem),
                department_id: None,
            },
        })
    }
}
